"""The engine: FastAGI sessions, seats, live ears, journal. One asyncio process holds all calls."""

import asyncio
import contextlib
import re
import signal
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog
import uvloop

from agi_scripts.incoming_call import Offices, incoming_call
from asr.engines.remote import RemoteRecognizer
from asr.live import LiveCapacity
from asr.recognizer import Heard
from callflow.events import EmergencyHeard
from callflow.flow import EMERGENCY_NUMBERS
from callflow.nodes.base import Words
from cli.roles.beat import beat
from cli.roles.floor import Floor
from cli.roles.switch import Records, Switch
from config import secrets
from config.settings import Settings
from domain.callers.emergency import Level
from domain.queueing.seats import Transition
from domain.queueing.states import SeatEvent
from ivr.answerers import Answerers
from ivr.board import Board
from ivr.browser_phones import BrowserPhones
from ivr.call import Call
from ivr.desk import Desk, Login
from ivr.floor_orders import FloorOrders
from ivr.leaders import LeaderWindows
from ivr.listening import Ears
from ivr.orders import Orders
from ivr.perform import OTHER_LINE
from ivr.prompts import Prompts, SoundsOnDisk
from ivr.room_orders import RoomOrders, Talks
from ivr.seat_memory import LOGIN, seats_of
from prompts.render import render_text
from prompts.speech import RenderFailed
from services.floor_records import KINDS
from services.floor_shelf import FloorShelf
from services.flow_answers import FlowAnswers
from services.flow_shelf import FlowShelf
from services.journal import Journal, Record
from services.live import LiveBus
from services.orders import OrderCounter
from services.replay import JournalReplay
from services.seats import KIND, SeatRecords
from services.workflows import WorkflowRequests
from storage.database import Database
from telephony.agi.line import LineOptions
from telephony.agi.server import AgiServer
from telephony.agi.session import AgiSession
from telephony.ami.client import AmiAccess
from telephony.ari.accounts import PushedAccounts
from telephony.ari.client import AriAccess
from telephony.ari.tap import SnoopTap
from telephony.line import LineError

log = structlog.get_logger()

LANGUAGE = "zh-CN"
# A service number, a line of a unit: never longer than E.164 with a trunk prefix.
OUTSIDE = re.compile("[0-9]{3,16}")
LONGEST_BRIEFING = 200  # signs: half a minute of speech
MOST_SESSIONS = 2000
DRAIN_WITHIN_S = 8.0
TICK_EVERY_S = 1.0
DATABASE_WITHIN_S = 3.0
NO_CALLS = KINDS | {KIND}  # records that are of no call
SYNC_EVERY_S = 0.2  # between what is written and what survives a power cut


def main(settings: Settings) -> None:
    """Until SIGTERM: then no new calls, running ones get a moment, the journal is closed."""
    uvloop.run(_Engine(settings).run())


def _now() -> datetime:
    return datetime.now(UTC)


