"""Parked callers: fetched by their own queue, once, and the others are told why not."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.queueing.seats import Caller, Profile
from ivr.board import Arrival, Board
from ivr.desk import Desk, Device, Login, Telephone
from ivr.orders import Orders
from ivr.privacy import PrivacyPauses
from ivr.room_orders import RoomOrders, Talks
from ivr.rooms import Places, Rooms
from services.orders import OrderRefused
from telephony.patch import Place
from tests.unit.ivr.fakes import Books, Clock

CALL = "hl1-1.1"
SEATS = {"1001": "general", "1002": "general", "1003": "medical"}


class Moves(list[tuple[str, Place]]):
    """A switch that moves every leg it is asked to."""

    async def move(self, leg: str, place: Place, room: str = "") -> None:
        self.append((leg, place))


class Scene:
    """The caller of seat 1001 has been parked."""

    def __init__(self) -> None:
        clock, books = Clock(), Books()
        self.moves = Moves()
        self.board = Board(
            write=books.records.append,
            publish=books.told.append,
            now=clock.now,
            zone=ZoneInfo("Asia/Shanghai"),
        )
        self.desk = Desk(clock.now)
        for seat, queue in SEATS.items():
            self.desk.telephone(seat, Telephone.FREE)
            self.desk.log_in(seat, Login(f"a{seat}", Device.PHONE, Profile(queues=(queue,))))
        self.orders = Orders(self.desk, None, tuple(SEATS))  # type: ignore[arg-type]
        self.rooms = Rooms(Places(self.board, self.desk, self.moves, lambda _n, _c: None))  # type: ignore[arg-type]
        pauses = PrivacyPauses(self.board, self.desk, self.moves)  # type: ignore[arg-type]
        RoomOrders(self.orders, self.desk, Talks(self.rooms, pauses), self.no_voice)

    async def no_voice(self, _text: str) -> Path | None:
        return None

    async def parked(self) -> "Scene":
        call = self.board.arrive(Arrival(CALL, "PJSIP/citizen-1", "13800000000", "12345"), "d", 1)
        call.queue, call.ringing = "general", "1001"
        self.desk.join(Caller(CALL, self.desk.now()))
        self.desk.answered(call, "1001")
        await self.orders.handle({"order": "park", "seat": "1001", "by": "a1001"})
        return self

    async def fetched_by(self, seat: str, **more: Any) -> None:
        order = {"order": "fetch", "seat": seat, "by": f"a{seat}", "call_id": CALL, **more}
        await self.orders.handle(order)


async def test_the_second_who_fetches_a_caller_is_refused() -> None:
    scene = await Scene().parked()
    await scene.fetched_by("1002")
    with pytest.raises(OrderRefused) as refused:
        await scene.fetched_by("1001")
    assert refused.value.error == "NotParked"
    assert [place for _, place in scene.moves] == [Place.HELD, Place.ENGINE]


async def test_an_agent_of_another_queue_fetches_nobody() -> None:
    scene = await Scene().parked()
    with pytest.raises(OrderRefused) as refused:
        await scene.fetched_by("1003")
    assert (refused.value.error, refused.value.allowed) == ("OtherQueue", ("medical",))
    assert scene.rooms.parked() == {CALL: "1001"}
    await scene.fetched_by("1003", supervises=True)
    assert scene.rooms.parked() == {}
