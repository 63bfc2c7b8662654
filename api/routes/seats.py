"""/seats: who works where; agents' own states; telephones in the browser."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.phone_socket import phone_host, phone_socket
from api.schemas.failure import failures
from api.schemas.floor import Alarm, CallBackInput, CallBackMade, HelpInput, MoveInput
from api.schemas.seats import (
    LoginInput,
    OwnSeat,
    PhoneAnswer,
    ProfileModel,
    SeatAnswer,
    SeatId,
    SeatList,
    SeatWithPhone,
    StateInput,
    WrapUpInput,
)
from api.schemas.shapes import ShortText
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down
from services.seats import PROFILE, profile_of, set_profile
from storage.repositories.answers import queue_of
from storage.repositories.calls import Calls

router = APIRouter(
    prefix="/seats", tags=["seats"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Watcher = Annotated[Principal, Depends(Require(Permission.LIVE_WATCH))]
Worker = Annotated[Principal, Depends(Require(Permission.SEAT_WORK))]
Supervisor = Annotated[Principal, Depends(Require(Permission.SEAT_SUPERVISE))]


def account_of(principal: Principal) -> str:
    """The account's name, or the token's."""
    return principal.actor.name.partition(":")[2]


async def ordered(
    backend: Backend, principal: Principal, order: str, **body: object
) -> dict[str, Any]:
    """What the engine answers to an order of this principal."""
    supervises = Permission.SEAT_SUPERVISE in principal.permissions
    asked = {"order": order, "by": account_of(principal), "supervises": supervises, **body}
    return await backend.orders(asked)


@router.get("", summary="Every seat and its state, now")
async def list_seats(principal: Watcher, backend: BackendHere) -> SeatList:
    """As the engine has it; changes come over `/live` as events of the type `seat`."""
    return SeatList.model_validate(await ordered(backend, principal, "seats"))


@router.get("/mine", summary="The seat where I work, now")
async def own_seat(principal: Worker, backend: BackendHere) -> OwnSeat:
    """As the engine has it, for a desk: the list of a thousand seats would be too much."""
    return OwnSeat.model_validate(await ordered(backend, principal, "own_seat"))


@router.post("/{seat}/login", summary="Begin to work at a seat", responses=failures(404, 409, 422))
async def log_in(
    seat: SeatId, given: LoginInput, principal: Worker, backend: BackendHere, request: Request
) -> SeatWithPhone:
    """With the SIP telephone of the seat, or in the browser: then with credentials for it.

    The credentials are generated at each login, known to nobody else, void at logout, at the next
    login and after twelve hours. What the seat serves is the agent's profile.
    """
    async with backend.database.session() as session:
        profile = await profile_of(session, account_of(principal))
    answer = await ordered(
        backend,
        principal,
        "log_in",
        seat=seat,
        device=given.device,
        profile=PROFILE.dump_python(profile, mode="json"),
    )
    return _with_phone(answer, backend, request)


@router.post("/{seat}/phone", summary="New credentials", responses=failures(404, 409, 422))
async def phone(
    seat: SeatId, principal: Worker, backend: BackendHere, request: Request
) -> SeatWithPhone:
    """For a page that was loaded again; those given before are void."""
    return _with_phone(await ordered(backend, principal, "phone", seat=seat), backend, request)


@router.post("/{seat}/logout", summary="Stop working", responses=failures(404, 409, 422))
async def log_out(seat: SeatId, principal: Worker, backend: BackendHere) -> SeatAnswer:
    """During a conversation: after it."""
    answer = await ordered(backend, principal, "log_out", seat=seat)
    return SeatAnswer.model_validate(answer["seat"])


@router.put("/{seat}/state", summary="Ready or paused", responses=failures(404, 409, 422))
async def set_state(
    seat: SeatId, given: StateInput, principal: Worker, backend: BackendHere
) -> SeatAnswer:
    """During a conversation it is noted for its end. Supervisors may change any seat's: audited.

    With `expected` a page that shows an old state is refused instead of undoing what was new.
    """
    answer = SeatAnswer.model_validate(
        (await ordered(backend, principal, "state", seat=seat, **given.model_dump()))["seat"]
    )
    if answer.agent != account_of(principal):
        deed = Deed("seat.state", "seat", seat, given.reason, {"state": given.state})
        await _audited(backend, principal, deed)
    return answer


@router.put(
    "/{seat}/queues", summary="Move an agent between queues", responses=failures(404, 409, 422)
)
async def move(
    seat: SeatId, given: MoveInput, principal: Supervisor, backend: BackendHere
) -> SeatAnswer:
    """Until the agent logs in again; `PUT /seats/profiles/…` is for good. At once; audited."""
    answer = await ordered(backend, principal, "move", seat=seat, queues=given.queues)
    deed = Deed("seat.move", "seat", seat, detail={"queues": given.queues})
    await _audited(backend, principal, deed)
    return SeatAnswer.model_validate(answer["seat"])


@router.post(
    "/{seat}/call-back",
    status_code=202,
    summary="Ring a citizen back",
    responses=failures(404, 409, 422),
)
async def call_back(
    seat: SeatId, given: CallBackInput, principal: Worker, backend: BackendHere
) -> CallBackMade:
    """The caller of this call, at the number it came from; this seat speaks.

    The seat is kept free, the citizen is dialled, and when he answers the seat rings. Audited.
    """
    async with backend.database.session() as session:
        call = await Calls(session).get(given.call_id)
        queue = await queue_of(session, given.call_id)
    answer = await ordered(
        backend,
        principal,
        "call_back",
        seat=seat,
        call_id=call.id,
        caller=call.caller,
        queue=queue,
        ticket_number=call.ticket_number,
    )
    await _audited(backend, principal, Deed("call_back.dial", "call", given.call_id))
    return CallBackMade.model_validate(answer)


@router.post(
    "/{seat}/help", status_code=202, summary="Call a supervisor", responses=failures(404, 409, 422)
)
async def help_wanted(
    seat: SeatId, given: HelpInput, principal: Worker, backend: BackendHere
) -> Alarm:
    """The panic button: an alarm of the kind `help` on every supervisor's desk."""
    answer = await ordered(backend, principal, "help", seat=seat, note=given.note)
    return Alarm.model_validate(answer["alarm"])


