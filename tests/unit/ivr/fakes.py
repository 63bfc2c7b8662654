"""The phone line, the clock and the books of a call, all made up."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from callflow.commands import Digits
from callflow.flow import from_library
from callflow.nodes.base import Facts
from ivr.call import Call
from ivr.prompts import Prompts
from ivr.session import Conversation
from services.journal import Record
from telephony.line import (
    ALL_KEYS,
    CallerHungUp,
    LineError,
    Message,
    RecordingEnd,
    Ringing,
    RingOutcome,
)

T0 = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
CALL_ID = "hl1-1763843556.12"
FACTS = Facts(caller="13800000000", dialled="12345", ticket_number="261122557010")


@dataclass
class Clock:
    """Stands still but for `pass_s`."""

    moment: datetime = T0

    def now(self) -> datetime:
        return self.moment

    def pass_s(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Books:
    """What a call wrote into the journal and told the desks."""

    records: list[Record] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def kinds(self) -> list[str]:
        return [record.kind for record in self.records]

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        return [record.body for record in self.records if record.kind == kind]

    def told_kinds(self) -> list[str]:
        return [event["type"] for event in self.told]


def call_in(books: Books, clock: Clock, *, call_id: str = CALL_ID) -> Call:
    """A call that has just begun."""
    return Call(
        call_id,
        "PJSIP/citizen-00000001",
        FACTS,
        clock.now(),
        books.records.append,
        books.told.append,
        clock.now,
    )


class FakeLine:
    """A caller who presses ``keys`` in turn, "" letting the time pass; afterwards nothing more.

    ``hangs_up_after``: how many verbs the caller stays for. ``refuses``: a verb that fails.
    ``meanwhile``: what happens elsewhere during a verb.
    """

    def __init__(
        self,
        *keys: str,
        clock: Clock | None = None,
        rings: Iterable[Ringing] = (),
        messages: Iterable[Message] = (),
        before: Ringing | None = None,
        hangs_up_after: int | None = None,
        refuses: str = "",
    ) -> None:
        self._keys = list(keys)
        self._clock = clock or Clock()
        self._rings = list(rings)
        self._messages = list(messages)
        self._before = before
        self._hangs_up_after = hangs_up_after
        self._refuses = refuses
        self.meanwhile: dict[str, Callable[[], object]] = {}
        self.did: list[tuple[Any, ...]] = []
        self.variables: dict[str, str] = {}

    def verbs(self) -> list[str]:
        return [verb for verb, *_ in self.did]

    def arguments(self, wanted: str) -> list[tuple[Any, ...]]:
        return [tuple(arguments) for verb, *arguments in self.did if verb == wanted]

    async def _do(self, verb: str, *arguments: Any) -> None:
        await asyncio.sleep(0)
        if self._hangs_up_after is not None and len(self.did) >= self._hangs_up_after:
            raise CallerHungUp("the caller has gone")
        self.did.append((verb, *arguments))
        self.meanwhile.get(verb, lambda: None)()
        if verb == self._refuses:
            raise LineError(f"no {verb} today")

    async def answer(self) -> None:
        await self._do("answer")

    async def play(self, sounds: list[str], *, keys: str = ALL_KEYS) -> str:
        await self._do("play", *sounds)
        self._clock.pass_s(len(sounds))
        return self._keys.pop(0) if self._keys else ""

    async def wait_key(self, timeout_s: float) -> str:
        await self._do("wait_key", timeout_s)
        key = self._keys.pop(0) if self._keys else ""
        if not key:
            self._clock.pass_s(timeout_s)
        return key

    async def music(self, *, on: bool) -> None:
        await self._do("music", on)

    async def take_message(
        self, name: str, *, max_s: float, silence_s: float, end_keys: str
    ) -> Message:
        await self._do("take_message", name, max_s, silence_s, end_keys)
        message = self._messages.pop(0) if self._messages else Message(RecordingEnd.SILENCE, 0.0)
        self._clock.pass_s(message.length_s)
        return message

    async def ring(self, seat: str, *, for_s: float) -> Ringing:
        await self._do("ring", seat, for_s)
        ringing = self._rings.pop(0) if self._rings else Ringing(RingOutcome.NO_ANSWER)
        self._clock.pass_s(for_s if ringing.outcome is RingOutcome.NO_ANSWER else ringing.talked_s)
        return ringing

    async def rung_before(self) -> Ringing | None:
        await self._do("rung_before")
        told, self._before = self._before, None
        return told

    async def get_variable(self, name: str) -> str:
        await self._do("get_variable", name)
        return self.variables.get(name, "")

    async def set_variable(self, name: str, value: str) -> None:
        await self._do("set_variable", name, value)
        self.variables[name] = value

    async def hang_up(self) -> None:
        await self._do("hang_up")


class EverySound(dict[str, str]):
    """Any prompt has a file, named after its key."""

    def __missing__(self, key: str) -> str:
        return f"/prompts/{key}"


PROMPTS = Prompts(EverySound())
DEFAULT = Conversation(from_library("default"), PROMPTS)
NUMBER = Digits(FACTS.ticket_number)
