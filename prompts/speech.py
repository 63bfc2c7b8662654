"""Sound of a text, from espeak-ng, in the band of a telephone line. Works offline."""

import re
import subprocess
from array import array

from prompts.levels import pcm
from prompts.shaping import trim
from prompts.texts import Voice

RATE = 8000
# G.712 passes 300-3400 Hz; espeak's rumble below and hiss above only cost loudness.
BAND = ("sinc", "300-3400")
CLAUSE = re.compile(r"[^，。、！？；：,.!?;:]+[，。、！？；：,.!?;:]*")
SENTENCE_ENDS = "。！？.!?"
# 、 separates items of a list ("110、119"): half a clause pause keeps them apart for the ear.
LIST_MARK = "、"


class RenderFailed(Exception):
    """A tool could not make or read a sound; says which and what it answered."""


def say(text: str, voice: Voice) -> "array[int]":
    """8 kHz mono samples of ``text``, its pauses set by the punctuation, none at the ends."""
    clauses = CLAUSE.findall(text)
    sound = array("h")
    for number, clause in enumerate(clauses, start=1):
        sound.extend(trim(_clause(clause, voice), RATE))
        if number < len(clauses):
            sound.extend(array("h", bytes(2 * RATE * pause_ms(clause, voice) // 1000)))
    return sound


def pause_ms(clause: str, voice: Voice) -> int:
    """How long the voice rests after a clause, by its last mark."""
    if clause[-1] in SENTENCE_ENDS:
        return voice.sentence_ms
    return voice.clause_ms // 2 if clause[-1] == LIST_MARK else voice.clause_ms


def _clause(clause: str, voice: Voice) -> "array[int]":
    name = f"{voice.name}+{voice.variant}" if voice.variant else voice.name
    speed, pitch = str(voice.speed_wpm), str(voice.pitch)
    spoken = run_tool(
        ["espeak-ng", "-v", name, "-s", speed, "-p", pitch, "--stdin", "--stdout"], clause.encode()
    )
    return telephone_band(spoken)


def telephone_band(wav: bytes) -> "array[int]":
    """Any sound file sox can read from a pipe, as 8 kHz mono samples limited to 300-3400 Hz."""
    # -3 dB first: the filter overshoots, and a clipped sample cannot be mended afterwards.
    shape = ["-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed", "-L", "-t", "raw", "-"]
    return pcm(run_tool(["sox", "-D", "-t", "wav", "-", *shape, "gain", "-3", *BAND], wav))


def run_tool(command: list[str], given: bytes = b"") -> bytes:
    """What the tool writes to stdout when fed ``given``; `RenderFailed` with its complaint."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=60, check=True)
    except FileNotFoundError as missing:
        raise RenderFailed(f"{command[0]} is not installed") from missing
    except subprocess.CalledProcessError as failed:
        raise RenderFailed(
            f"{command[0]}: {failed.stderr.decode(errors='replace').strip()}"
        ) from failed
    return done.stdout
