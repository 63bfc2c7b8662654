"""One event being applied: what the phases read, and the few ways in which they change a ticket."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from domain.calendar.limit import Limit, Unit, due
from domain.calendar.table import Calendar
from domain.cities.rules import ENGINE_DEFAULT, Rules, Stated
from domain.tickets.lifecycle.states import FOLLOWS, State
from domain.tickets.lifecycle.ticket import (
    Clock,
    Effect,
    Entry,
    Event,
    Incomplete,
    Obligation,
    Refused,
    Ticket,
    seal,
)

HOTLINE, REQUESTER = "12345热线", "诉求人"
# Duties with a time of their own, which only by chance is that of a clock.
_OWN_TIME = frozenset({"report", "report_up", "supplement"})


@dataclass(frozen=True, slots=True)
class Act:
    ticket: Ticket
    rules: Rules
    calendar: Calendar
    event: Event

    @property
    def at(self) -> datetime:
        return self.event.at

    # --- what the event says ------------------------------------------------------------

    def text(self, name: str) -> str:
        value = self.event.fields.get(name)
        return value if isinstance(value, str) else ""

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.event.fields.get(name)
        return value if isinstance(value, bool) else default

    def number(self, name: str) -> int | None:
        value = self.event.fields.get(name)
        return value if isinstance(value, int) else None

    def moment(self, name: str) -> datetime | None:
        value = self.event.fields.get(name)
        return value if isinstance(value, datetime) else None

    def words(self, name: str) -> tuple[str, ...]:
        value = self.event.fields.get(name)
        return tuple(str(word) for word in value) if isinstance(value, (list, tuple)) else ()

    def form(self, name: str) -> dict[str, object] | None:
        value = self.event.fields.get(name)
        return value if isinstance(value, dict) else None

    def gives(self, name: str) -> bool:
        """True if the event says anything under `name`, or lists it among its documents."""
        value = self.event.fields.get(name)
        said = value.strip() if isinstance(value, str) else value
        return bool(said) or name in self.words("documents")

    def require(self, names: tuple[str, ...], article: str) -> None:
        missing = [name for name in names if not self.gives(name)]
        if missing:
            raise Incomplete(f"缺少 missing: {', '.join(missing)}", article, tuple(missing))

    # --- what the rules say -------------------------------------------------------------

    def refuse(self, reason: str, article: str, allowed: tuple[str, ...] = ()) -> NoReturn:
        if article == ENGINE_DEFAULT:
            reason = f"{reason}（本市文本未规定，按引擎缺省 the text is silent）"
        raise Refused(reason, article, allowed)

    # --- changes ------------------------------------------------------------------------

    def move(self, wanted: State) -> None:
        if wanted not in FOLLOWS[self.ticket.state]:
            self.refuse(f"{self.ticket.state} 之后不能 {wanted}", ENGINE_DEFAULT)
        self.ticket.state = wanted

    def note(self, what: str, reason: str, article: str, by: str = "rules") -> None:
        """A line of history about something that follows from the event."""
        write(self.ticket, self.at, (what, by, article, reason))

    def start(self, name: str, limit: Limit, article: str, since: datetime | None = None) -> None:
        started = since or self.at
        if limit.unit is Unit.NATURAL_DAYS and self.rules.natural_day.value == "rolling_24h":
            limit = Limit(24 * limit.count, Unit.HOURS)
        end = due(limit, started, self.calendar)
        self.set_clock(Clock(name, started, end.at, end.provisional, article, str(limit)))

    def start_stated(self, name: str, stated: Stated[Limit | None]) -> None:
        """Start a clock if the city has a limit for it."""
        if stated.value is not None:
            self.start(name, stated.value, stated.article)

    def set_clock(self, clock: Clock, reason: str = "") -> None:
        """Start or move a clock; moving one is written into the history with its reason."""
        old = self.ticket.clocks.get(clock.name)
        if old and (old.due != clock.due or old.started != clock.started):
            told = reason or f"因 {self.event.verb} 重新起算"
            self.note(f"clock:{clock.name}", f"{told}：{old.due} → {clock.due}", clock.article)
            for key, duty in self.ticket.obligations.items():
                if duty.by == old.due and key not in _OWN_TIME:
                    self.ticket.obligations[key] = replace(duty, by=clock.due)
        self.ticket.clocks[clock.name] = clock

    def stop(self, *names: str, at: datetime | None = None) -> None:
        for name in names:
            clock = self.ticket.clocks.get(name)
            if clock and clock.stopped is None:
                self.ticket.clocks[name] = replace(clock, stopped=at or self.at)

    def resume(self, name: str) -> None:
        clock = self.ticket.clocks.get(name)
        if clock:
            self.ticket.clocks[name] = replace(clock, stopped=None)

    def due(self, name: str) -> datetime | None:
        """When a running clock ends."""
        clock = self.ticket.clocks.get(name)
        return clock.due if clock and clock.stopped is None else None

    def effect(self, kind: str, to: str, told: tuple[str, str], about: dict[str, object]) -> None:
        """Ask for something outside the ticket; `told`: what, and the article."""
        made = Effect(self.at, kind, to, *told, about)
        self.ticket.effects += (made,)

    def owe(self, key: str, obligation: Obligation) -> None:
        self.ticket.obligations[key] = obligation

    def done(self, *keys: str) -> None:
        for key in keys:
            self.ticket.obligations.pop(key, None)

    def end(self, state: State) -> None:
        """Nothing is left to do: all clocks stop, all duties end."""
        self.move(state)
        self.stop(*self.ticket.clocks)
        self.ticket.obligations.clear()


def write(
    ticket: Ticket, at: datetime, line: tuple[str, str, str, str], event: Event | None = None
) -> None:
    """Append (what, by, article, reason) to the history."""
    what, by, article, reason = line
    before = ticket.history[-1].seal if ticket.history else ""
    sealed = seal(before, (at, what, by, article, reason), event)
    ticket.history += (Entry(at, what, by, article, reason, event, sealed),)
