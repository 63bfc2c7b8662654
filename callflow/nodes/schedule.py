"""The `schedule` node: hours, holidays, make-up days, one-off days and switches choose the way."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from callflow.commands import Ask, Command
from callflow.events import Event, Failed, Known
from callflow.nodes.base import (
    About,
    By,
    Exit,
    Label,
    Leaving,
    NodeBase,
    Scene,
    UnexpectedEvent,
)
from domain.calendar.table import SATURDAY, Calendar, OutsideCalendar, state_council

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Day = Literal["any", "workday", "dayoff", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Slot(BaseModel):
    """Hours of some days. ``workday`` counts make-up days, ``dayoff`` public holidays too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: tuple[Day, ...] = Field(min_length=1)
    from_: Clock = Field(default="00:00", alias="from")
    until: Clock = "24:00"
    to: str

    @model_validator(mode="after")
    def _from_comes_first(self) -> Self:
        if self.from_ >= self.until:
            raise ValueError(f"from {self.from_} is not before until {self.until}")
        return self

    def fits(self, weekday: str, *, working: bool, clock: str) -> bool:
        kinds = {"any", weekday, "workday" if working else "dayoff"}
        return bool(kinds & set(self.days)) and self.from_ <= clock < self.until


class OneOff(BaseModel):
    """A whole day that is different."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date
    to: str


class Switched(BaseModel):
    """While this switch is on, the call goes there whatever the hour."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    switch: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    to: str


class ScheduleNode(NodeBase):
    about: ClassVar = About(
        "时间安排",
        "Schedule",
        "先看开关（如恶劣天气），再看特别日期，再按时段；节假日与调休按国家放假表。",
        "Switches first (bad weather), then one-off days, then hours; holidays and make-up days.",
        "logic",
    )
    example: ClassVar = {
        "type": "schedule",
        "slots": [{"days": ["workday"], "from": "08:30", "until": "17:30", "to": "people"}],
        "days": [{"on": "2027-02-06", "to": "night"}],
        "switches": [{"switch": "bad-weather", "to": "weather"}],
        "otherwise": "night",
        "failed": "people",
    }

    type: Literal["schedule"] = "schedule"
    slots: Annotated[tuple[Slot, ...], Exit("时段", "Hours"), Field(min_length=1, max_length=50)]
    days: Annotated[
        tuple[OneOff, ...], Exit("特别日期", "One-off days"), Field(max_length=100)
    ] = ()
    switches: Annotated[tuple[Switched, ...], Exit("开关", "Switches"), Field(max_length=10)] = ()
    calendar: Annotated[Literal["national"], Label("放假表", "Calendar of holidays")] = "national"
    otherwise: Annotated[str, Exit("其他时间", "At other times")] = ""
    failed: Annotated[str, Exit("查询开关失败", "Switches cannot be read", By.ERROR)] = ""

    @model_validator(mode="after")
    def _look_ups_may_fail(self) -> Self:
        if self.switches and not self.failed:
            raise ValueError("switches are looked up: an edge `failed` is wanted")
        return self

    def decide(self, scene: Scene) -> Leaving | None:
        return None if self.switches else Leaving(self.by_time(scene.now))

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        return (Ask("switches", {}),)

    def leave(self, event: Event, scene: Scene) -> Leaving:
        match event:
            case Known(values):
                on = [one.to for one in self.switches if values.get(f"switch.{one.switch}") is True]
                return Leaving(on[0] if on else self.by_time(scene.now))
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)

    def by_time(self, now: datetime) -> str:
        """Where the call goes at this local time, all switches off."""
        for one in self.days:
            if one.on == now.date():
                return one.to
        clock = now.strftime("%H:%M")
        working = _working(state_council(), now.date())
        for slot in self.slots:
            if slot.fits(WEEKDAYS[now.weekday()], working=working, clock=clock):
                return slot.to
        return self.otherwise or self.slots[0].to

    def gaps(self) -> list[str]:
        """Stretches of a week that no slot covers, in words; none if there is an `otherwise`."""
        if self.otherwise:
            return []
        return [
            f"{day} {'上班 workday' if working else '休息 day off'} {since}–{until}"
            for day in WEEKDAYS
            for working in (True, False)
            for since, until in self._uncovered(day, working=working)
        ]

    def _uncovered(self, day: str, *, working: bool) -> Iterator[tuple[str, str]]:
        edges = sorted(
            {"00:00", "24:00", *(s.from_ for s in self.slots), *(s.until for s in self.slots)}
        )
        for since, until in pairwise(edges):
            if not any(slot.fits(day, working=working, clock=since) for slot in self.slots):
                yield since, until


def _working(calendar: Calendar, day: date) -> bool:
    try:
        return calendar.is_working(day)
    except OutsideCalendar:
        return day.weekday() < SATURDAY