class _Engine:
    def __init__(self, settings: Settings) -> None:
        known = secrets.load(settings.home)
        self.settings = settings
        self.bus = LiveBus()
        self.journal = Journal(settings.journal_dir)
        self.database = Database(settings.database)
        requests = WorkflowRequests(settings.workflow_database)
        self.replay = JournalReplay(
            self.journal, settings.journal_dir, self.database, requests.draft
        )
        self.board = Board(
            write=self._write, publish=self.bus.publish, now=_now, zone=settings.zone
        )
        self.desk = Desk(_now, zone=settings.zone, need_login=settings.seats_need_login)
        self.desk.on_transition = self._seat_changed
        self.seat_records = SeatRecords()
        self.floor = Floor(
            self.desk,
            self.board,
            FloorShelf(self.database, settings.floor_file, _now),
            self._write,
            self.bus.publish,
        )
        self.tap = SnoopTap(
            AriAccess(
                f"http://127.0.0.1:{settings.http_port}", "hotline", known.ari.get_secret_value()
            ),
            max_legs=settings.live_leg_limit + 64,
        )
        self.ears = Ears(
            self.tap,
            RemoteRecognizer(settings.recognizer_urls),
            LiveCapacity(settings.live_leg_limit),
            self._heard,
        )
        self.switch = Switch(
            AmiAccess("127.0.0.1", settings.ami_port, "hotline", known.ami.get_secret_value()),
            self.board,
            self.desk,
            self.ears,
            Records(settings.spool_dir / "slips", self.database),
            self._third_party,
        )
        self.shelf = FlowShelf(self.database, settings.flows_file, default=settings.flow, now=_now)
        self.prompts = Prompts(
            SoundsOnDisk(settings.prompts_dir / LANGUAGE),
            {
                folder.name: SoundsOnDisk(folder)
                for folder in settings.prompts_dir.glob("*")
                if folder.is_dir() and folder.name != LANGUAGE
            },
        )
        self.line_options = LineOptions(
            dial_string=self._dial_string,
            message_folder=str(settings.spool_dir / "recordings"),
            tone=str(settings.prompts_dir / LANGUAGE / "beep"),
            key_context="ringing-key",
            answered_context="seat-answered",
            ring_options="b(seat-rings^s^1)",
        )
        self.phones = BrowserPhones(PushedAccounts(self.tap.ari))
        self.orders = Orders(self.desk, self.phones, settings.agents)
        RoomOrders(
            self.orders, self.desk, Talks(self.switch.rooms, self.switch.pauses), self._brief
        )
        self.switch.on_connected = self.phones.write_again
        self.call_backs = self.floor.dial_out(
            self.switch.patch, self._synced, possible=bool(settings.call_back_target)
        )
        self.switch.call_backs = self.call_backs
        self.switch.on_not_reached = self.floor.not_reached
        self.switch.on_keyed = lambda call, number: self.floor.danger.keyed(call, number, number)
        self.desk.on_joined = self.floor.answered
        self.orders.alarms_open = self.floor.alarms.open
        self.orders.refuse_off_duty = self.floor.refuse_off_duty
        FloorOrders(
            self.orders,
            self.desk,
            self.floor.alarms,
            self.call_backs,
            (self._write, self.bus.publish, self.floor.records),
            self.floor.shelf.refresh,
        )
        self.counter = OrderCounter(self.orders.handle)
        answers = FlowAnswers(
            self.database,
            settings.outbox,
            frozenset(settings.flow_http_hosts),
            lambda: self.shelf.shelf.switches,
            _now,
        )
        self.answerers = Answerers(
            self.desk,
            self.switch.pauses,
            {
                "caller": answers.caller,
                "ticket": answers.ticket,
                "switches": answers.told_switches,
                "set_switch": answers.set_switch,
                "sms": answers.sms,
                "http": answers.http,
                "roster": LeaderWindows(
                    self.desk, lambda: self.floor.shelf.settings.duties, self._speak
                ).told,
            },
            self.call_backs,
        )
        self.agi = AgiServer(self._session, max_sessions=MOST_SESSIONS)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._unsynced = False

    async def run(self) -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        settings = self.settings
        self._restore()
        await asyncio.to_thread(self.shelf.load)
        with contextlib.suppress(Exception):  # what was loaded counts until the database answers
            async with asyncio.timeout(DATABASE_WITHIN_S):
                await self.shelf.refresh()
                await self.floor.shelf.refresh()
        await self.bus.start(settings.live_socket)
        await self.tap.start("127.0.0.1", settings.audiosocket_port)
        await self.counter.start(settings.orders_socket)
        await self.switch.start()
        for work in (
            self.replay.run(),
            self._sync(),
            self.switch.look_round(),
            self.shelf.run(),
            self.floor.shelf.run(),
            self._tick(),
            beat(settings.run_dir / "engine.beat"),
        ):
            self._go(work)
        # Last: from here on calls come in.
        await self.agi.start("127.0.0.1", settings.agi_port)
        log.info("engine ready", open_calls=len(self.board.calls))
        await stopping.wait()
        await self._stop()

    async def _stop(self) -> None:
        left = await self.agi.drain(DRAIN_WITHIN_S)
        log.info("engine stopping", sessions_left=left)
        await self.agi.close()
        await self.counter.close()
        await self.switch.close()
        await self.board.ended()
        await self.tap.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.bus.close()
        self.journal.close()
        await self.database.close()

    async def _session(self, session: AgiSession) -> None:
        offices = Offices(
            self.board,
            self.desk,
            self.ears,
            self.shelf,
            self.prompts,
            self.answerers,
            self.call_backs,
            self.floor.is_drill,
        )
        await incoming_call(session, self.line_options, offices)

    def _dial_string(self, seat: str) -> str:
        """A seat's telephone, or one of the other lines; "" where nothing is configured."""
        if seat.startswith(OTHER_LINE):
            name = seat.removeprefix(OTHER_LINE)
            if name in EMERGENCY_NUMBERS:
                return self.settings.emergency_target(name)
            return self.settings.lines.get(name, "")
        return f"PJSIP/{self.desk.device_of(seat)}"

    def _write(self, record: Record) -> None:
        self.journal.append(record)
        self.floor.written(record)
        self._unsynced = True
        self.replay.wake()

    def _restore(self) -> None:
        """Open calls and seats as the journal left them; Asterisk tells what changed since."""
        everything = self.journal.everything
        self.floor.shelf.load()
        self.board.restore(record for record in everything() if record.kind not in NO_CALLS)
        for seat, login in seats_of(everything()):
            self.desk.restore(seat, login)
        self.floor.restore(self.journal)

    def _seat_changed(self, change: Transition, login: Login) -> None:
        logged_in = change.event is SeatEvent.LOGGED_IN
        record = self.seat_records.of(change, LOGIN.dump_python(login, mode="json"))
        if not logged_in:
            record.body["login"] = None
        self._write(record)
        told = {name: record.body[name] for name in ("seat", "agent", "reason", "call_id")}
        self.bus.publish(
            {"type": "seat", "at": change.at.isoformat(), "state": change.after.value, **told}
        )

    def _third_party(self, number: str, caller: str) -> str | None:
        """Whom agents and flows may bring into a conversation; in a drill, no real service."""
        settings = self.settings
        if number in EMERGENCY_NUMBERS:
            if self.floor.is_drill(caller):
                return f"Local/{number}@emergency-drill/n"
            targets = settings.emergency_targets(number)
            return targets[0] if len(targets) == 1 else f"Local/{number}@emergency-line/n"
        if number in settings.lines:
            return settings.lines[number]
        if number in settings.agents:
            return f"PJSIP/{self.desk.device_of(number)}"
        if settings.outside_dial and OUTSIDE.fullmatch(number):
            return settings.outside_dial.replace("{number}", number)
        return None

    async def _speak(self, text: str) -> str:
        """The prompt that says these words; its sound is made where there is none yet."""
        key = Words(text={LANGUAGE: text[:LONGEST_BRIEFING]}).prompt
        path = self.settings.prompts_dir / LANGUAGE / f"{key}.wav"
        if not path.exists():
            await asyncio.to_thread(render_text, text[:LONGEST_BRIEFING], LANGUAGE, path)
        return key

    async def _brief(self, text: str) -> Path | None:
        """What a third party hears before it joins, spoken by the voice of the prompts."""
        path = self.settings.spool_dir / "briefings" / f"{token_hex(8)}.wav"
        try:
            await asyncio.to_thread(render_text, text[:LONGEST_BRIEFING], LANGUAGE, path)
        except (RenderFailed, OSError) as failure:
            log.warning("no briefing", why=type(failure).__name__)
            return None  # the third party comes all the same, and the agent tells it
        return path

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_EVERY_S)
            self.desk.tick()
            await self.switch.pauses.tick()
            self.floor.tick(self.journal)
            await self.floor.forget_callers(self.switch.patch)
            with contextlib.suppress(LineError):  # taken back at a later tick
                await self.phones.expire(_now())

    def _heard(self, call: Call, side: str, heard: Heard) -> None:
        """Words of danger on both sides, also in partial results: seconds count."""
        found = self.floor.danger.heard(call, side, heard.text)
        if side == "caller" and found is not None and found.level is Level.CLEAR:
            event = EmergencyHeard(found.service.value, found.why)
            self._go(self.board.emergency(call, event, self.switch.recall))

    async def _synced(self) -> None:
        """What was written survives a power cut, too."""
        with contextlib.suppress(OSError):
            await asyncio.to_thread(self.journal.sync)

    async def _sync(self) -> None:
        while True:
            await asyncio.sleep(SYNC_EVERY_S)
            if self._unsynced:
                self._unsynced = False
                await self._synced()

    def _go(self, work: Any) -> None:  # noqa: ANN401  any coroutine
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("engine task failed", exc_info=task.exception())
