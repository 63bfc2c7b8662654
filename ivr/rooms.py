"""Conversations of more than two, and callers on their way from one person to another.

A caller who talks with an agent hangs in a bridge of the switch that lives without us. To bring in
a third party, both legs move into a room; to go to somebody else, the caller is fetched back into
its session with a `Detour`. Legs come and go by events, which may come late or twice.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from domain.queueing.rules import PriorityCause
from domain.queueing.states import IN_CONVERSATION, SeatEvent
from ivr.board import Board
from ivr.call import SAME_AGENT_S, Call, Detour, DetourKind, back_to_agent
from ivr.desk import Desk, Device
from ivr.wish import Wish
from telephony.line import LineError
from telephony.patch import Ear, Leg, PatchBay, Place

log = structlog.get_logger()

RECONNECTING = "technical-pause"


class NotInConversation(Exception):
    """The seat talks with nobody, or the switch has not said yet on which line."""

    def __init__(self, seat: str) -> None:
        super().__init__(f"seat {seat} is in no conversation")


class NoTarget(Exception):
    """A number that this hotline does not dial."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number!r} is dialled by nobody here: emergency numbers, seats, and what "
            "HOTLINE_OUTSIDE_DIAL allows"
        )


@dataclass
class Room:
    """``guests``: leg id → who it is; ``joined``: those that have picked up."""

    call: Call
    seat: str
    agent_leg: str
    guests: dict[str, str] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Places:
    """What rooms work with.

    ``dial``: number or seat, and the caller → dial string, None where not allowed.
    """

    board: Board
    desk: Desk
    patch: PatchBay
    dial: Callable[[str, str], str | None]