@router.post("/{seat}/wrap-up", summary="More time to write", responses=failures(404, 409, 422))
async def extend(
    seat: SeatId, given: WrapUpInput, principal: Worker, backend: BackendHere
) -> SeatAnswer:
    """Only while writing; it ends by itself, or with the state ``ready``."""
    answer = await ordered(backend, principal, "wrap_up", seat=seat, extend_s=given.extend_s)
    return SeatAnswer.model_validate(answer["seat"])


@router.put(
    "/profiles/{account}", summary="What an agent serves", responses=failures(404, 413, 422)
)
async def put_profile(
    account: ShortText, given: ProfileModel, principal: Supervisor, backend: BackendHere
) -> ProfileModel:
    """Queues, skills, time for writing; audited. The seat where the agent works follows at once."""
    profile = given.profile()
    async with backend.database.transaction() as session:
        await set_profile(session, account, profile, actor=principal.actor, now=backend.clock())
    found = await ordered(backend, principal, "seats")
    for seat in found["seats"]:
        if seat["agent"] == account and seat["state"] != "logged_out":
            values = PROFILE.dump_python(profile, mode="json")
            await ordered(backend, principal, "serve", seat=seat["seat"], profile=values)
    return given


@router.get("/profiles/{account}", summary="What an agent serves", responses=failures(422))
async def get_profile(
    account: ShortText, _principal: Supervisor, backend: BackendHere
) -> ProfileModel:
    """The usual one where no supervisor has set another."""
    async with backend.database.session() as session:
        return ProfileModel.of(await profile_of(session, account))


async def _audited(backend: Backend, principal: Principal, deed: Deed) -> None:
    async with backend.database.transaction() as session:
        write_down(session, principal.actor, deed, now=backend.clock())


def _with_phone(answer: dict[str, Any], backend: Backend, request: Request) -> SeatWithPhone:
    seat = SeatAnswer.model_validate(answer["seat"])
    if answer["phone"] is None:
        return SeatWithPhone(seat=seat, phone=None)
    user = answer["phone"]["user"]
    return SeatWithPhone(
        seat=seat,
        phone=PhoneAnswer(
            **answer["phone"],
            uri=f"sip:{user}@{phone_host(request)}",
            socket=f"{phone_socket(backend, request)}/ws",
        ),
    )
