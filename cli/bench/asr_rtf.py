"""Real-time factor of our recognition beside a raw `KaldiRecognizer` loop, in one run.

Both sides decode the same sound and must hear the same words. Rounds alternate, and a ratio is
the median of the rounds' ratios, so that other load on the machine hits both.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from asr.engines.process import recognizer_process
from asr.engines.remote import LIVE, RECORDED, Patience, RemoteRecognizer
from cli.bench.figures import CannotMeasure, Line
from cli.bench.machine import cpu_s
from cli.bench.speech import BYTES_PER_S, RATE, talk
from config.settings import PROJECT

ROW = "asr"
GOAL_RATIO, GOAL_GAIN = 1.05, 1.9
RAW, RAW_LIVE = "raw", "raw with partials"
# Both sides end stretches where the model does, or they would hear different words.
KINDS = {"recorded": replace(RECORDED, pause_s=None), "live": LIVE}
PROCESSES = (1, 2)


@dataclass(frozen=True)
class Effort:
    sound_s: float = 60.0
    rounds: int = 3


@dataclass(frozen=True)
class Spent:
    """One run over the sound in each of so many processes; ``cpu_s`` of all decoders."""

    wall_s: float
    cpu_s: float
    texts: frozenset[str]


@dataclass(frozen=True)
class Factors:
    """Seconds of work per second of sound; the ratios compare with the raw loop's, round by round.

    ``carried``: seconds of sound per second on the clock, over all processes.
    """

    cpu: float
    cpu_ratio: float
    wall_ratio: float
    carried: float


def lines(model: Path) -> list[Line]:
    """The row of the table."""
    found = measure(model, Effort())
    raw = found[RAW, 1]
    result = [
        Line(
            ROW,
            f"real-time factor (CPU), {kind}, one process",
            f"{found[kind, 1].cpu:.4f}",
            f"{raw.cpu:.4f} raw KaldiRecognizer",
            found[kind, 1].cpu_ratio,
            f"≤ {GOAL_RATIO:g} ×",
            found[kind, 1].cpu_ratio <= GOAL_RATIO,
        )
        for kind in KINDS
    ]
    live, aloud = found["live", 1], found[RAW_LIVE, 1]
    result.append(
        Line(
            ROW,
            "the same beside a raw loop asked for partial words as often",
            f"{live.cpu:.4f}",
            f"{aloud.cpu:.4f} raw, every 0.1 s",
            live.cpu / aloud.cpu,
        )
    )
    gains = {kind: found[kind, 2].carried / found[kind, 1].carried for kind in (RAW, *KINDS)}
    result += [
        Line(
            ROW,
            f"two processes to one, {kind}",
            f"{gains[kind]:.2f} times the sound",
            f"{gains[RAW]:.2f} raw",
            gains[kind] / gains[RAW],
            f"≥ {GOAL_GAIN:g}",
            gains[kind] >= GOAL_GAIN,
        )
        for kind in KINDS
    ]
    return result


def measure(model: Path, effort: Effort) -> dict[tuple[str, int], Factors]:
    """By kind (raw, raw with partials, recorded, live) and number of processes."""
    sound = talk(effort.sound_s)
    found = {}
    with tempfile.NamedTemporaryFile(suffix=".pcm") as file:
        file.write(sound)
        file.flush()
        for processes in PROCESSES:
            taken: dict[str, list[Spent]] = {kind: [] for kind in (RAW, RAW_LIVE, *KINDS)}
            for _ in range(effort.rounds):
                for kind, mode in ((RAW, ()), (RAW_LIVE, ("partials",))):
                    taken[kind].append(raw_loop(model, Path(file.name), processes, *mode))
                for kind, patience in KINDS.items():
                    taken[kind].append(asyncio.run(ours(model, sound, processes, patience)))
            if taken["recorded"][0].texts != taken[RAW][0].texts:
                raise CannotMeasure("ours and the raw loop heard different words")
            for kind, spent in taken.items():
                total_s = len(sound) / BYTES_PER_S * processes
                found[kind, processes] = _factors(spent, taken[RAW], total_s)
    return found


def _factors(taken: list[Spent], raw: list[Spent], total_s: float) -> Factors:
    pairs = list(zip(taken, raw, strict=True))
    return Factors(
        statistics.median(one.cpu_s for one in taken) / total_s,
        statistics.median(one.cpu_s / other.cpu_s for one, other in pairs),
        statistics.median(one.wall_s / other.wall_s for one, other in pairs),
        total_s / statistics.median(one.wall_s for one in taken),
    )


def raw_loop(model: Path, pcm: Path, processes: int, *mode: str) -> Spent:
    """So many raw loops started together; wall time is the slowest one's."""
    command = [sys.executable, "-m", "cli.bench.raw_decode", "loop", str(model), str(pcm), *mode]
    running = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
        )
        for _ in range(processes)
    ]
    for one in running:
        if one.stdout is None or not one.stdout.readline():
            raise CannotMeasure("the raw recognizer did not start")
    for one in running:
        if one.stdin is not None:
            one.stdin.write("go\n")
            one.stdin.flush()
    done = [json.loads(one.communicate()[0]) for one in running]
    return Spent(
        max(one["wall"] for one in done),
        sum(one["cpu"] for one in done),
        frozenset(one["text"] for one in done),
    )


async def ours(model: Path, sound: bytes, processes: int, patience: Patience) -> Spent:
    """As many recognizer processes, one stream each, fed over WebSocket by one client."""
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(recognizer_process(model)) for _ in range(processes)
        ]
        recognizers = [
            RemoteRecognizer([one.url], patience=patience, partials=patience is LIVE)
            for one in servers
        ]
        before = [cpu_s(one.pid) for one in servers]
        began = time.perf_counter()
        texts = await asyncio.gather(*(_hear(one, sound, patience) for one in recognizers))
        wall = time.perf_counter() - began
        spent = sum(cpu_s(one.pid) for one in servers) - sum(before)
    return Spent(wall, spent, frozenset(texts))


async def _hear(recognizer: RemoteRecognizer, sound: bytes, patience: Patience) -> str:
    hearing = await recognizer.open(rate=RATE)
    size = round(patience.block_s * RATE) * 2

    async def feed() -> None:
        for at in range(0, len(sound), size):
            await hearing.room()
            await hearing.feed(sound[at : at + size])
        await hearing.finish()

    feeding = asyncio.create_task(feed())
    text = "".join([heard.text async for heard in hearing.results() if heard.final])
    await feeding
    return text