class Rooms:
    def __init__(self, places: Places) -> None:
        self._board, self._desk = places.board, places.desk
        self._patch, self._dial = places.patch, places.dial
        self._rooms: dict[str, Room] = {}
        self._parked: dict[str, str] = {}  # call → seat that parked it

    # ---- what agents ask -----------------------------------------------------------------------
    async def three_way(self, seat: str, number: str, briefing: Path | None = None) -> str:
        """Bring somebody into the conversation of this seat; the id of the new leg.

        Raises `NotInConversation`, `NoTarget`, `LineError`.
        """
        target = self._target(number, self.talking(seat).facts.caller)
        room = await self._room(seat)
        return await self._invite(room, number, target, briefing)

    async def begun(self, call: Call) -> None:
        """A conversation has begun: brings in the line that its flow asks for."""
        line, call.brings = call.brings, ""
        seat = self._desk.exchange.seat_of(call.call_id)
        if not line or seat is None:
            return
        try:
            await self.three_way(seat.seat_id, line)
        except (NotInConversation, NoTarget, LineError) as failure:
            log.warning("nobody brought in", call=call.call_id, line=line, why=str(failure))
            call.fact("guest_not_reached", who=line)
            call.tell("guest_not_reached", who=line)

    async def consult(self, seat: str, number: str) -> str:
        """The caller hears music while the agent asks somebody. Raises like `three_way`."""
        target = self._target(number, self.talking(seat).facts.caller)
        room = await self._room(seat, Detour(DetourKind.HELD))
        return await self._invite(room, number, target, None)

    async def bring_in(self, seat: str) -> None:
        """The caller is held no longer: everybody talks with everybody."""
        room = self._room_of(seat)
        await self._return_caller(room)

    async def leave(self, seat: str, *, back: bool = False) -> None:
        """The agent goes, the others talk on; a caller who is held joins them first.

        ``back``: when the others have hung up, the caller is put through to this seat again.
        """
        room = self._room_of(seat)
        if room.call.detour is not None and room.call.detour.kind is DetourKind.HELD:
            await self._return_caller(room)
        if back:
            # Now, not when they hang up: the switch sends the caller on before it tells us.
            self._desk.urgent(room.call, PriorityCause.LOST_AGENT)
            room.call.goes(back_to_agent(room.call, seat))
        await self._patch.hang_up(room.agent_leg)

    async def dismiss(self, seat: str) -> None:
        """The others go; the caller and the agent talk on."""
        room = self._room_of(seat)
        await self._return_caller(room)
        for leg in list(room.guests):
            await self._patch.hang_up(leg)

    async def transfer(self, seat: str, wish: Wish) -> None:
        """The caller goes to another seat or queue, the agent is free."""
        call = self.talking(seat)
        await self._send(call, seat, Detour(DetourKind.TO_SEAT, wish))

    async def park(self, seat: str) -> str:
        """The caller hears music until somebody fetches the call; its id."""
        call = self.talking(seat)
        call.goes(Detour(DetourKind.HELD))
        await self._patch.move(call.channel, Place.HELD)
        self._part(call, seat)
        self._parked[call.call_id] = seat
        call.fact("parked", seat=seat)
        call.tell("parked", seat=seat)
        return call.call_id

    async def fetch(self, seat: str, call_id: str) -> None:
        """A parked call rings at this seat."""
        call = self._board.calls.get(call_id)
        if call is None or call_id not in self._parked:
            raise NotInConversation(seat)
        del self._parked[call_id]
        self._desk.urgent(call, PriorityCause.LOST_AGENT)
        call.goes(Detour(DetourKind.TO_SEAT, Wish(call.queue or "general", wants=seat)))
        await self._patch.move(call.channel, Place.ENGINE)

    def parked_call(self, call_id: str) -> tuple[Call, str] | None:
        """A parked call and the seat that parked it; None: it is not, or no longer."""
        call = self._board.calls.get(call_id)
        if call is None or call_id not in self._parked:
            return None
        return call, self._parked[call_id]

    def parked(self) -> dict[str, str]:
        """Call → the seat that parked it."""
        return dict(self._parked)

    async def mute(self, seat: str, *, on: bool) -> None:
        """The agent is not heard, or again."""
        self.talking(seat)
        await self._patch.mute(self._agent_leg(seat), on=on)
        self.talking(seat).fact("muted" if on else "unmuted", seat=seat)

    # ---- what supervisors ask ------------------------------------------------------------------
    async def listen_in(self, seat: str, supervisor: str, ear: Ear) -> str:
        """Ring the supervisor's seat, which then hears (and speaks to) the conversation."""
        call = self.talking(seat)
        target = self._target(supervisor)
        leg = Leg(target, _leg_id(), shown=seat)
        await self._patch.listen_in(leg, self._agent_leg(seat), ear)
        call.fact("supervised", seat=seat, by=supervisor, how=ear.value)
        return leg.leg_id

    async def take_over(self, seat: str, supervisor: str) -> None:
        """The caller of ``seat`` is put through to the supervisor's seat before all others."""
        call = self.talking(seat)
        self._desk.urgent(call, PriorityCause.LOST_AGENT)
        wish = Wish(call.queue or "general", wants=supervisor)
        await self._send(call, seat, Detour(DetourKind.TO_SEAT, wish))

    def keyed_out(self, call_id: str) -> Call | None:
        """The caller has keyed 110 and left the conversation with the agent."""
        call = self._board.calls.get(call_id)
        if call is not None and call.talked_at is not None:
            self._part(call, call.seat)
        return call

    # ---- what the switch tells -----------------------------------------------------------------
    async def telephone_lost(self, seat: str) -> None:
        """A browser vanished in mid-conversation: the citizen is told, and the agent waited for."""
        known = self._desk.exchange.seats.get(seat)
        if known is None or known.state not in IN_CONVERSATION or known.call_id is None:
            return
        call = self._board.calls.get(known.call_id)
        in_room = known.call_id in self._rooms
        if call is None or in_room or self._desk.login(seat).device is not Device.BROWSER:
            return
        log.warning("agent's telephone lost", call=call.call_id, seat=seat)
        call.fact("agent_lost", seat=seat)
        call.tell("agent_lost", seat=seat)
        self._desk.urgent(call, PriorityCause.LOST_AGENT)
        self._desk.lost(seat)
        wish = Wish(call.queue or "general", wants=seat, patience_s=SAME_AGENT_S)
        await self._send(call, seat, Detour(DetourKind.TO_SEAT, wish, RECONNECTING))

    async def leg_joined(self, leg_id: str) -> None:
        """A guest has picked up and is in the room."""
        for room in self._rooms.values():
            if leg_id in room.guests and leg_id not in room.joined:
                room.joined.add(leg_id)
                who = room.guests[leg_id]
                room.call.fact("guest_joined", who=who)
                room.call.tell("guest_joined", who=who)

    async def leg_gone(self, leg_id: str, channel: str) -> None:
        """Any leg of the switch has ended."""
        for call_id, room in list(self._rooms.items()):
            if leg_id == call_id:
                await self._caller_gone(room)
            elif leg_id in room.guests:
                await self._guest_gone(room, leg_id)
            elif channel == room.agent_leg:
                await self._agent_gone(room)
        if leg_id in self._parked:
            del self._parked[leg_id]

    # ---- within --------------------------------------------------------------------------------
    async def _room(self, seat: str, caller: Detour | None = None) -> Room:
        """The room of this seat's conversation, the caller in it or (HELD) beside it."""
        detour = caller or Detour(DetourKind.ROOM)
        place = Place.HELD if detour.kind is DetourKind.HELD else Place.ROOM
        call = self.talking(seat)
        known = self._rooms.get(call.call_id)
        if known is not None:
            if place is Place.HELD:
                await self._patch.move(call.channel, Place.HELD)
                call.goes(detour)
            return known
        room = Room(call, seat, self._agent_leg(seat))
        call.goes(detour)
        try:
            await self._patch.part(call.channel, place, room.agent_leg, call.call_id)
        except LineError:
            call.goes(None)
            raise
        self._rooms[call.call_id] = room
        self._desk.holds(seat, SeatEvent.CONSULTED)
        return room

    async def _invite(self, room: Room, number: str, target: str, briefing: Path | None) -> str:
        leg = Leg(target, _leg_id(), shown=room.call.facts.caller)
        room.guests[leg.leg_id] = number
        room.call.fact("guest_called", who=number, briefed=briefing is not None)
        room.call.tell("guest_called", who=number)
        sound = "" if briefing is None else str(briefing.with_suffix(""))
        try:
            await self._patch.dial_into(leg, room.call.call_id, sound)
        except LineError:
            del room.guests[leg.leg_id]
            raise
        return leg.leg_id

    async def _return_caller(self, room: Room) -> None:
        if room.call.detour is not None and room.call.detour.kind is DetourKind.HELD:
            room.call.goes(Detour(DetourKind.ROOM))
            await self._patch.move(room.call.channel, Place.ROOM, room.call.call_id)

    async def _send(self, call: Call, seat: str, detour: Detour) -> None:
        before = call.detour
        call.goes(detour)
        try:
            await self._patch.move(call.channel, Place.ENGINE)
        except LineError:
            call.goes(before)
            raise
        self._rooms.pop(call.call_id, None)
        self._part(call, seat)

    def _part(self, call: Call, seat: str) -> None:
        """The conversation with this seat is over; its next session may have begun already."""
        if call.talked_at is not None and call.seat == seat:
            call.parted(seat, 0.0)
        call.agent_leg = ""
        self._desk.apart(call.call_id)

    async def _caller_gone(self, room: Room) -> None:
        self._rooms.pop(room.call.call_id, None)
        for leg in (*room.guests, room.agent_leg):
            await self._hang_up(leg)

    async def _guest_gone(self, room: Room, leg_id: str) -> None:
        who = room.guests.pop(leg_id)
        joined = leg_id in room.joined
        room.joined.discard(leg_id)
        kind = "guest_left" if joined else "guest_not_reached"
        room.call.fact(kind, who=who)
        room.call.tell(kind, who=who)
        if not room.guests and room.agent_leg:
            await self._return_caller(room)
            self._desk.holds(room.seat, SeatEvent.RESUMED)
        self._forget_if_empty(room)

    async def _agent_gone(self, room: Room) -> None:
        """The agent has left; who is in the room talks on, who is held is not forgotten."""
        room.agent_leg = ""
        call = room.call
        held = call.detour is not None and call.detour.kind is DetourKind.HELD
        if held and room.guests:
            await self._return_caller(room)  # hanging up completes an attended transfer
        elif held:
            self._desk.urgent(call, PriorityCause.LOST_AGENT)
            wish = Wish(call.queue or "general", wants=room.seat, patience_s=SAME_AGENT_S)
            await self._send(call, room.seat, Detour(DetourKind.TO_SEAT, wish, RECONNECTING))
        self._part(call, room.seat)
        self._forget_if_empty(room)

    def _forget_if_empty(self, room: Room) -> None:
        if not room.guests and not room.agent_leg:
            self._rooms.pop(room.call.call_id, None)

    async def _hang_up(self, leg: str) -> None:
        if leg:
            try:
                await self._patch.hang_up(leg)
            except LineError as failure:
                log.info("nothing to hang up", leg=leg, why=str(failure))

    def talking(self, seat: str) -> Call:
        """The call of this seat's conversation. Raises `NotInConversation`."""
        known = self._desk.exchange.seats.get(seat)
        call = self._board.calls.get(known.call_id or "") if known is not None else None
        if known is None or known.state not in IN_CONVERSATION or call is None:
            raise NotInConversation(seat)
        return call

    def _agent_leg(self, seat: str) -> str:
        leg = self.talking(seat).agent_leg
        if not leg:
            raise NotInConversation(seat)
        return leg

    def _room_of(self, seat: str) -> Room:
        room = self._rooms.get(self.talking(seat).call_id)
        if room is None:
            raise NotInConversation(seat)
        return room

    def _target(self, number: str, caller: str = "") -> str:
        target = self._dial(number, caller)
        if target is None:
            raise NoTarget(number)
        return target


def _leg_id() -> str:
    return f"leg-{secrets.token_hex(8)}"
