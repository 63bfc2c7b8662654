"""Music on hold, composed here: soft broken chords that loop without a seam. Pure."""

import math
from array import array
from functools import cache

from prompts.levels import FULL_SCALE, active_level, frame_powers

LEVEL_DBFS = -24.0
BEAT_S = 0.5
BEATS_PER_CHORD = 8
NOTE_S = 2.4
# MIDI notes, six chords taken twice, once rising and once falling: 96 beats, 48 s, then two
# quiet closing chords: 64 s in all. Pentatonic colours (no leading note): nothing that
# presses to an end, for somebody who waits.
CHORDS = (
    (48, 55, 60, 64, 67, 72),
    (45, 52, 57, 60, 64, 69),
    (41, 53, 57, 60, 65, 69),
    (43, 55, 59, 62, 67, 74),
    (40, 52, 55, 59, 64, 67),
    (38, 50, 57, 62, 65, 69),
)
CLOSING = ((41, 53, 57, 60, 64, 69), (43, 55, 60, 62, 67, 72))
RISING = (0, 2, 3, 4, 5, 4, 3, 2)
FALLING = (0, 5, 4, 3, 2, 3, 4, 3)
# Overtones of a felt-muted piano; the telephone passes nothing under 300 Hz, so the second and
# third carry the low notes.
PARTIALS = ((1, 1.0), (2, 0.5), (3, 0.22), (4, 0.06))


def hold_music(rate: int) -> "array[int]":
    """64 s at −24 dBFS; its end runs into its beginning (note tails wrap around)."""
    notes = _score()
    length = round(_beats() * BEAT_S * rate)
    mix = array("d", bytes(8 * length))
    for beat, pitch, strength in notes:
        _add(mix, _note(pitch, rate), round(beat * BEAT_S * rate), strength)
    return _levelled(mix, rate)


def _beats() -> int:
    return (2 * len(CHORDS) + 2 * len(CLOSING)) * BEATS_PER_CHORD


def _score() -> list[tuple[int, int, float]]:
    """(beat, MIDI note, strength) of every note; the first of each chord is the firmest."""
    bars = [(c, RISING) for c in CHORDS] + [(c, FALLING) for c in CHORDS]
    bars += [(c, RISING) for c in CLOSING] + [(c, FALLING) for c in CLOSING]
    return [
        (bar * BEATS_PER_CHORD + step, chord[index], 1.0 if step == 0 else 0.6)
        for bar, (chord, figure) in enumerate(bars)
        for step, index in enumerate(figure)
    ]


@cache
def _note(pitch: int, rate: int) -> "array[float]":
    """One struck note dying away, with a 12 ms attack and an ending at exactly zero."""
    hertz = 440.0 * 2 ** ((pitch - 69) / 12)
    count = round(NOTE_S * rate)
    fade = round(0.2 * rate)
    sound = array("d", bytes(8 * count))
    for n in range(count):
        t = n / rate
        shape = min(1.0, t / 0.012) * min(1.0, (count - n) / fade)
        sound[n] = shape * sum(
            weight * math.exp(-t * (1.2 + 0.7 * number)) * math.sin(math.tau * hertz * number * t)
            for number, weight in PARTIALS
        )
    return sound


def _add(mix: "array[float]", note: "array[float]", start: int, strength: float) -> None:
    length = len(mix)
    for n, value in enumerate(note):
        mix[(start + n) % length] += strength * value


def _levelled(mix: "array[float]", rate: int) -> "array[int]":
    peak = max(abs(value) for value in mix)
    rough = array("h", (round(value / peak * 0.9 * FULL_SCALE) for value in mix))
    gain = 10 ** ((LEVEL_DBFS - active_level(frame_powers(rough, rate))) / 20)
    return array("h", (round(value * gain) for value in rough))
