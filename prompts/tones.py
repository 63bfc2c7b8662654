"""Sounds that are not speech: the tone before a message, silence, pauses. Pure."""

import math
from array import array

FULL_SCALE = 32768.0
BEEP_HZ = 1000.0
BEEP_MS = 250
BEEP_DBFS = -12.0
# Raised-cosine edges of 10 ms: a tone switched on at once is heard as a click.
EDGE_MS = 10


def beep(rate: int) -> "array[int]":
    """The 1 kHz tone after which a caller speaks: 250 ms, −12 dBFS RMS, soft edges."""
    amplitude = 10 ** (BEEP_DBFS / 20) * math.sqrt(2) * FULL_SCALE
    count = rate * BEEP_MS // 1000
    edge = rate * EDGE_MS // 1000
    return array(
        "h",
        (
            round(
                amplitude
                * _edge(min(n, count - 1 - n), edge)
                * math.sin(math.tau * BEEP_HZ * n / rate)
            )
            for n in range(count)
        ),
    )


def silence(rate: int, length_ms: int) -> "array[int]":
    """Digital silence."""
    return array("h", bytes(2 * (rate * length_ms // 1000)))


def _edge(samples_from_end: int, edge: int) -> float:
    return 0.5 - 0.5 * math.cos(math.pi * min(1.0, samples_from_end / edge))
