"""Measure a mono 16-bit sound: level, silence at both ends, length, clipping. Pure."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

FULL_SCALE = 32768.0
RAIL = 32767
FRAME_MS = 10
# ITU-T P.56 counts as active what lies within 15.9 dB of the active level itself.
ACTIVE_MARGIN_DB = 15.9
SILENCE_DBFS = -50.0
# A lone full-scale sample is a loud sample; three in a row are a cut-off wave top.
CLIPPED_RUN = 3


@dataclass(frozen=True)
class Levels:
    """``speech_dbfs``: RMS of active speech (pauses gated out) re. 32768; ``-inf`` if silent."""

    speech_dbfs: float
    peak_dbfs: float
    lead_silence_s: float
    trail_silence_s: float
    length_s: float
    clipped_runs: int


def measure(samples: Sequence[int], rate: int) -> Levels:
    """Levels of ``samples`` (mono, signed 16-bit) at ``rate`` Hz."""
    powers = frame_powers(samples, rate)
    loud = [index for index, power in enumerate(powers) if decibels(power) > SILENCE_DBFS]
    frame_s = FRAME_MS / 1000
    length_s = len(samples) / rate
    peak = max((abs(sample) for sample in samples), default=0)
    return Levels(
        speech_dbfs=active_level(powers),
        peak_dbfs=decibels((peak / FULL_SCALE) ** 2),
        lead_silence_s=loud[0] * frame_s if loud else length_s,
        trail_silence_s=max(0.0, length_s - (loud[-1] + 1) * frame_s) if loud else length_s,
        length_s=length_s,
        clipped_runs=clipped_runs(samples),
    )


def decibels(power: float) -> float:
    """10·log10 of a power relative to full scale; ``-inf`` for zero."""
    return 10 * math.log10(power) if power > 0 else -math.inf


def frame_powers(samples: Sequence[int], rate: int) -> list[float]:
    """Mean square of each 10 ms frame (the last may be shorter), full scale = 1."""
    step = rate * FRAME_MS // 1000
    frames = (samples[start : start + step] for start in range(0, len(samples), step))
    return [sum(s * s for s in frame) / len(frame) / FULL_SCALE**2 for frame in frames]


def active_level(powers: Sequence[float]) -> float:
    """Level of the frames within 15.9 dB of their own mean (as P.56), in dB full scale."""
    active = [power for power in powers if decibels(power) > SILENCE_DBFS]
    while active:
        mean = sum(active) / len(active)
        threshold = mean * 10 ** (-ACTIVE_MARGIN_DB / 10)
        kept = [power for power in active if power >= threshold]
        if len(kept) == len(active):
            return decibels(mean)
        active = kept
    return -math.inf


def clipped_runs(samples: Sequence[int]) -> int:
    """How often at least three neighbouring samples sit at the same end of the range."""
    runs = length = last = 0
    for sample in samples:
        rail = (sample >= RAIL) - (sample <= -RAIL)
        length = length + 1 if rail and rail == last else 1
        last = rail
        if rail and length == CLIPPED_RUN:
            runs += 1
    return runs


def pcm(raw: bytes) -> "array[int]":
    """Little-endian 16-bit bytes as samples."""
    samples = array("h")
    samples.frombytes(raw[: len(raw) // 2 * 2])
    return samples
