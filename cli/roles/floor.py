"""The engine's part that concerns the whole floor: settings, alarms, call-backs, put together."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from callflow.flow import EMERGENCY_NUMBERS
from domain.queueing.alarms import AlarmKind, Situation
from domain.queueing.roster import BY_ROSTER, admitted
from domain.queueing.rules import PriorityCause
from domain.queueing.seats import Profile
from ivr.alarms import About, Alarms
from ivr.board import Board
from ivr.call import Call, Publish, Write
from ivr.call_backs import CallBacks, Means
from ivr.danger import DangerWatch
from ivr.desk import Desk, Standing
from ivr.regulars import AnswerShare, Regulars
from services.floor_records import FloorRecords
from services.floor_shelf import FloorSettings, FloorShelf
from services.journal import Journal, Record
from services.trunk_marks import TrunkMark
from telephony.line import LineError
from telephony.patch import PatchBay

log = structlog.get_logger()

# Numbers of callers are kept by the switch for so many of its names: 26 × 100,000 s, 30 days.
NAMES_KEPT = 26
NAMES_LOOKED_AT = 60
NAME_S = 100_000
# An alarm of something older says when it was.
TOLD_LATE = timedelta(seconds=15)


class Floor:
    """``desk`` and ``board`` are told what supervisors have set; facts come by `noted`."""

    def __init__(
        self,
        desk: Desk,
        board: Board,
        shelf: FloorShelf,
        write: Write,
        publish: Publish,
    ) -> None:
        self.desk, self.board, self.shelf = desk, board, shelf
        self.records = FloorRecords()
        self.alarms = Alarms(write, publish, desk.now, self.records)
        self.regulars, self.share = Regulars(), AnswerShare()
        self.danger = DangerWatch(desk, self.alarms.ring, lambda: shelf.settings.policy)
        self.call_backs: CallBacks | None = None
        self._write, self._publish = write, publish
        self._segment = 0
        self._forgotten = 0
        shelf.on_changed = self._settings
        desk.standing = self._standing
        desk.admits = self._admits

    def dial_out(
        self, patch: PatchBay, synced: Callable[[], Awaitable[None]], *, possible: bool
    ) -> CallBacks:
        """Citizens can be rung back from now on."""
        self.call_backs = CallBacks(
            Means(
                self.desk,
                patch,
                self._write,
                self._publish,
                synced,
                lambda: self.shelf.settings.policy.call_backs,
                self.desk.zone,
                possible,
            ),
            self.records,
        )
        self.board.on_ended = self.call_backs.ended
        return self.call_backs

    def restore(self, journal: Journal) -> None:
        """As the journal left it."""
        for record in journal.everything():  # once: callers wait until this is done
            self.noted(record)
            self.alarms.restore((record,))
            if self.call_backs is not None:
                self.call_backs.restore((record,))

    def noted(self, record: Record) -> None:
        """Every fact that is written, and at the start those that were."""
        self.regulars.noted(record)
        self.share.noted(record)

    def written(self, record: Record) -> None:
        """A fact of this moment: figures of an emergency number are an alarm as words are."""
        self.noted(record)
        event = record.body.get("event") if record.kind == "stepped" else None
        keys = event.get("keys", "") if isinstance(event, dict) else ""
        call = self.board.calls.get(record.call_id)
        if keys in EMERGENCY_NUMBERS and call is not None:
            self.danger.keyed(call, keys, keys)

    def answered(self, call: Call) -> None:
        """Somebody speaks with the caller."""
        if self.call_backs is not None:
            self.call_backs.answered(call)

    def tick(self, journal: Journal) -> None:
        """Once a second."""
        now = self.desk.now()
        waiting = self.desk.on_the_line()
        longest = max((now - one.waiting_since for one in waiting), default=timedelta(0))
        queues = {one.queue for one in waiting}
        unserved = tuple(sorted(queue for queue in queues if not self.desk.exchange.at_work(queue)))
        late = 0
        if self.call_backs is not None:
            self.call_backs.tick()
            late = self.call_backs.late()
            if journal.segment != self._segment:
                self._segment = journal.segment
                self.call_backs.write_again()
        at = Situation(len(waiting), longest, self.share.share(now), unserved, late)
        self.alarms.watch(at, self.shelf.settings.policy.alarms)

    def refuse_off_duty(self, agent: str, profile: Profile) -> None:
        """Experts and leaders work by the roster. Raises `NotOnDuty`."""
        if profile.kind in BY_ROSTER:
            admitted(self.shelf.settings.duties, agent, self.desk.now())

    def is_drill(self, caller: str) -> bool:
        return self.shelf.settings.policy.drill.concerns(caller, self.desk.now())

    def not_reached(self, mark: TrunkMark) -> None:
        """The dialplan tried an emergency line in vain, perhaps while no engine was there."""
        call = self.board.calls.get(mark.call_id)
        late = self.desk.now() - mark.at > TOLD_LATE
        self.alarms.ring(
            AlarmKind.TRUNK_DOWN,
            About(
                level="clear",
                call_id=mark.call_id,
                queue=call.queue if call else "",
                number=mark.number,
                figure=mark.line,
                words=f" ({mark.at.astimezone(self.desk.zone):%m-%d %H:%M})" if late else "",
            ),
        )

    async def forget_callers(self, patch: PatchBay) -> None:
        """Numbers of calls that came in a month ago are deleted from the switch, once each day."""
        name = int(datetime.now(UTC).timestamp()) // NAME_S
        if name == self._forgotten:
            return
        self._forgotten = name
        for old in range(name - NAMES_LOOKED_AT, name - NAMES_KEPT):
            try:
                await patch.forget_callers(f"callers-{old}")
            except LineError:  # there is none of this name
                continue

    def _settings(self, settings: FloorSettings) -> None:
        self.desk.configure(settings.queues)

    def _standing(self, call: Call) -> Standing:
        now, settings, caller = self.desk.now(), self.shelf.settings, call.facts.caller
        causes = set()
        if settings.goes_first(caller, now):
            causes.add(PriorityCause.ELDERLY)
        if self.regulars.given_up(caller, now) >= settings.policy.abandoned_before:
            causes.add(PriorityCause.ABANDONED_BEFORE)
        return Standing(frozenset(causes), self.regulars.last_seat(caller))

    def _admits(self, agent: str, queue: str) -> bool:
        now = self.desk.now()
        return any(
            duty.account == agent and duty.queue == queue and duty.covers(now)
            for duty in self.shelf.settings.duties
        )
