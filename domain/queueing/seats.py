"""What is known of each seat and each waiting caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.queueing.states import SeatEvent, SeatState

GENERAL = "general"


class SeatKind(StrEnum):
    GENERAL = "general"  # 综合坐席
    ENTERPRISE = "enterprise"  # 企业坐席
    FOREIGN = "foreign"  # 外语坐席
    DIALECT = "dialect"  # 方言坐席
    MEDICAL = "medical"  # 医保坐席
    LABOUR = "labour"  # 人社坐席
    HOUSING = "housing"  # 公积金坐席
    EXPERT = "expert"  # 专家坐席: by roster
    LEADER = "leader"  # 领导接听: booked windows


@dataclass(frozen=True)
class Profile:
    """What a seat can serve. ``skills``: name → level, 1 (knows some) to 5 (knows all).

    ``wrap_up``: time for writing after each conversation. ``missed_pause``: how long a seat that
    let it ring is paused; None: until the agent says that he is back. ``team``: whose figures the
    agent's count among, ``""``: none.
    """

    kind: SeatKind = SeatKind.GENERAL
    queues: tuple[str, ...] = (GENERAL,)
    skills: Mapping[str, int] = field(default_factory=dict)
    wrap_up: timedelta = timedelta(0)
    missed_pause: timedelta | None = None
    team: str = ""


@dataclass(frozen=True)
class Seat:
    """One agent's place. ``since``: aware time at which ``state`` began.

    ``idle_since``: when the agent last became idle. A call that gave up while it rang here does not
    reset it; a call that the agent let ring does, or an empty chair would ring for every caller.
    ``call_id``: the call that rings or talks here, else None. ``afterwards``: what the seat becomes
    when its conversation ends, if asked for meanwhile. ``until``: when wrap-up or a pause ends by
    itself. ``busy_s``: seconds in calls since login, for `Selection.LEAST_OCCUPIED`.
    """

    seat_id: str
    state: SeatState
    since: datetime
    idle_since: datetime
    profile: Profile = field(default_factory=Profile)
    agent: str = ""
    reason: str = ""
    call_id: str | None = None
    afterwards: SeatEvent | None = None
    afterwards_reason: str = ""
    until: datetime | None = None
    busy_s: float = 0.0


@dataclass(frozen=True)
class Caller:
    """One call that waits. A higher ``priority`` goes first, then the longer wait.

    ``needs``: skill → least level. ``wants``: a seat asked for by name, tried alone until
    ``wants_until``. ``last_seat``: who spoke with this caller before.
    ``rung``: seats that rang for this call without an answer, in order, the latest last.
    ``moved``: queues that this caller has left by overflow.
    """

    call_id: str
    waiting_since: datetime
    priority: int = 0
    rung: tuple[str, ...] = ()
    queue: str = GENERAL
    needs: Mapping[str, int] = field(default_factory=dict)
    wants: str = ""
    wants_until: datetime | None = None
    last_seat: str = ""
    moved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Why:
    """Why this seat: the ready seats in order of preference, their scores, the rule that decided.

    A score is what the rule compares: seconds idle, or share of the time spent in calls.
    ``queue`` is that of the caller; ``waited_s`` and ``relaxed``: how long it waited, and which
    step of the queue's relaxations held. At most `MOST_NAMED` seats are named.
    """

    rule: str
    candidates: tuple[str, ...]
    scores: tuple[float, ...] = ()
    queue: str = GENERAL
    waited_s: float = 0.0
    relaxed: int = 0


MOST_NAMED = 8


@dataclass(frozen=True)
class Assignment:
    """Ring this seat for this call."""

    call_id: str
    seat_id: str
    why: Why


@dataclass(frozen=True)
class Transition:
    """One change of a seat's state, for the log. ``lasted_s``: how long the state before held."""

    seat_id: str
    at: datetime
    before: SeatState
    after: SeatState
    event: SeatEvent
    reason: str = ""
    call_id: str = ""
    agent: str = ""
    lasted_s: float = 0.0
