"""Two people on the line, each sentence at a known place of its sound."""

import struct
import wave
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline
from tests.asterisk.speech import say, speakable

RATE = 8000
REST_S = 1.0
LOUD = 300
CALLER, AGENT = "caller", "agent"


@dataclass(frozen=True)
class Said:
    """One wav of several sentences: where each begins and ends, from the first sound on."""

    wav: Path
    places: dict[str, tuple[float, float]]


def samples(path: Path, channel: int = 0) -> tuple[int, ...]:
    with wave.open(str(path)) as sound:
        channels = sound.getnchannels()
        raw = sound.readframes(sound.getnframes())
    return struct.unpack(f"<{len(raw) // 2}h", raw)[channel::channels]


def trimmed(wav: Path) -> tuple[int, ...]:
    """Without the silence around the speech."""
    told = samples(wav)
    loud = [place for place, value in enumerate(told) if abs(value) > LOUD]
    return told[loud[0] : loud[-1] + 1]


def sentences(texts: list[str], folder: Path, name: str) -> Said:
    parts: list[int] = []
    places = {}
    for number, text in enumerate(texts):
        spoken = trimmed(say(text, folder / f"{name}-{number}.wav"))
        if parts:
            parts += [0] * round(REST_S * RATE)
        places[text] = (len(parts) / RATE, (len(parts) + len(spoken)) / RATE)
        parts += spoken
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", ""))
        sound.writeframes(struct.pack(f"<{len(parts)}h", *parts))
    return Said(path, places)


def onset(told: tuple[int, ...], after_s: float) -> float:
    """When the channel first sounds after that second: three loud samples within 20 ms."""
    window = RATE // 50
    for start in range(round(after_s * RATE), len(told) - window, window // 2):
        if sum(abs(value) > LOUD for value in told[start : start + window]) > 2:
            return start / RATE
    raise AssertionError("the channel stays silent")


def hold(
    hotline: Hotline,
    number: str,
    turns: Iterable[tuple[str, Said]],
    folder: Path,
    sits_down: Callable[[], object] = lambda: None,
) -> None:
    """A call from ``number`` to seat 1001: the turns one after the other, then the citizen goes.

    ``sits_down``: what the agent does once his telephone is there.
    """
    spoken = [(who, *speakable(said.wav, folder)) for who, said in turns]
    with agent(hotline, "1001") as seat, citizen(hotline, number) as caller:
        sits_down()
        caller.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        caller.pause(0.7)
        for who, wav, length_s in spoken:
            phone = caller if who == CALLER else seat
            phone.speak(wav)
            phone.pause(length_s + 1.2)
        caller.hang_up()
