"""From the caller's hang-up to the draft ticket that can be read, through the whole system.

Callers dial, hear the greeting and the request to speak, speak, and hang up. The clock starts
when the BYE goes out and stops when GET /tickets/NUMBER answers 200.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from asr.models.store import active
from cli.bench import sipp
from cli.bench.figures import CannotMeasure, Line, percentile
from cli.bench.speech import BYTES_PER_S, SENTENCES, mulaw, spoken
from cli.bench.system import System
from cli.vault import vault_for
from config.settings import PROJECT
from services import live
from services.recordings import SOUND

ROW = "draft"
GOAL_P95_S = 2.0
BEFORE_SPEECH = ("greeting", "leave-message", "beep")
LANGUAGE = "zh-CN"
# From the answer to the first prompt, between prompts, and what a person waits after the tone.
AFTER_TONE_S = 1.0
AFTER_SPEECH_S = 1.0
LOOK_EVERY_S = 0.01
DRAFTED_WITHIN_S = 60.0
SUBSCRIBED_WITHIN_S = 5.0
WAV_HEADER_BYTES = 44


@dataclass(frozen=True)
class Effort:
    calls: int = 30
    rate: float = 0.5


@dataclass(frozen=True)
class Drafts:
    """Seconds, one of each call: ours, and a raw decoder with one INSERT on the same sound."""

    ours_s: list[float]
    raw_s: list[float]
    with_words: int


def lines(system: System) -> list[Line]:
    """The row of the table."""
    effort = Effort()
    found = asyncio.run(measure(system, effort))
    shares = {0.5: "p50", 0.95: "p95"}
    result = []
    for share, name in shares.items():
        ours, raw = percentile(found.ours_s, share), percentile(found.raw_s, share)
        asked = name == "p95"
        result.append(
            Line(
                ROW,
                f"hang-up → draft readable, {name} of {len(found.ours_s)} calls",
                f"{ours:.2f} s",
                f"{raw:.2f} s raw decode + one INSERT",
                ours / raw,
                f"≤ {GOAL_P95_S:g} s" if asked else "",
                ours <= GOAL_P95_S if asked else None,
            )
        )
    return result


async def measure(system: System, effort: Effort) -> Drafts:
    """Raises `CannotMeasure` when a call did not become a draft in time."""
    watch = _Watch(system)
    async with watch.watching():
        outcome = await asyncio.to_thread(sipp.call, system, _calls(system, effort))
        if outcome.failed:
            raise CannotMeasure(f"{outcome.failed} of {effort.calls} calls failed")
        await watch.all_drafted(effort.calls)
    ours = [watch.readable_at[caller] - at for caller, at in outcome.hung_up_at.items()]
    raw = await asyncio.to_thread(_raw, system, list(watch.callers))
    return Drafts(ours, raw, watch.with_words)


def _raw(system: System, call_ids: list[str]) -> list[float]:
    """The bare decoder on the same recordings, taken out of the vault."""
    vault = vault_for(system.settings, "bench")
    with ExitStack() as opened:
        names = {Path(name).stem: name for name in vault.names() if name.endswith(SOUND)}
        recordings = [opened.enter_context(vault.plain_file(names[one])) for one in call_ids]
        return raw_drafts(active(system.settings.models_dir), recordings)


def _calls(system: System, effort: Effort) -> sipp.Calls:
    """Silence until the system listens, a sentence, a moment, and the hang-up."""
    sounds = system.settings.prompts_dir / LANGUAGE
    files = [(sounds / f"{key}.wav").stat().st_size for key in BEFORE_SPEECH]
    quiet_s = sum(size - WAV_HEADER_BYTES for size in files) / BYTES_PER_S + AFTER_TONE_S
    speech = mulaw(spoken(SENTENCES[2]))
    rate = sipp.RATE
    sound = sipp.MULAW_SILENCE * round(quiet_s * rate) + speech + sipp.MULAW_SILENCE * rate * 30
    return sipp.Calls(
        dialled=system.settings.hotline_number,
        number=effort.calls,
        rate=effort.rate,
        at_once=effort.calls,
        talk_s=quiet_s + len(speech) / rate + AFTER_SPEECH_S,
        sound=sound,
    )


def raw_drafts(model: Path, recordings: list[Path]) -> list[float]:
    """Seconds of a raw decode and one durable INSERT, for each recording."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:  # a disk, not memory
        command = [
            sys.executable,
            "-m",
            "cli.bench.raw_decode",
            "draft",
            str(model),
            f"{folder}/raw.db",
        ]
        done = subprocess.run(
            [*command, *map(str, recordings)],
            cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise CannotMeasure(f"the raw decoder failed: {done.stderr.strip()[-300:]}")
    return [float(took) for took in json.loads(done.stdout)]


class _Watch:
    """Follows calls on the live bus, and looks for each one's ticket once the call has ended."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._looking: set[asyncio.Task[None]] = set()
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{system.settings.api_port}",
            headers={"Authorization": f"Bearer {system.secrets.api_token.get_secret_value()}"},
            trust_env=False,
        )
        self.callers: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.readable_at: dict[str, float] = {}
        self.with_words = 0
        self._one_more = asyncio.Event()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        subscribed = asyncio.Event()
        following = asyncio.create_task(self._follow(subscribed))
        try:
            ready = asyncio.create_task(subscribed.wait())
            await asyncio.wait(
                (ready, following), timeout=SUBSCRIBED_WITHIN_S, return_when=asyncio.FIRST_COMPLETED
            )
            if not ready.done():
                ready.cancel()
                raise CannotMeasure("the engine's live events cannot be read")
            yield
        finally:
            for task in (following, *self._looking):
                task.cancel()
            await asyncio.gather(following, *self._looking, return_exceptions=True)
            await self._http.aclose()

    async def all_drafted(self, calls: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAFTED_WITHIN_S):
                while len(self.readable_at) < calls:
                    await self._one_more.wait()
                    self._one_more.clear()
        if len(self.readable_at) < calls:
            raise CannotMeasure(f"{len(self.readable_at)} of {calls} calls became a draft")

    async def _follow(self, subscribed: asyncio.Event) -> None:
        path = self._system.settings.live_socket
        async for event in live.subscribe(path, on_subscribed=subscribed.set):
            self._take(event)

    def _take(self, event: Mapping[str, Any]) -> None:
        call_id = event["call_id"]
        if event["type"] == "call_started":
            self.callers[call_id] = event["caller"]
            self.numbers[call_id] = event["ticket_number"]
        elif event["type"] == "call_ended" and call_id in self.numbers:
            task = asyncio.create_task(self._look(call_id))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    async def _look(self, call_id: str) -> None:
        while True:
            answer = await self._http.get(f"/tickets/{self.numbers[call_id]}")
            if answer.status_code == httpx.codes.OK:
                self.readable_at[self.callers[call_id]] = time.time()
                self.with_words += bool(answer.json()["caller_text"])
                self._one_more.set()
                return
            await asyncio.sleep(LOOK_EVERY_S)
