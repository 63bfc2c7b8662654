"""What an agent sees of a number before the call is answered: its past, what to beware of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.callers.suspension import SuspensionStatus
from domain.drafting.wishes import YES
from services.draft_matches import OPEN_STATES
from services.suspensions import NUMBERLESS, status_of
from storage.repositories.calls import CallFilter, Calls
from storage.repositories.cases import Cases
from storage.repositories.suspensions import ConductMeasures, Suspensions
from storage.repositories.tickets import TicketFilter, Tickets
from storage.tables.call import CallRow
from storage.tables.conduct_measure import ConductMeasureRow
from storage.tables.suspension import SuspensionRow
from storage.tables.ticket import TicketRow

REACHES_BACK = timedelta(days=365)
MOST = 8
ABANDONED = "abandoned"
COUNTED = timedelta(days=7)


@dataclass(frozen=True)
class OpenTicket:
    """``state``: of the case, "" while it is a draft. ``secret``: its requester asked for it."""

    row: TicketRow
    state: str
    secret: bool


@dataclass(frozen=True)
class ScreenPop:
    """``abandoned``: how often this number gave up waiting in the last seven days."""

    call: CallRow
    withheld: bool
    calls: Sequence[CallRow]
    tickets: Sequence[OpenTicket]
    abandoned: int
    measures: Sequence[ConductMeasureRow]
    suspensions: Sequence[SuspensionRow]


async def screen_pop(session: AsyncSession, call_id: str, *, now: datetime) -> ScreenPop:
    """Everything known of the caller's number. Raises `CallNotFound`.

    Of a withheld number nothing is known: not of the others who withhold theirs.
    """
    call = await Calls(session).get(call_id)
    if call.caller.lower() in NUMBERLESS:
        return ScreenPop(call, True, (), (), 0, (), ())
    wanted = CallFilter(caller=call.caller, started_from=now - REACHES_BACK)
    page = await Calls(session).page(wanted, after=None, limit=MOST + 1)
    earlier = [row for row in page.rows if row.id != call_id][:MOST]
    suspensions = await Suspensions(session).of_caller(call.caller)
    in_force = (SuspensionStatus.PROPOSED, SuspensionStatus.IN_FORCE)
    return ScreenPop(
        call,
        False,
        earlier,
        await _open_tickets(session, call),
        sum(row.outcome == ABANDONED and row.started_at > now - COUNTED for row in earlier),
        await ConductMeasures(session).of_caller(call.caller),
        [row for row in suspensions if status_of(row, now) in in_force],
    )


async def _open_tickets(session: AsyncSession, call: CallRow) -> list[OpenTicket]:
    wanted = TicketFilter(caller=call.caller)
    page = await Tickets(session).page(wanted, after=None, limit=4 * MOST)
    found = []
    for row in page.rows:
        case = await Cases(session).find(row.id)
        is_open = case is None or case.state in {state.value for state in OPEN_STATES}
        if is_open and row.status.value != "discarded" and row.call_id != call.id:
            found.append(OpenTicket(row, case.state if case else "", wants_secrecy(row.fields)))
    return found[:MOST]


def wants_secrecy(fields: Mapping[str, object]) -> bool:
    """Whether the requester asked that nobody learns of the request."""
    field = fields.get("wants_secrecy")
    return (field.get("value") if isinstance(field, dict) else field) == YES
