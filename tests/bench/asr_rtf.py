"""Real-time factor of our recognition beside a raw `KaldiRecognizer` loop, in one run.

``python tests/bench/asr_rtf.py [MODEL_DIR] [--seconds 120] [--rounds 5]`` prints a table: seconds
of work per second of sound, the ratio to the raw loop, for one and two processes. Both sides
decode the same sound in the same blocks and must hear the same words. Rounds alternate, and the
ratio is the median of the rounds' ratios, so that other load on the machine hits both.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from asr.engines.process import recognizer_process
from asr.engines.remote import LIVE, RECORDED, Patience, RemoteRecognizer
from asr.models.store import ensure_embedded

RATE = 8000
SENTENCES = (
    "你好我要投诉小区噪音扰民",
    "我家停水两天了什么时候能来水",
    "我们小区门口的路灯坏了三天了晚上出门看不清路",
    "地址是和平小区六号楼一单元五零二",
    "楼上邻居每天晚上装修噪音很大影响老人休息",
)
# Run as a script of its own: nothing of ours around it. Reads PCM from a file, as fast as it can.
RAW = """
import json, sys, time, vosk
vosk.SetLogLevel(-1)
recognizer = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), 8000)
recognizer.SetWords(True)
pcm = open(sys.argv[2], "rb").read()
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
texts = []
wall, cpu = time.perf_counter(), time.process_time()
for at in range(0, len(pcm), 3200):
    if recognizer.AcceptWaveform(pcm[at:at + 3200]):
        texts.append(json.loads(recognizer.Result())["text"])
texts.append(json.loads(recognizer.FinalResult())["text"])
spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
print(json.dumps({**spent, "text": "".join(texts).replace(" ", "")}))
"""


@dataclass(frozen=True)
class Spent:
    """One run over the sound with ``processes`` streams: seconds; ``cpu_s`` of the decoders."""

    wall_s: float
    cpu_s: float
    texts: frozenset[str]


@dataclass(frozen=True)
class Row:
    """``ratio`` compares CPU time with the raw loop's, ``wall_ratio`` the time on the clock."""

    what: str
    processes: int
    rtf_wall: float
    rtf_cpu: float
    wall_ratio: float
    ratio: float


def synthesise(length_s: float) -> bytes:
    """Mandarin speech with pauses, 8 kHz mono 16-bit, at least ``length_s`` long."""
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for sentence in SENTENCES:
            raw, fit = Path(folder, "raw.wav"), Path(folder, "fit.wav")
            voice = ["espeak-ng", "-v", "cmn-latn-pinyin", "-w", str(raw), sentence]
            subprocess.run(voice, check=True)
            quiet = ["ffmpeg", "-loglevel", "error", "-nostdin", "-y", "-i", str(raw)]
            subprocess.run([*quiet, "-ar", str(RATE), "-ac", "1", str(fit)], check=True)
            with wave.open(str(fit)) as one:
                parts.append(one.readframes(one.getnframes()) + bytes(2 * RATE))
    round_of = b"".join(parts)
    return round_of * (int(length_s * RATE * 2) // len(round_of) + 1)


def raw_loop(model: Path, pcm: Path, processes: int) -> Spent:
    """Any number of raw loops started together; wall time is the slowest one's."""
    command = [sys.executable, "-c", RAW, str(model), str(pcm)]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)
    ]
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    told = [one.stdin.write("go\n") and one.stdin.flush() for one in running if one.stdin]
    assert len(told) == processes
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
        texts = await asyncio.gather(*(hear(one, sound, patience) for one in recognizers))
        wall = time.perf_counter() - began
        spent = sum(cpu_s(one.pid) for one in servers) - sum(before)
    return Spent(wall, spent, frozenset(texts))


async def hear(recognizer: RemoteRecognizer, sound: bytes, patience: Patience) -> str:
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


def cpu_s(pid: int) -> float:
    """User and system seconds of a process, to the nanosecond its threads ran."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def measure(model: Path, *, length_s: float, rounds: int) -> list[Row]:
    """All rows, raw loop first, for one and two processes."""
    sound = synthesise(length_s)
    sound_s = len(sound) / 2 / RATE
    rows = []
    with tempfile.NamedTemporaryFile(suffix=".pcm") as file:
        file.write(sound)
        file.flush()
        for processes in (1, 2):
            taken: dict[str, list[Spent]] = {"raw": [], "recorded": [], "live": []}
            for _ in range(rounds):
                taken["raw"].append(raw_loop(model, Path(file.name), processes))
                for what, patience in (("recorded", RECORDED), ("live", LIVE)):
                    taken[what].append(asyncio.run(ours(model, sound, processes, patience)))
            assert taken["recorded"][0].texts == taken["raw"][0].texts
            total_s = sound_s * processes
            rows += [row(what, processes, taken, total_s) for what in taken]
    return rows


def row(what: str, processes: int, taken: dict[str, list[Spent]], total_s: float) -> Row:
    pairs = list(zip(taken[what], taken["raw"], strict=True))
    return Row(
        what,
        processes,
        statistics.median(one.wall_s for one in taken[what]) / total_s,
        statistics.median(one.cpu_s for one in taken[what]) / total_s,
        statistics.median(one.wall_s / raw.wall_s for one, raw in pairs),
        statistics.median(one.cpu_s / raw.cpu_s for one, raw in pairs),
    )


def table(rows: Sequence[Row]) -> str:
    lines = ["what       processes  RTF wall  RTF cpu  wall/raw  cpu/raw  goal"]
    lines += [
        f"{one.what:<10} {one.processes:>9}  {one.rtf_wall:>8.4f} {one.rtf_cpu:>8.4f}"
        f"  {one.wall_ratio:>8.2f} {one.ratio:>8.2f}  <= 1.05"
        for one in rows
    ]
    for what in ("raw", "recorded", "live"):
        single, double = (one for one in rows if one.what == what)
        gain = single.rtf_wall / double.rtf_wall
        lines.append(f"{what}: two processes carry {gain:.2f} times the sound of one (goal 1.9)")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model_dir", type=Path, nargs="?")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = chosen.model_dir or ensure_embedded(Path(folder))
        print(table(measure(model, length_s=chosen.seconds, rounds=chosen.rounds)))


if __name__ == "__main__":
    main()
