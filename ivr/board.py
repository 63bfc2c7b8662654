"""The board of open calls: which call is where, how it is resumed, and when it is over."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from callflow.events import EmergencyHeard
from callflow.nodes.base import Facts
from ivr.call import DETOUR, WISH, Call, Now, Publish, Write
from ivr.listening import Ears
from ivr.numbers import TicketNumbers
from ivr.session import STATE
from services.journal import Record
from services.slips import Slip

log = structlog.get_logger()

Recall = Callable[[str], Awaitable[None]]
"""Fetch a channel out of whatever it does, back to the entry of the dialplan."""

# How long the last words of a call may take; afterwards its recording is transcribed instead.
LAST_WORDS_WITHIN_S = 2.0
# Ended calls that are remembered: more than end between two looks at the slips.
REMEMBERED = 10_000


@dataclass(frozen=True)
class Arrival:
    """A caller as Asterisk hands it over."""

    call_id: str
    channel: str
    caller: str
    dialled: str


class Board:
    """Open calls by id. Reads no clock and speaks to no Asterisk: both are handed in."""

    def __init__(self, *, write: Write, publish: Publish, now: Now, zone: ZoneInfo) -> None:
        self.calls: dict[str, Call] = {}
        self._write = write
        self._publish = publish
        self._now = now
        self._zone = zone
        self._numbers = TicketNumbers()
        self._ending: set[asyncio.Task[None]] = set()
        self._over: deque[str] = deque(maxlen=REMEMBERED)
        self.on_ended: Callable[[Call, str], None] = lambda _call, _outcome: None

    def knows(self, call_id: str) -> bool:
        """Whether the call is open, or ended a while ago at most."""
        return call_id in self.calls or call_id in self._over

    def restore(self, records: Iterable[Record]) -> None:
        """After a restart: calls that had not ended, and the last ticket number given out."""
        last_number = ""
        for record in records:
            last_number = max(last_number, record.body.get("ticket_number", ""))
            self._replay(record)
        self._numbers = TicketNumbers(last_number)
        for call in self.calls.values():
            call.live_complete = False  # what was said while we were away went unheard

    def arrive(self, arrival: Arrival, flow_name: str, flow_version: int) -> Call:
        """The call's entry on the board: a new one, or the one it had before."""
        known = self.calls.get(arrival.call_id)
        if known is not None:
            known.channel = arrival.channel
            return known
        call = self._open(
            arrival.call_id,
            self._now(),
            Facts(arrival.caller, arrival.dialled, self._number(self._now())),
        )
        call.channel = arrival.channel
        call.fact(
            "started",
            caller=arrival.caller,
            dialled=arrival.dialled,
            ticket_number=call.facts.ticket_number,
            flow=flow_name,
            flow_version=flow_version,
        )
        return call

    def missed(self, call_id: str, caller: str, dialled: str, started_at: datetime) -> Call:
        """A call that only the static dialplan saw: put on the board afterwards."""
        call = self._open(call_id, started_at, Facts(caller, dialled, self._number(self._now())))
        call.live_complete = False
        self._write(
            Record(
                call_id,
                0,
                started_at,
                "started",
                {"caller": caller, "dialled": dialled, "ticket_number": call.facts.ticket_number},
            )
        )
        call.seq = 1
        return call

    def gone(
        self, call_id: str, ears: Ears | None, slip: Slip | None = None, *, recovered: bool = False
    ) -> None:
        """The caller's channel is no more: write down the end once the last words are in.

        ``slip``: what the dialplan knows of the call; ``recovered``: we were not there, so that
        the length of the recording tells when it ended.
        """
        call = self.calls.pop(call_id, None)
        if call is None:
            return
        call.fell_back = slip is not None and slip.fell_back
        call.emergency = slip is not None and slip.emergency
        self._over.append(call_id)
        ended_s = call.seconds()
        if recovered and slip is not None and slip.recorded_s is not None:
            ended_s = min(ended_s, slip.recorded_s)
        task = asyncio.create_task(self._end(call, ears, ended_s, recovered=recovered))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def ended(self) -> None:
        """Wait until every call that is gone has been written down."""
        while self._ending:
            await asyncio.wait(self._ending)

    async def emergency(self, call: Call, heard: EmergencyHeard, recall: Recall) -> None:
        """Words that call for 110, 119, 120 or 122: the caller is fetched to be asked about it.

        Only where the flow says so, and while the machine leads the call: in a conversation the
        agent decides, and a seat that rings is a person sooner than any question.
        """
        if heard.number not in call.offers or call.interrupt is not None or not call.in_session:
            return
        if call.talked_at is not None or call.ringing:
            return
        call.interrupt = heard
        await recall(call.channel)

    async def _end(self, call: Call, ears: Ears | None, ended_s: float, *, recovered: bool) -> None:
        if ears is not None:
            await ears.settled(call, LAST_WORDS_WITHIN_S)
        if call.talked_at is not None:
            call.fact("talked", seat=call.seat, from_s=_since(call, call.talked_at), to_s=ended_s)
        call.resumed()
        outcome = call.outcome()
        call.fact_of(
            call.started_at + timedelta(seconds=ended_s),
            "ended",
            outcome=outcome,
            live_complete=call.live_complete,
            recovered=recovered,
            length_s=ended_s,
        )
        call.tell("call_ended", outcome=outcome)
        self.on_ended(call, outcome)
        log.info("call ended", call=call.call_id, outcome=outcome, seconds=round(ended_s, 1))

    def _number(self, now: datetime) -> str:
        return self._numbers.next(now.astimezone(self._zone))

    def _open(self, call_id: str, started_at: datetime, facts: Facts) -> Call:
        call = Call(call_id, "", facts, started_at, self._write, self._publish, self._now)
        self.calls[call_id] = call
        return call

    def _replay(self, record: Record) -> None:
        body: dict[str, Any] = record.body
        if record.kind == "started":
            facts = Facts(body["caller"], body["dialled"], body["ticket_number"])
            self._open(record.call_id, record.at, facts)
        call = self.calls.get(record.call_id)
        if call is None:
            return
        call.seq = record.seq + 1
        if record.kind == "ended":
            del self.calls[record.call_id]
            self._over.append(record.call_id)
        elif record.kind in _REMEMBERED:
            _REMEMBERED[record.kind](call, record.at, body)


