"""What an agent's desk is told of a call: the number's past, the draft so far, the form."""

from datetime import datetime, tzinfo
from typing import Any

from pydantic import Field

from api.schemas.calls import EXAMPLE_CALL, CallAnswer
from api.schemas.rules import GroundAnswer
from api.schemas.shapes import Input, Output, ShortText, Text, example, input_example, local
from api.schemas.suspensions import (
    EXAMPLE_MEASURE,
    EXAMPLE_SUSPENSION,
    MeasureAnswer,
    SuspensionAnswer,
)
from api.schemas.tickets import EXAMPLE_FIELD, View
from domain.accounts.masking import mask_text
from domain.drafting.template import Wanted
from domain.tickets.category import Category
from services.screen_pop import OpenTicket, ScreenPop
from services.splitting import OtherMatter

EXAMPLE_OPEN: dict[str, Any] = {
    "ticket_id": "261121557010",
    "category": "投诉",
    "title": "路灯不亮",
    "created_at": "2026-11-21T15:28:21+08:00",
    "state": "dispatched",
    "secret": False,
}
EXAMPLE_GROUND: dict[str, Any] = {
    "code": "petition",
    "article": "第九条",
    "action": "TELL_CHANNEL",
    "ends": "refused",
    "script": "此事已经进入信访程序，请通过信访程序提出。",
    "needs": [],
}
EXAMPLE_WANTED = {"field": "address", "question": "请问事情发生在什么地方？", "own": False}


class OpenTicketAnswer(Output):
    """`secret`: its requester asked for it, so its title is empty here."""

    model_config = example(**EXAMPLE_OPEN)
    ticket_id: str
    category: str
    title: str
    created_at: datetime
    state: str = Field(description="Of the case; empty while it is a draft")
    secret: bool

    @classmethod
    def of(cls, found: OpenTicket, view: View) -> "OpenTicketAnswer":
        title = found.row.title or found.row.summary
        shown = title if view.clear else mask_text(title)
        return cls(
            ticket_id=found.row.id,
            category=found.row.category,
            title="" if found.secret else shown,
            created_at=local(found.row.created_at, view.zone),
            state=found.state,
            secret=found.secret,
        )


class PopAnswer(Output):
    """Newest first, a year back."""

    model_config = example(
        call=EXAMPLE_CALL,
        withheld=False,
        calls=[EXAMPLE_CALL],
        tickets=[EXAMPLE_OPEN],
        abandoned=0,
        measures=[EXAMPLE_MEASURE],
        suspensions=[EXAMPLE_SUSPENSION],
    )
    call: CallAnswer
    withheld: bool = Field(description="The number is withheld: nothing is known of it")
    calls: list[CallAnswer]
    tickets: list[OpenTicketAnswer]
    abandoned: int = Field(description="Times the number gave up waiting in the last seven days")
    measures: list[MeasureAnswer]
    suspensions: list[SuspensionAnswer] = Field(description="Proposed or in force")

    @classmethod
    def of(cls, found: ScreenPop, view: View, now: datetime) -> "PopAnswer":
        zone: tzinfo = view.zone
        return cls(
            call=CallAnswer.of(found.call, view),
            withheld=found.withheld,
            calls=[CallAnswer.of(row, view) for row in found.calls],
            tickets=[OpenTicketAnswer.of(one, view) for one in found.tickets],
            abandoned=found.abandoned,
            measures=[MeasureAnswer.of(row, zone) for row in found.measures],
            suspensions=[SuspensionAnswer.of(row, zone, now) for row in found.suspensions],
        )


class DraftNowAnswer(Output):
    """The draft of what was said until now; `ticket_id` is stored when the call has ended."""

    model_config = example(
        ticket_id="261122557010", fields={"address": EXAMPLE_FIELD}, utterances=4
    )
    ticket_id: str
    fields: dict[str, Any] = Field(description="As those of a ticket")
    utterances: int = Field(description="How many utterances it rests on")


class WantedAnswer(Output):
    """A field of the form, and how to ask for it; `own`: the topic's, not every request's."""

    model_config = example(**EXAMPLE_WANTED)
    field: str
    question: str
    own: bool

    @classmethod
    def of(cls, wanted: Wanted) -> "WantedAnswer":
        return cls(field=wanted.field, question=wanted.question, own=wanted.own)


class GroundsAnswer(Output):
    model_config = example(city="hangzhou", grounds=[EXAMPLE_GROUND])
    city: str
    grounds: list[GroundAnswer]


class TemplateAnswer(Output):
    model_config = example(wanted=[EXAMPLE_WANTED])
    wanted: list[WantedAnswer]


class SplitInput(Input):
    """Another matter of the same call; `version` is the one you had of the first ticket."""

    model_config = input_example(version=1, category="求助", title="申请加装路灯", summary="")
    version: int = Field(ge=1, le=2**31 - 1)
    category: Category | None = Field(default=None, description="Default: the first ticket's")
    title: ShortText = Field(min_length=2)
    summary: Text = ""

    def matter(self) -> OtherMatter:
        category = "" if self.category is None else self.category.value
        return OtherMatter(self.version, category, self.title, self.summary)
