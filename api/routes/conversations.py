"""/seats/…: what an agent does with the conversation of the seat, and supervisors with others'."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.routes.seats import ordered
from api.schemas.conversations import (
    FetchInput,
    LegAnswer,
    ListenInput,
    MuteInput,
    NumberInput,
    ParkedAnswer,
    TakeOverInput,
    ThreeWayInput,
    TransferInput,
)
from api.schemas.failure import failures
from api.schemas.seats import SeatId
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down

router = APIRouter(
    prefix="/seats",
    tags=["conversations"],
    dependencies=SCHEMES,
    responses=failures(401, 403, 404, 409, 422, 503),
)
Worker = Annotated[Principal, Depends(Require(Permission.SEAT_WORK))]
Back = Annotated[bool, Query(description="The caller comes back when the others have hung up")]
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]


@router.post("/{seat}/three-way", summary="Bring a third party in")
async def three_way(
    seat: SeatId, given: ThreeWayInput, principal: Worker, backend: BackendHere
) -> LegAnswer:
    """110, 119, 120, 122, a seat or a unit joins; hears the briefing first; all is recorded."""
    values = given.model_dump()
    return LegAnswer(**await ordered(backend, principal, "three_way", seat=seat, **values))


@router.post("/{seat}/consult", summary="Ask somebody while the caller hears music")
async def consult(
    seat: SeatId, given: NumberInput, principal: Worker, backend: BackendHere
) -> LegAnswer:
    """Go on with `bring-in`, `leave` (attended transfer) or `dismiss`."""
    return LegAnswer(**await ordered(backend, principal, "consult", seat=seat, number=given.number))


@router.post("/{seat}/bring-in", summary="The caller joins")
async def bring_in(seat: SeatId, principal: Worker, backend: BackendHere) -> LegAnswer:
    """After `consult`: everybody talks with everybody."""
    return LegAnswer(**await ordered(backend, principal, "bring_in", seat=seat))


@router.post("/{seat}/leave", summary="The agent leaves, the others talk on")
async def leave(
    seat: SeatId, principal: Worker, backend: BackendHere, back: Back = False
) -> LegAnswer:
    """After `three-way` or `consult`."""
    return LegAnswer(**await ordered(backend, principal, "leave", seat=seat, back=back))


@router.post("/{seat}/dismiss", summary="The third party leaves")
async def dismiss(seat: SeatId, principal: Worker, backend: BackendHere) -> LegAnswer:
    """The caller and the agent talk on."""
    return LegAnswer(**await ordered(backend, principal, "dismiss", seat=seat))


@router.post("/{seat}/transfer", summary="Hand the caller over")
async def transfer(
    seat: SeatId, given: TransferInput, principal: Worker, backend: BackendHere
) -> LegAnswer:
    """To a seat (then to its queue, if nobody answers there) or to a queue."""
    values = given.model_dump()
    return LegAnswer(**await ordered(backend, principal, "transfer", seat=seat, **values))


@router.post("/{seat}/park", summary="Put the caller aside")
async def park(seat: SeatId, principal: Worker, backend: BackendHere) -> LegAnswer:
    """The caller hears music until somebody fetches the call; ten minutes at most."""
    return LegAnswer(**await ordered(backend, principal, "park", seat=seat))


@router.post("/{seat}/fetch", summary="Fetch a parked call")
async def fetch(
    seat: SeatId, given: FetchInput, principal: Worker, backend: BackendHere
) -> LegAnswer:
    """It rings at this seat, before all other callers."""
    return LegAnswer(**await ordered(backend, principal, "fetch", seat=seat, call_id=given.call_id))


@router.get("/conversations/parked", summary="Parked calls")
async def parked(principal: Worker, backend: BackendHere) -> ParkedAnswer:
    """Each with the seat that parked it."""
    return ParkedAnswer(**await ordered(backend, principal, "parked"))


@router.put("/{seat}/mute", summary="Silence the agent")
async def mute(
    seat: SeatId, given: MuteInput, principal: Worker, backend: BackendHere
) -> LegAnswer:
    """The caller, and the recording, do not hear the agent until it is taken back."""
    return LegAnswer(**await ordered(backend, principal, "mute", seat=seat, on=given.on))


@router.put("/{seat}/privacy", summary="Record nothing for a while")
async def privacy(
    seat: SeatId, given: MuteInput, principal: Worker, backend: BackendHere
) -> LegAnswer:
    """While identity or card numbers are said: both voices are silent in the recording.

    Live recognition hears nothing either. Two minutes at most; ends with the conversation. On a
    telephone: *7.
    """
    return LegAnswer(**await ordered(backend, principal, "privacy", seat=seat, on=given.on))


@router.post("/{seat}/listen", summary="Listen, whisper or speak")
async def listen(
    seat: SeatId, given: ListenInput, principal: Supervisor, backend: BackendHere
) -> LegAnswer:
    """The supervisor's own seat rings. Audited."""
    answer = await ordered(backend, principal, "listen_in", seat=seat, how=given.how)
    await _audited(backend, principal, f"seat.{given.how}", seat, given.reason)
    return LegAnswer(**answer)


@router.post("/{seat}/take-over", summary="Take the caller over")
async def take_over(
    seat: SeatId, given: TakeOverInput, principal: Supervisor, backend: BackendHere
) -> LegAnswer:
    """The caller rings at the supervisor's own seat. Audited."""
    answer = await ordered(backend, principal, "take_over", seat=seat)
    await _audited(backend, principal, "seat.take_over", seat, given.reason)
    return LegAnswer(**answer)


async def _audited(
    backend: BackendHere, principal: Principal, action: str, seat: str, reason: str
) -> None:
    async with backend.database.transaction() as session:
        deed = Deed(action, "seat", seat, reason)
        write_down(session, principal.actor, deed, now=backend.clock())
