"""How many legs recognition keeps up with: fed at the pace of speech, how far behind are the words?

Every leg hears other sentences at its own moment, in packets of 20 ms as the line delivers them;
ten times a second it is noted how much sound of each leg was not answered yet.
"""

import asyncio
import math
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from asr.engines.process import recognizer_process
from asr.engines.remote import LIVE, RemoteHearing, RemoteRecognizer
from cli.bench.figures import Line, percentile
from cli.bench.machine import cpu_s
from cli.bench.speech import BYTES_PER_S, RATE, talk

ROW = "asr"
PACKET_S, SAMPLED_EVERY_S = 0.02, 0.1
GOALS_S = {8: 1.0, 16: 3.0}


@dataclass(frozen=True)
class Kept:
    """``behind_s``: 95th percentile over all legs; ``cpu``: cores used by one leg; in MB a leg."""

    behind_s: float
    cpu: float
    memory_mb: float


def lines(model: Path) -> list[Line]:
    """The rows of the table: behindness for 8 and 16 legs, legs per core, memory per leg."""
    found = {legs: asyncio.run(measure(model, legs, 20.0)) for legs in GOALS_S}
    processes = os.cpu_count() or 1
    result = [
        Line(
            ROW,
            f"{legs} live legs, {processes} processes: behind the speaker, p95",
            f"{kept.behind_s:.2f} s",
            goal=f"≤ {GOALS_S[legs]:g} s",
            met=kept.behind_s <= GOALS_S[legs],
        )
        for legs, kept in found.items()
    ]
    most = found[max(found)]
    result.append(Line(ROW, "live legs that one core carries", f"{1 / most.cpu:.0f}"))
    result.append(Line(ROW, "memory per live leg", f"{most.memory_mb:.1f} MB"))
    return result


async def measure(model: Path, legs: int, length_s: float) -> Kept:
    """So many legs at once, for ``length_s`` each, on one recognizer process per core."""
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(recognizer_process(model))
            for _ in range(os.cpu_count() or 1)
        ]
        talk(length_s + legs)  # spoken once, before any leg waits for it
        # A leg that falls behind is a figure here, not one to be given up.
        patient = replace(LIVE, behind_s=math.inf)
        recognizer = RemoteRecognizer([one.url for one in servers], patience=patient)
        memory_mb = sum(map(_resident_mb, (one.pid for one in servers)))
        spent_s = sum(cpu_s(one.pid) for one in servers)
        ends = await asyncio.gather(*(_leg(recognizer, leg, length_s) for leg in range(legs)))
        spent_s = sum(cpu_s(one.pid) for one in servers) - spent_s
        grown_mb = sum(map(_resident_mb, (one.pid for one in servers))) - memory_mb
    behind = [behind_s for leg in ends for behind_s in leg]
    return Kept(percentile(behind, 0.95), spent_s / (legs * length_s), grown_mb / legs)


async def _leg(recognizer: RemoteRecognizer, leg: int, length_s: float) -> list[float]:
    """How far behind this leg was, sample by sample."""
    hearing = await recognizer.open(rate=RATE)
    sound = talk(length_s + leg)[leg * BYTES_PER_S :]
    behind: list[float] = []
    listening = asyncio.create_task(_listen(hearing))
    clock = asyncio.get_running_loop().time
    began, size = clock(), int(PACKET_S * BYTES_PER_S)
    for number in range(round(length_s / PACKET_S)):
        await asyncio.sleep(max(0.0, began + number * PACKET_S - clock()))
        await hearing.feed(sound[number * size : (number + 1) * size])
        if number % round(SAMPLED_EVERY_S / PACKET_S) == 0:
            behind.append(hearing.behind_s)
    await hearing.finish()
    await listening
    return behind


async def _listen(hearing: RemoteHearing) -> None:
    async for _ in hearing.results():
        pass


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