def _stepped(call: Call, _: datetime, body: dict[str, Any]) -> None:
    call.state = STATE.validate_python(body["state"])


def _queued(call: Call, at: datetime, body: dict[str, Any]) -> None:
    call.queue, call.waiting_since = str(body["queue"]), at


def _called_back(call: Call, _: datetime, body: dict[str, Any]) -> None:
    call.promised = WISH.validate_python(body["wish"])
    call.waiting_since = datetime.fromisoformat(body["since"])


def _call_back_wanted(call: Call, _: datetime, __: dict[str, Any]) -> None:
    call.call_back = True


def _ringing(call: Call, _: datetime, body: dict[str, Any]) -> None:
    call.ringing = body["seat"]


def _answered(call: Call, at: datetime, body: dict[str, Any]) -> None:
    call.seat, call.talked_at = body["seat"], at


def _detour(call: Call, _: datetime, body: dict[str, Any]) -> None:
    call.detour = DETOUR.validate_python(body["detour"])


def _talked(call: Call, _: datetime, body: dict[str, Any]) -> None:
    call.seat, call.ringing, call.talked_at = body["seat"], "", None


def _heard(call: Call, _: datetime, body: dict[str, Any]) -> None:
    call.heard[body["side"]] = body["seq"]


def _privacy_began(call: Call, at: datetime, body: dict[str, Any]) -> None:
    """An engine that died while nothing was recorded must still turn the recording on again."""
    call.paused_at, call.paused_by = at, body["by"]


def _privacy_pause(call: Call, _: datetime, __: dict[str, Any]) -> None:
    call.paused_at, call.paused_by = None, ""


# What of a call's facts matters for going on; a place in the queue is kept by "queued".
_REMEMBERED: dict[str, Callable[[Call, datetime, dict[str, Any]], None]] = {
    "stepped": _stepped,
    "queued": _queued,
    "call_back_of": _called_back,
    "call_back_wanted": _call_back_wanted,
    "ringing": _ringing,
    "answered": _answered,
    "detour": _detour,
    "talked": _talked,
    "heard": _heard,
    "privacy_began": _privacy_began,
    "privacy_pause": _privacy_pause,
}


def _since(call: Call, moment: datetime) -> float:
    return (moment - call.started_at).total_seconds()
