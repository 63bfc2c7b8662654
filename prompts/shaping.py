"""Make a raw sound fit the line: cut its silence, set its loudness, pad its ends. Pure."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.levels import FRAME_MS, FULL_SCALE, active_level, decibels, frame_powers

TARGET_DBFS = -19.0
# Trimming looks for speech relative to the loudest frame, so it works on quiet recordings too.
TRIM_BELOW_PEAK_DB = 38.0
KNEE = 0.60
CEILING = 0.94


@dataclass(frozen=True)
class Pads:
    """Silence kept before and after a prompt, in milliseconds."""

    lead_ms: int
    trail_ms: int


# 100 ms lets the far end's jitter buffer and echo canceller settle before the first consonant.
PROMPT_PADS = Pads(lead_ms=100, trail_ms=200)
DIGIT_PADS = Pads(lead_ms=20, trail_ms=70)


def fit(samples: Sequence[int], rate: int, pads: Pads) -> "array[int]":
    """Trimmed, brought to −19 dBFS active speech without clipping, padded; silence stays silent."""
    levelled = to_level(trim(samples, rate), rate, TARGET_DBFS)
    lead, trail = (bytes(2 * (rate * ms // 1000)) for ms in (pads.lead_ms, pads.trail_ms))
    return array("h", lead) + levelled + array("h", trail)


def trim(samples: Sequence[int], rate: int) -> "array[int]":
    """Without the silence at both ends."""
    levels = [decibels(power) for power in frame_powers(samples, rate)]
    floor = max(levels, default=-math.inf) - TRIM_BELOW_PEAK_DB
    loud = [index for index, level in enumerate(levels) if level > floor]
    if not loud:
        return array("h")
    step = rate * FRAME_MS // 1000
    return array("h", samples[loud[0] * step : (loud[-1] + 1) * step])


def to_level(samples: Sequence[int], rate: int, target_dbfs: float) -> "array[int]":
    """Active speech at ``target_dbfs``; peaks above the knee are bent, never cut."""
    level = active_level(frame_powers(samples, rate))
    if level == -math.inf:
        return array("h", samples)
    gain = 10 ** ((target_dbfs - level) / 20)
    return array("h", (_bend(sample * gain / FULL_SCALE) for sample in samples))


def _bend(value: float) -> int:
    size = abs(value)
    if size > KNEE:
        room = CEILING - KNEE
        size = KNEE + room * math.tanh((size - KNEE) / room)
    return round(math.copysign(size, value) * FULL_SCALE)
