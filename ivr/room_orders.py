"""What agents and supervisors ask of a running conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.queueing.seats import Seat
from domain.queueing.states import SeatState
from ivr.desk import Desk
from ivr.orders import Answer, Body, Orders
from ivr.privacy import PrivacyPauses
from ivr.rooms import NoTarget, NotInConversation, Rooms
from ivr.wish import Wish
from services.orders import OrderRefused
from telephony.patch import Ear

Brief = Callable[[str], Awaitable[Path | None]]
"""Text → sound to be said to a third party before it joins; None where there is no voice."""


@dataclass(frozen=True)
class Talks:
    """What can be done with a running conversation."""

    rooms: Rooms
    pauses: PrivacyPauses


class RoomOrders:
    """Adds its orders to those of the engine."""

    def __init__(self, orders: Orders, desk: Desk, talks: Talks, brief: Brief) -> None:
        self._orders, self._desk, self._brief = orders, desk, brief
        self._rooms = rooms = talks.rooms
        self._pauses = talks.pauses
        known: dict[str, Callable[[Seat, Body], Awaitable[Any]]] = {
            "three_way": self._three_way,
            "consult": lambda seat, body: rooms.consult(seat.seat_id, str(body["number"])),
            "bring_in": lambda seat, _: rooms.bring_in(seat.seat_id),
            "leave": lambda seat, body: rooms.leave(seat.seat_id, back=bool(body.get("back"))),
            "dismiss": lambda seat, _: rooms.dismiss(seat.seat_id),
            "transfer": self._transfer,
            "park": lambda seat, _: rooms.park(seat.seat_id),
            "fetch": self._fetch,
            "mute": lambda seat, body: rooms.mute(seat.seat_id, on=bool(body["on"])),
            "privacy": self._privacy,
            "listen_in": self._listen_in,
            "take_over": self._take_over,
        }
        for name, order in known.items():
            orders.add(name, self._guarded(order))
        orders.add("parked", self._parked)

    def _guarded(
        self, order: Callable[[Seat, Body], Awaitable[Any]]
    ) -> Callable[[Body], Awaitable[Answer]]:
        async def guarded(body: Body) -> Answer:
            seat = self._orders.own_seat(body)
            try:
                done = await order(seat, body)
            except NotInConversation as failure:
                texts = (str(failure), "该坐席当前没有通话")
                raise OrderRefused("conflict", "NotInConversation", texts) from failure
            except NoTarget as failure:
                texts = (str(failure), "不允许拨打这个号码")
                raise OrderRefused("bad", "NoTarget", texts) from failure
            return {"leg": done if isinstance(done, str) else ""}

        return guarded

    async def _three_way(self, seat: Seat, body: Body) -> str:
        text = str(body.get("briefing") or "")
        briefing = await self._brief(text) if text else None
        return await self._rooms.three_way(seat.seat_id, str(body["number"]), briefing)

    async def _transfer(self, seat: Seat, body: Body) -> None:
        wants, queue = str(body.get("to_seat") or ""), str(body.get("to_queue") or "")
        if bool(wants) == bool(queue):
            raise ValueError("a transfer names a seat or a queue")
        if wants:
            other = self._desk.exchange.seat(wants)
            if other.state is SeatState.LOGGED_OUT:
                texts = (f"nobody works at seat {wants}", "该坐席没有签入")
                raise OrderRefused("conflict", "SeatLoggedOut", texts)
            queue = other.profile.queues[0]
        await self._rooms.transfer(seat.seat_id, Wish(queue, wants=wants))

    async def _fetch(self, seat: Seat, body: Body) -> None:
        """By whoever parked it, or a seat of the call's queue; the second of two is told so."""
        call_id = str(body["call_id"])
        parked = self._rooms.parked_call(call_id)
        if parked is None:
            texts = (f"call {call_id} is not parked, or fetched already", "该来电已被接回或已挂机")
            raise OrderRefused("conflict", "NotParked", texts)
        call, parked_by = parked
        served = seat.profile.queues
        own = seat.seat_id == parked_by or call.queue in ("", *served)
        if not own and not body.get("supervises"):
            texts = (
                f"the call belongs to queue {call.queue}, which seat {seat.seat_id} does not "
                f"serve: it serves {', '.join(served)}",
                f"该来电属于队列 {call.queue}，本坐席不服务该队列",
            )
            raise OrderRefused("conflict", "OtherQueue", texts, tuple(served))
        await self._rooms.fetch(seat.seat_id, call_id)

    async def _privacy(self, seat: Seat, body: Body) -> None:
        call = self._rooms.talking(seat.seat_id)
        await self._pauses.turn(call, on=bool(body["on"]), by=seat.seat_id)

    async def _listen_in(self, seat: Seat, body: Body) -> str:
        return await self._rooms.listen_in(seat.seat_id, self._own(body), Ear(body["how"]))

    async def _take_over(self, seat: Seat, body: Body) -> None:
        await self._rooms.take_over(seat.seat_id, self._own(body))

    async def _parked(self, _: Body) -> Answer:
        return {"parked": self._rooms.parked()}

    def _own(self, body: Body) -> str:
        """The seat where whoever asks is logged in: it rings."""
        for seat in self._desk.exchange.seats.values():
            if seat.agent == body["by"] and seat.state is not SeatState.LOGGED_OUT:
                return seat.seat_id
        texts = ("log in at a seat first: its telephone rings", "请先签入坐席，系统将呼叫您的话机")
        raise OrderRefused("conflict", "NoOwnSeat", texts)
