"""Live ears on a call: each side is recognised while it speaks; words reach journal and desks.

A side that cannot be heard live costs nothing but speed: its recording is transcribed afterwards.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import structlog

from asr.live import Coverage, Leg, LiveCapacity, hear_leg
from asr.recognizer import Heard, Recognizer
from ivr.call import Call
from telephony.tap import TapUnavailable, VoiceTap

log = structlog.get_logger()

OnHeard = Callable[[Call, str, Heard], None]


class Ears:
    """``on_heard`` is told every partial and final, with call and side (caller, agent)."""

    def __init__(
        self, tap: VoiceTap, recognizer: Recognizer, capacity: LiveCapacity, on_heard: OnHeard
    ) -> None:
        self._tap = tap
        self._recognizer = recognizer
        self._capacity = capacity
        self._on_heard = on_heard
        self._legs: dict[str, list[asyncio.Task[None]]] = {}

    def listen(self, call: Call, side: str, channel: str) -> None:
        """Begin to hear one side; returns at once."""
        task = asyncio.create_task(self._hear(call, side, channel), name=side)
        self._legs.setdefault(call.call_id, []).append(task)

    def hear(self, call: Call, side: str) -> bool:
        """Whether this side is being listened to."""
        legs = self._legs.get(call.call_id, [])
        return any(leg.get_name() == side and not leg.done() for leg in legs)

    async def settled(self, call: Call, within_s: float) -> None:
        """The call is over: wait for its last words, but not for ever."""
        legs = self._legs.pop(call.call_id, [])
        if not legs:
            return
        _, late = await asyncio.wait(legs, timeout=within_s)
        for leg in late:
            call.live_complete = False
            leg.cancel()
        if late:
            await asyncio.wait(late)

    async def _hear(self, call: Call, side: str, channel: str) -> None:
        try:
            call.heard_live = call.heard_live or side == "caller"
            await self._hear_out(call, side, channel)
        except TapUnavailable as failure:
            log.warning("cannot listen in", call=call.call_id, side=side, why=str(failure))
            call.live_complete = False
            call.heard_live = call.heard_live and side != "caller"
        except Exception:
            # A fault of ours must not be lost with its task: what it missed is transcribed later.
            log.exception("listening failed", call=call.call_id, side=side)
            call.live_complete = False

    async def _hear_out(self, call: Call, side: str, channel: str) -> None:
        voice = await self._tap.open(channel)
        first = await anext(voice, None)
        if first is None:
            raise TapUnavailable("the party had gone before it was heard")
        leg = Leg(starts_at_s=call.seconds() - len(first) / 16_000)
        async for heard in hear_leg(
            _again(first, voice, call), self._recognizer, leg, capacity=self._capacity
        ):
            if isinstance(heard, Coverage):
                self._covered(call, side, heard)
            else:
                self._note(call, side, heard)

    def _note(self, call: Call, side: str, heard: Heard) -> None:
        if not heard.text:
            return
        if side == "caller":
            call.said = heard.text
        if heard.final:
            words = [vars(word) for word in heard.words]
            start_s = heard.words[0].start_s if heard.words else call.seconds()
            end_s = heard.words[-1].end_s if heard.words else start_s
            seq = call.next_heard(side)
            call.fact(
                "heard",
                side=side,
                source="live",
                seq=seq,
                start_s=start_s,
                end_s=end_s,
                text=heard.text,
                words=words,
            )
            call.tell(
                "final",
                side=side,
                seq=seq,
                start_s=start_s,
                end_s=end_s,
                text=heard.text,
                words=words,
            )
        else:
            call.tell("partial", side=side, text=heard.text)
        self._on_heard(call, side, heard)

    def _covered(self, call: Call, side: str, coverage: Coverage) -> None:
        call.live_complete = call.live_complete and coverage.complete
        call.fact(
            "listened",
            side=side,
            from_s=coverage.from_s,
            to_s=coverage.to_s,
            complete=coverage.complete,
        )


async def _again(first: bytes, rest: AsyncIterator[bytes], call: Call) -> AsyncIterator[bytes]:
    """All of it; silence while the call is paused for privacy, so that times stay right."""
    yield first if call.paused_at is None else bytes(len(first))
    async for more in rest:
        yield more if call.paused_at is None else bytes(len(more))
