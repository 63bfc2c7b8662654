"""Shapes of what is done with a running conversation."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.seats import QueueName, SeatId
from api.schemas.shapes import CallId, Input, Output, Reason, Text, example, input_example

Number = Annotated[str, Field(pattern=r"^[0-9]{2,16}$", examples=["110"])]


class NumberInput(Input):
    model_config = input_example(number="1003")
    number: Number


class ThreeWayInput(Input):
    model_config = input_example(number="110", briefing="文一路一号，有人受伤")
    number: Number
    briefing: Annotated[Text, Field(max_length=200)] = Field(
        default="", description="Address and summary: said to the third party before it joins"
    )


class TransferInput(Input):
    model_config = input_example(to_seat="1003", to_queue=None)
    to_seat: SeatId | None = None
    to_queue: QueueName | None = None


class FetchInput(Input):
    model_config = input_example(call_id="hl1-1763843556.12")
    call_id: CallId


class MuteInput(Input):
    model_config = input_example(on=True)
    on: bool


class ListenInput(Input):
    model_config = input_example(how="listen", reason="新话务员带教")
    how: Literal["listen", "whisper", "barge"]
    reason: Reason


class TakeOverInput(Input):
    model_config = input_example(reason="来电人要求班长接听")
    reason: Reason


class LegAnswer(Output):
    model_config = example(leg="leg-0f1e2d3c4b5a6978")
    leg: str = Field(description="The new leg, or the parked call; empty where there is none")


class ParkedAnswer(Output):
    model_config = example(parked={"hl1-1763843556.12": "1001"})
    parked: dict[str, str]
