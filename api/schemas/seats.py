"""Shapes of /seats."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from api.schemas.shapes import Input, Output, ShortText, example, input_example
from domain.queueing.seats import GENERAL, Profile, SeatKind

SeatId = Annotated[str, Field(pattern=r"^[0-9]{2,16}$", examples=["1001"])]
QueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$", examples=["general"])]


SEAT: dict[str, Any] = {
    "seat": "1001",
    "state": "ready",
    "since": "2026-11-23T09:00:00+08:00",
    "agent": "li",
    "reason": "",
    "device": "browser",
    "telephone": "free",
    "kind": "general",
    "queues": ["general"],
    "skills": {"english": 3},
    "call_id": None,
    "until": None,
    "afterwards": None,
}
PHONE: dict[str, Any] = {
    "user": "w1001",
    "password": "generated",
    "uri": "sip:w1001@127.0.0.1",
    "socket": "ws://127.0.0.1:8088/ws",
    "expires_at": "2026-11-23T21:00:00+08:00",
}


class LoginInput(Input):
    model_config = input_example(device="browser")
    device: Literal["phone", "browser"] = "browser"


class StateInput(Input):
    model_config = input_example(state="paused", reason="meal")
    state: Literal["ready", "paused"]
    reason: ShortText = Field(default="", description="Of a pause: break, meal, training …")
    expected: ShortText | None = Field(
        default=None, description="The state the page shows; refused where it is another by now"
    )


class WrapUpInput(Input):
    model_config = input_example(extend_s=60)
    extend_s: Annotated[int, Field(ge=1, le=600)]


class SeatAnswer(Output):
    model_config = example(**SEAT)
    seat: str
    state: str
    since: AwareDatetime
    agent: str
    reason: str
    device: str
    telephone: str = Field(description="free, busy or gone, as the switch says")
    kind: str
    queues: list[str]
    skills: dict[str, int]
    call_id: str | None
    until: AwareDatetime | None = Field(description="When wrap-up or a pause ends by itself")
    afterwards: str | None = Field(description="What was asked for during the conversation")


class SeatList(Output):
    model_config = example(seats=[SEAT], waiting={"hl1-1763843556.12": "2026-11-23T09:00:00+08:00"})
    seats: list[SeatAnswer]
    waiting: dict[str, AwareDatetime] = Field(description="Call → waiting since")


class OwnSeat(Output):
    model_config = example(seat=SEAT, waiting=2)
    seat: SeatAnswer | None = Field(description="null while I am logged out")
    waiting: int = Field(description="Callers in the queues")


class PhoneAnswer(Output):
    """For a SIP user agent in the browser, such as JsSIP."""

    model_config = example(**PHONE)
    user: str
    password: str
    uri: str
    socket: str = Field(description="WebSocket of the switch", examples=["ws://127.0.0.1:8088/ws"])
    expires_at: AwareDatetime


class SeatWithPhone(Output):
    model_config = example(seat=SEAT, phone=PHONE)
    seat: SeatAnswer
    phone: PhoneAnswer | None


class ProfileModel(Input):
    model_config = input_example(
        kind="foreign",
        queues=["general", "foreign"],
        skills={"english": 4},
        wrap_up_s=45,
        team="早班一组",
    )
    kind: SeatKind = SeatKind.GENERAL
    queues: list[QueueName] = Field(default=[GENERAL], min_length=1, max_length=32)
    skills: dict[QueueName, Annotated[int, Field(ge=1, le=5)]] = Field(default={})
    wrap_up_s: Annotated[int, Field(ge=0, le=3600)] = 30
    team: ShortText = ""

    def profile(self) -> Profile:
        wrap_up = timedelta(seconds=self.wrap_up_s)
        return Profile(self.kind, tuple(self.queues), self.skills, wrap_up, team=self.team)

    @classmethod
    def of(cls, profile: Profile) -> "ProfileModel":
        return cls(
            kind=profile.kind,
            queues=list(profile.queues),
            skills=dict(profile.skills),
            wrap_up_s=round(profile.wrap_up.total_seconds()),
            team=profile.team,
        )
