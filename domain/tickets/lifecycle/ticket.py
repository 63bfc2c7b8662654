"""What is known of a ticket at one moment, and the chain of everything that happened to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from domain.cities.ids import Category, Urgency
from domain.tickets.lifecycle.states import ENDS, State, Verb

_FLAT = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, at a timezone-aware moment; `fields` as read by fields.py."""

    at: datetime
    verb: Verb
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Clock:
    """A running (`stopped` is None) or ended time limit."""

    name: str
    started: datetime
    due: datetime
    provisional: bool
    article: str
    limit: str
    stopped: datetime | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """What somebody has to do; `must` False: may be done, somebody decides."""

    who: str
    what: str
    by: datetime | None
    article: str
    must: bool = True


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that must happen outside the ticket: whoever runs the engine carries it out.

    `kind`: catalogue, notice, sms, push, referral or report_up; `about` holds plain values.
    """

    at: datetime
    kind: str
    to: str
    what: str
    article: str
    about: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history; `seal` covers this line and, through the line before, all earlier."""

    at: datetime
    what: str
    by: str
    article: str
    reason: str
    event: Event | None
    seal: str


@dataclass(frozen=True, slots=True)
class Rating:
    at: datetime
    axis: str
    level: str


@dataclass
class Ticket:
    """The state derived from a history.

    A step works on a copy (`engine.step`): nobody changes a ticket that somebody else holds.
    """

    state: State = State.NEW
    category: Category = Category.OTHER
    urgency: Urgency = Urgency.GENERAL
    requester: Mapping[str, object] = field(default_factory=dict)
    registered_at: datetime | None = None
    received_at: datetime | None = None
    replied_at: datetime | None = None
    closed_at: datetime | None = None
    unit: str = ""
    assist: tuple[str, ...] = ()
    district: str = ""  # the district's responsible unit, where a ticket goes two steps down
    assignments: int = 0
    designated: bool = False
    signed: bool = False
    by_silence: bool = False
    return_refused_to: str = ""
    feedback_by: datetime | None = None
    statutory_by: datetime | None = None
    extensions: int = 0
    extension_asked: int | None = None  # working days asked for, undecided
    explained: bool = False  # late, and the reasons were given
    asked_for_data: bool = False
    close_as: State = State.CLOSED
    told: bool = False  # evidence that the requester was told is on file
    false_handling: bool = False
    reworks: int = 0
    negative: bool = False  # the last visit or rating was
    ratings: tuple[Rating, ...] = ()
    blocked: bool = False  # a duty opinion stands: repeats are not dispatched any more
    exempted: str = ""
    supervised: int = 0
    overdue_seen: bool = False
    withdrawing: bool = False
    upstream: bool = False
    duplicate_of: str = ""
    secret: bool = False  # touches secrets: its progress is not told
    keys: Mapping[str, object] = field(default_factory=dict)  # what the dispatch went by
    effects: tuple[Effect, ...] = ()
    clocks: dict[str, Clock] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    history: tuple[Entry, ...] = ()

    @property
    def ended(self) -> bool:
        return self.state in ENDS

    def copy(self) -> "Ticket":
        """Another ticket with the same content; its clocks and obligations are its own."""
        own = Ticket.__new__(Ticket)
        # copy.copy() takes six times as long, and every event copies once.
        own.__dict__.update(self.__dict__)
        own.clocks, own.obligations = dict(self.clocks), dict(self.obligations)
        return own


class Refused(Exception):
    """The rules do not allow an event; nothing changed. `article` says where that stands."""

    def __init__(self, reason: str, article: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(f"{article}: {reason}")
        self.reason = reason
        self.article = article
        self.allowed = allowed


class Incomplete(Refused):
    """The event lacks what the article demands; with it, the event would be allowed."""


def seal(before: str, entry: tuple[datetime, str, str, str, str], event: Event | None) -> str:
    """The hash of one line of history and of the line before it."""
    at, what, by, article, reason = entry
    told = None if event is None else (event.verb, event.fields)
    # As JSON, so that nothing can move from one part of the line into the next unseen.
    line = _FLAT.encode((before, at.isoformat(), what, by, article, reason, told))
    return sha256(line.encode()).hexdigest()


def broken_at(history: tuple[Entry, ...]) -> int | None:
    """The index of the first line that was edited, put in or has lost a neighbour; else None."""
    before = ""
    for index, line in enumerate(history):
        content = (line.at, line.what, line.by, line.article, line.reason)
        if line.seal != seal(before, content, line.event):
            return index
        before = line.seal
    return None
