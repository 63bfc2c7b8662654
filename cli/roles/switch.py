"""What the engine learns from Asterisk besides the calls themselves: AMI events, made meaning.

AMI is a hint and may be cut off at any time; after each login the whole picture is read anew.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from domain.queueing.states import IN_CONVERSATION, SeatEvent
from ivr.board import Board
from ivr.desk import Desk, Telephone
from ivr.listening import Ears
from ivr.privacy import PrivacyPauses
from ivr.rooms import Places, Rooms
from services import slips, trunk_marks
from services.slips import Slip
from storage.database import Database
from storage.repositories.calls import Calls
from telephony.ami.client import AmiAccess, AmiClient
from telephony.ami.message import AmiMessage
from telephony.ami.patch import AmiPatchBay
from telephony.line import LineError

if TYPE_CHECKING:
    from ivr.call import Call
    from ivr.call_backs import CallBacks
    from services.trunk_marks import TrunkMark

log = structlog.get_logger()

LOOK_ROUND_EVERY_S = 10.0
TELEPHONES = {
    "NOT_INUSE": Telephone.FREE,
    "INUSE": Telephone.BUSY,
    "BUSY": Telephone.BUSY,
    "RINGING": Telephone.BUSY,
    "RINGINUSE": Telephone.BUSY,
    "ONHOLD": Telephone.BUSY,
    "UNAVAILABLE": Telephone.GONE,
    "INVALID": Telephone.GONE,
    "UNKNOWN": Telephone.GONE,
}
BOTH = "2"  # channels in a bridge of caller and agent
GONE = ("Removed", "Unreachable")
PREFIX = "PJSIP/"
# Seats are numbers; their telephone in the browser is named after them (pjsip.conf).
TELEPHONE = re.compile(r"PJSIP/(w?[0-9]+)")


@dataclass(frozen=True)
class Records:
    """What is known of calls besides the board: slips of the dialplan, and the database."""

    slips: Path
    database: Database


class Switch:
    """Keeps board and desk true to what Asterisk holds."""

    def __init__(
        self,
        access: AmiAccess,
        board: Board,
        desk: Desk,
        ears: Ears,
        records: Records,
        dial: Callable[[str, str], str | None],
    ) -> None:
        self._board = board
        self._desk = desk
        self._ears = ears
        self._slips = records.slips
        self._database = records.database
        self._ringing: dict[str, str] = {}  # seat → the channel that rings it
        self._tasks: set[asyncio.Task[None]] = set()
        desk.stop_ringing = self._stop_ringing
        self._ami = AmiClient(access, on_connected=self._connected)
        self._ami.on("DeviceStateChange", self._device)
        self._ami.on("DialBegin", self._dial_began)
        self._ami.on("DialEnd", self._dial_ended)
        self._ami.on("Hangup", self._hung_up)
        self._ami.on("Hold", self._held)
        self._ami.on("Unhold", self._resumed)
        self._ami.on("ContactStatus", self._contact)
        self._ami.on("ConfbridgeJoin", self._joined_room)
        self._ami.on("BridgeEnter", self._bridged)
        self._ami.on("UserEvent", self._code_pressed)
        self._ami.on("UserEvent", self._told_by_dialplan)
        self.patch = AmiPatchBay(self._ami)
        self.rooms = Rooms(Places(board, desk, self.patch, dial))
        self.pauses = PrivacyPauses(board, desk, self.patch)
        self.on_connected: Callable[[], Awaitable[None]] = _nothing
        self.on_not_reached: Callable[[TrunkMark], None] = lambda _mark: None
        self._marking = asyncio.Lock()
        self.on_keyed: Callable[[Call, str], None] = lambda _call, _number: None
        self.call_backs: CallBacks | None = None

    async def start(self) -> None:
        await self._ami.start()

    async def close(self) -> None:
        await self._ami.close()

    async def recall(self, channel: str) -> None:
        """Fetch a channel back to the entry of the dialplan, where the engine is asked again."""
        try:
            await self._ami.send(
                {
                    "Action": "Redirect",
                    "Channel": channel,
                    "Context": "hotline",
                    "Exten": "next-again",
                    "Priority": "1",
                }
            )
        except LineError as failure:
            log.warning("cannot recall the caller", channel=channel, why=str(failure))

    async def look_round(self) -> None:
        """Now and then: calls that ended unseen, and calls that only the fallback saw."""
        while True:
            await asyncio.sleep(LOOK_ROUND_EVERY_S)
            if self._ami.connected:
                try:
                    await self._compare()
                except LineError as failure:
                    log.info("could not compare with Asterisk", why=str(failure))

    async def _connected(self) -> None:
        await self.on_connected()
        await self._compare()

    async def _compare(self) -> None:
        await self._trunks_tried()
        for device in await self._ami.list({"Action": "DeviceStateList"}):
            await self._device(device)
        # Looked at before Asterisk is asked: a call that comes meanwhile is not among its channels.
        found = await asyncio.to_thread(lambda: list(slips.every(self._slips)))
        known = list(self._board.calls)
        channels = await self._ami.list({"Action": "CoreShowChannels"})
        alive = {channel.get("Uniqueid") for channel in channels}
        self._find_agents([channel.get("Channel", "") for channel in channels])
        for call_id in [one for one in known if one not in alive]:
            slip = slips.read(self._slips, call_id)
            self._board.gone(call_id, self._ears, slip, recovered=True)
        self._desk.reconcile(set(self._board.calls))  # the dead are off the board by now
        if self.call_backs is not None:
            self.call_backs.compare((one for one in alive if one), self._was_answered)
        for slip in found:
            if slip.call_id not in alive:
                await self._perhaps_missed(slip)

    def _find_agents(self, channels: list[str]) -> None:
        """After a restart: on which line each agent talks."""
        for seat in self._desk.exchange.seats.values():
            call = self._board.calls.get(seat.call_id or "")
            if call is not None and not call.agent_leg and seat.state in IN_CONVERSATION:
                device = f"{PREFIX}{self._desk.device_of(seat.seat_id)}-"
                call.agent_leg = next((one for one in channels if one.startswith(device)), "")

    async def _perhaps_missed(self, slip: Slip) -> None:
        """A slip with no call on record: the static dialplan led it while we were away."""
        if self._board.knows(slip.call_id):
            return
        try:
            async with self._database.session() as session:
                if await Calls(session).find(slip.call_id) is not None:
                    return
        except (SQLAlchemyError, OSError):
            return  # looked at again when the database is back
        if self._board.knows(slip.call_id):
            return
        log.warning("call led by the fallback", call=slip.call_id)
        self._board.missed(slip.call_id, slip.caller, slip.dialled, slip.started_at)
        self._board.gone(slip.call_id, None, slip, recovered=True)

    async def _device(self, event: AmiMessage) -> None:
        device = event.get("Device", "")
        state = TELEPHONES.get(event.get("State", ""))
        telephone = TELEPHONE.fullmatch(device)
        if telephone and state is not None:
            self._desk.telephone(telephone[1], state)

    async def _dial_began(self, event: AmiMessage) -> None:
        channel = event.get("DestChannel", "")
        self._ringing[_seat_of(channel)] = channel

    def _stop_ringing(self, seat: str) -> None:
        """Dial then goes on as if the seat had refused."""
        channel = self._ringing.pop(seat, None)
        if channel is not None:
            task = asyncio.create_task(self._hang_up(channel))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hang_up(self, channel: str) -> None:
        try:
            await self._ami.send({"Action": "Hangup", "Channel": channel})
        except LineError as failure:
            log.info("nothing to hang up", channel=channel, why=str(failure))

    async def _dial_ended(self, event: AmiMessage) -> None:
        channel = event.get("DestChannel", "")
        self._ringing.pop(_seat_of(channel), None)
        call = self._board.calls.get(event.get("Uniqueid", ""))
        if call is None or event.get("DialStatus") != "ANSWER" or not call.ringing:
            return
        call.agent_leg = event.get("DestChannel", "")
        self._desk.answered(call, call.ringing)
        self._ears.listen(call, "agent", event.get("DestUniqueid", ""))

    async def _held(self, event: AmiMessage) -> None:
        self._held_or_not(event, SeatEvent.HELD)

    async def _resumed(self, event: AmiMessage) -> None:
        self._held_or_not(event, SeatEvent.RESUMED)

    def _held_or_not(self, event: AmiMessage, what: SeatEvent) -> None:
        channel = event.get("Channel", "")
        self._desk.holds(_seat_of(channel), what)
        for call in self._board.calls.values():
            if channel and call.agent_leg == channel:
                call.fact("held" if what is SeatEvent.HELD else "resumed", seat=call.seat)

    async def _contact(self, event: AmiMessage) -> None:
        """A browser's contact goes with its WebSocket, or stops answering.

        While a call hangs there, the device itself stays in use until its sound has been missed
        for long (`rtp_timeout`).
        """
        telephone = TELEPHONE.fullmatch(PREFIX + event.get("AOR", ""))
        if telephone is None or event.get("ContactStatus") not in GONE:
            return
        await self.rooms.telephone_lost(telephone[1].removeprefix("w"))

    async def _told_by_dialplan(self, event: AmiMessage) -> None:
        if event.get("UserEvent") == "EmergencyKeyed":
            call = self.rooms.keyed_out(event.get("Call", ""))
            if call is not None:
                self.on_keyed(call, event.get("Number", ""))
        if event.get("UserEvent") == "EmergencyNotReached":
            await self._trunks_tried()

    async def _trunks_tried(self) -> None:
        """What the dialplan wrote of lines tried in vain, also while no engine was there."""
        async with self._marking:
            for mark in await asyncio.to_thread(trunk_marks.take, self._slips):
                self.on_not_reached(mark)
            await asyncio.to_thread(trunk_marks.settle, self._slips)

    def _was_answered(self, leg: str) -> bool:
        """The dialplan writes a slip the moment somebody picks up; it stays until it is kept."""
        return slips.read(self._slips, leg) is not None or self._board.knows(leg)

    async def _joined_room(self, event: AmiMessage) -> None:
        await self.rooms.leg_joined(event.get("Uniqueid", ""))

    async def _bridged(self, event: AmiMessage) -> None:
        """The second of two has come in: from here on legs can be moved."""
        if event.get("BridgeNumChannels") != BOTH:
            return
        channel, unique = event.get("Channel", ""), event.get("Uniqueid", "")
        for call in self._board.calls.values():
            if call.brings and (call.call_id == unique or call.agent_leg == channel):
                await self.rooms.begun(call)
                return

    async def _code_pressed(self, event: AmiMessage) -> None:
        """features.conf: an agent wants a privacy pause, or its end."""
        if event.get("UserEvent") == "HotlinePrivacy":
            await self.pauses.turned_by_key(event.get("Leg", ""))

    async def _hung_up(self, event: AmiMessage) -> None:
        call_id = event.get("Uniqueid", "")
        await self.rooms.leg_gone(call_id, event.get("Channel", ""))
        slip = slips.read(self._slips, call_id)
        if self.call_backs is not None:
            why = event.get("Cause-txt", "") or event.get("Cause", "")
            self.call_backs.leg_gone(call_id, why, answered=slip is not None)
        if slip is None and call_id not in self._board.calls:
            return  # not a citizen's channel
        if slip is not None and not self._board.knows(call_id):
            await self._perhaps_missed(slip)
            return
        self._board.gone(call_id, self._ears, slip)
        self._desk.gone(call_id)


async def _nothing() -> None:
    return


def _seat_of(channel: str) -> str:
    """``1001`` of ``PJSIP/w1001-0000002a``."""
    return channel.removeprefix(PREFIX).removeprefix("w").partition("-")[0]
