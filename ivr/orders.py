"""What agents and supervisors ask of the running engine: each order is one method."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.queueing.exchange import SeatUnknown
from domain.queueing.roster import NotOnDuty
from domain.queueing.seats import Profile, Seat
from domain.queueing.states import CHOSEN_BY_AGENTS, SeatCannot, SeatEvent, SeatState
from ivr.browser_phones import BrowserPhones, Credentials
from ivr.desk import Desk, Device, Login, TelephoneGone
from services.orders import OrderRefused
from telephony.line import LineError

PROFILE = TypeAdapter(Profile)
# In one go a page may ask for so much more time to write.
LONGEST_EXTENSION_S = 600
Body = Mapping[str, Any]
Answer = Mapping[str, Any]


class Orders:
    """``seats``: those that have a telephone configured."""

    def __init__(self, desk: Desk, phones: BrowserPhones, seats: tuple[str, ...]) -> None:
        self._desk = desk
        self._phones = phones
        self._seats = frozenset(seats)
        self.alarms_open: Callable[[], int] = lambda: 0
        self.refuse_off_duty: Callable[[str, Profile], None] = lambda _agent, _profile: None
        self._known: dict[str, Callable[[Body], Awaitable[Answer]]] = {
            "seats": self._list,
            "own_seat": self._own,
            "log_in": self._log_in,
            "log_out": self._log_out,
            "phone": self._phone,
            "state": self._state,
            "wrap_up": self._wrap_up,
            "serve": self._serve,
        }

    def add(self, name: str, order: Callable[[Body], Awaitable[Answer]]) -> None:
        """Another part of the engine that takes orders."""
        self._known[name] = order

    async def handle(self, body: Body) -> Answer:
        """Raises `OrderRefused`, with what is wrong and what would be right."""
        order = self._known.get(str(body.get("order")))
        if order is None:
            raise _bad(f"no order {body.get('order')!r}; there are {', '.join(self._known)}")
        try:
            return await order(body)
        except SeatUnknown as failure:
            texts = (str(failure), "没有这个坐席，或坐席尚未签入")
            raise OrderRefused("not_found", "SeatUnknown", texts) from failure
        except SeatCannot as failure:
            texts = (str(failure), "坐席当前状态不允许此操作")
            raise OrderRefused("conflict", "SeatCannot", texts, failure.allowed) from failure
        except NotOnDuty as failure:
            error = "RosterExpired" if failure.expired else "NotOnDuty"
            raise OrderRefused("conflict", error, (str(failure), failure.chinese)) from failure
        except TelephoneGone as failure:
            texts = (str(failure), "坐席话机未注册")
            raise OrderRefused("conflict", "TelephoneGone", texts) from failure
        except LineError as failure:
            texts = (f"the switch refused: {failure}", "电话交换机拒绝了此操作")
            raise OrderRefused("conflict", "SwitchRefused", texts) from failure
        except (KeyError, ValidationError, ValueError) as failure:
            raise _bad(f"{type(failure).__name__}: {failure}") from failure

    def own_seat(self, body: Body) -> Seat:
        """The seat of the order, if whoever asks works there or supervises."""
        seat = self._desk.exchange.seat(self.seat_named(body))
        if not body.get("supervises") and seat.agent != body["by"]:
            texts = (
                f"seat {seat.seat_id} is not where {body['by']} is logged in",
                "这不是您签入的坐席",
            )
            raise OrderRefused("not_allowed", "NotYourSeat", texts)
        return seat

    async def _list(self, _: Body) -> Answer:
        seats = sorted(self._desk.exchange.seats.values(), key=lambda seat: seat.seat_id)
        return {
            "seats": [self.shown(seat) for seat in seats],
            "waiting": {
                call_id: since.isoformat() for call_id, since in self._desk.waiting_since().items()
            },
            "alarms_open": self.alarms_open(),
            "queue_of": {one.call_id: one.queue for one in self._desk.on_the_line()},
        }

    async def _own(self, body: Body) -> Answer:
        working = (
            seat
            for seat in self._desk.exchange.seats.values()
            if seat.agent == body["by"] and seat.state is not SeatState.LOGGED_OUT
        )
        seat = next(working, None)
        return {"seat": seat and self.shown(seat), "waiting": len(self._desk.waiting_since())}

    async def _log_in(self, body: Body) -> Answer:
        seat, device = self.seat_named(body), Device(body["device"])
        login = Login(body["by"], device, PROFILE.validate_python(body["profile"]))
        self.refuse_off_duty(login.agent, login.profile)
        known = self._desk.exchange.seats.get(seat)
        if known is None or known.agent != login.agent or known.state is SeatState.LOGGED_OUT:
            self._one_seat_each(login.agent)
            known = self._desk.log_in(seat, login)
        if self._desk.login(seat).device is Device.PHONE:
            return {"seat": self.shown(known), "phone": None}
        return {"seat": self.shown(known), "phone": await self._credentials(seat)}

    async def _log_out(self, body: Body) -> Answer:
        seat = self.own_seat(body)
        self._desk.ask(seat.seat_id, SeatEvent.LOGGED_OUT)
        await self._phones.take_back(f"w{seat.seat_id}")
        return {"seat": self.shown(self._desk.exchange.seat(seat.seat_id))}

    async def _phone(self, body: Body) -> Answer:
        """New credentials for a page that was loaded again."""
        seat = self.own_seat(body)
        if self._desk.login(seat.seat_id).device is not Device.BROWSER:
            raise _bad(f"seat {seat.seat_id} works with a telephone, not with a browser")
        return {"phone": await self._credentials(seat.seat_id), "seat": self.shown(seat)}

    async def _state(self, body: Body) -> Answer:
        seat = self.own_seat(body)
        if body.get("expected") not in (None, "", seat.state.value):
            texts = (
                f"seat {seat.seat_id} is {seat.state} by now, not {body['expected']}",
                "坐席状态已经变化，请刷新后再操作",
            )
            raise OrderRefused("conflict", "StaleState", texts, (seat.state.value,))
        event = {"ready": SeatEvent.READY, "paused": SeatEvent.PAUSED}[body["state"]]
        reason = str(body.get("reason") or "")
        if event is SeatEvent.PAUSED:
            reasons = {one.value for one in CHOSEN_BY_AGENTS}
            if not body.get("supervises") and reason not in reasons:
                raise _bad(f"a pause has one of the reasons {', '.join(sorted(reasons))}")
        return {"seat": self.shown(self._desk.ask(seat.seat_id, event, reason))}

    async def _wrap_up(self, body: Body) -> Answer:
        seat = self.own_seat(body)
        by_s = int(body["extend_s"])
        if not 0 < by_s <= LONGEST_EXTENSION_S:
            raise _bad(f"extend_s must be between 1 and {LONGEST_EXTENSION_S}")
        longer = self._desk.extend_wrap_up(seat.seat_id, timedelta(seconds=by_s))
        return {"seat": self.shown(longer)}

    async def _serve(self, body: Body) -> Answer:
        profile = PROFILE.validate_python(body["profile"])
        return {"seat": self.shown(self._desk.serve(self.seat_named(body), profile))}

    def seat_named(self, body: Body) -> str:
        seat = str(body["seat"])
        if seat not in self._seats:
            raise SeatUnknown(seat)
        return seat

    def _one_seat_each(self, agent: str) -> None:
        for seat in self._desk.exchange.seats.values():
            if seat.agent == agent and seat.state is not SeatState.LOGGED_OUT:
                texts = (
                    f"{agent} is logged in at seat {seat.seat_id}: log out there first",
                    f"您已在坐席 {seat.seat_id} 签入，请先签出",
                )
                raise OrderRefused("conflict", "LoggedInElsewhere", texts)

    async def _credentials(self, seat: str) -> dict[str, str]:
        given: Credentials = await self._phones.give(f"w{seat}", self._desk.now())
        return {
            "user": given.user,
            "password": given.password,
            "expires_at": given.expires_at.isoformat(),
        }

    def shown(self, seat: Seat) -> dict[str, Any]:
        login = self._desk.login(seat.seat_id)
        return {
            "seat": seat.seat_id,
            "state": seat.state.value,
            "since": seat.since.isoformat(),
            "agent": seat.agent,
            "reason": seat.reason,
            "device": login.device.value,
            "telephone": self._desk.telephone_of(seat.seat_id).value,
            "kind": seat.profile.kind.value,
            "queues": list(seat.profile.queues),
            "skills": dict(seat.profile.skills),
            "call_id": seat.call_id,
            "until": _text(seat.until),
            "afterwards": seat.afterwards and seat.afterwards.value,
        }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _bad(why: str) -> OrderRefused:
    return OrderRefused("bad", "BadOrder", (why, "请求内容有误"))
