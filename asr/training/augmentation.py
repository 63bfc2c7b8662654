"""espeak speech -> what a telephone line makes of it: room, noise, level, band, G.711.

All signals are mono; float32 in the range of int16 (-32768..32767) at 8000 Hz unless said.
"""

from math import gcd

import numpy as np
import numpy.typing as npt

from asr.training.line_damage import Gsm, lose_packets

Signal = npt.NDArray[np.float32]

RATE = 8000
LOUDEST = 32767.0

# Kaiser 5.0, 10 zero crossings each side of the slower rate: what scipy's resample_poly does,
# with which the acoustic model was first trained.
_KAISER_BETA = 5.0
_ZERO_CROSSINGS = 10


def resample(samples: npt.NDArray[np.int16] | Signal, rate: int, to_rate: int = RATE) -> Signal:
    """Polyphase windowed-sinc resampling from ``rate`` to ``to_rate`` Hz; length scales with it."""
    signal = samples.astype(np.float32)
    if rate == to_rate:
        return signal
    common = gcd(rate, to_rate)
    up, down = to_rate // common, rate // common
    half = _ZERO_CROSSINGS * max(up, down)
    taps = np.arange(-half, half + 1)
    low_pass = np.sinc(taps / max(up, down)) * np.kaiser(2 * half + 1, _KAISER_BETA)
    low_pass *= up / low_pass.sum()
    reach = half // up + 1  # input samples that one output sample sees on each side
    out_at = np.arange(-(-len(signal) * up // down)) * down
    centre, phase = out_at // up, out_at % up
    # Row p of the bank: the filter as seen by an output that falls p/up after an input sample.
    offsets = np.arange(-reach, reach + 1)
    index = np.arange(up)[:, None] - offsets[None] * up + half
    inside = (index >= 0) & (index < len(low_pass))
    bank = np.where(inside, low_pass[np.clip(index, 0, len(low_pass) - 1)], 0.0).astype(np.float32)
    padded = np.pad(signal, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.einsum("ij,ij->i", windows[centre], bank[phase]).astype(np.float32)


def pad(signal: Signal, lead_s: float, tail_s: float) -> Signal:
    return np.pad(signal, (int(lead_s * RATE), int(tail_s * RATE)))


def speech_level(signal: Signal) -> float:
    """RMS of the part that is not silence (above 100 of 32767); 1.0 when all is silent."""
    loud = signal[np.abs(signal) > 100]
    return float(np.sqrt(np.mean(loud**2))) if len(loud) else 1.0


def band(signal: Signal, low_hz: float, high_hz: float) -> Signal:
    """Soft-edged band-pass."""
    size = len(signal) + 256
    spectrum = np.fft.rfft(signal, size)
    hz = np.fft.rfftfreq(size, 1 / RATE)
    gain = 1 / (1 + np.exp(-(hz - low_hz) / (low_hz * 0.12 + 5)))
    gain = gain / (1 + np.exp((hz - high_hz) / 60))
    return np.fft.irfft(spectrum * gain, size)[: len(signal)].astype(np.float32)


def mu_law(signal: Signal) -> Signal:
    """There and back through G.711 mu-law (ITU-T G.711, table 2)."""
    size = np.minimum(np.abs(signal), 32635) + 132
    chord = np.floor(np.log2(size)).astype(int) - 7
    step = 2.0 ** (chord + 3)
    level = np.floor((size - 2.0 ** (chord + 7)) / step)
    return (np.sign(signal) * (2.0 ** (chord + 7) + (level + 0.5) * step - 132)).astype(np.float32)


def a_law(signal: Signal) -> Signal:
    """There and back through G.711 A-law (ITU-T G.711, table 1)."""
    size = np.minimum(np.abs(signal), LOUDEST)
    chord = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(int) - 8, 0)
    step = np.where(chord <= 0, 16.0, 2.0 ** (chord + 4))
    sign = np.where(signal >= 0, 1.0, -1.0)
    return (sign * (np.floor(size / step) + 0.5) * step).astype(np.float32)


def noise(random: np.random.Generator, count: int) -> Signal:
    """White, pink or brown noise or mains hum, RMS about 1."""
    kind = str(random.choice(["white", "pink", "brown", "hum"], p=[0.3, 0.4, 0.2, 0.1]))
    if kind == "hum":
        at_s = np.arange(count) / RATE
        tones = [
            np.sin(2 * np.pi * 50 * k * at_s + random.uniform(0, 6)) / k for k in (1, 2, 3, 5, 7)
        ]
        return np.sum(tones, axis=0).astype(np.float32)
    spectrum = np.fft.rfft(random.standard_normal(count + 1))
    bins = np.maximum(np.arange(len(spectrum)), 1.0)
    slope = {"white": 0.0, "pink": 0.5, "brown": 1.0}[kind]
    made = np.fft.irfft(spectrum / bins**slope, count + 1)[:count]
    return (made / (made.std() + 1e-9)).astype(np.float32)


def telephone(signal: Signal, random: np.random.Generator) -> Signal:
    """300-3400 Hz (edges drawn anew each time) and one of the two G.711 laws."""
    narrow = band(signal, random.uniform(180, 320), random.uniform(3300, 3500))
    law = mu_law if random.random() < 0.5 else a_law
    return law(np.round(np.clip(narrow, -LOUDEST - 1, LOUDEST)))


def to_int16(signal: Signal) -> npt.NDArray[np.int16]:
    return np.clip(np.round(signal), -32768, 32767).astype(np.int16)


def _convolve(signal: Signal, response: npt.NDArray[np.float64]) -> Signal:
    size = len(signal) + len(response) - 1
    product = np.fft.rfft(signal, size) * np.fft.rfft(response, size)
    return np.fft.irfft(product, size)[: len(signal)].astype(np.float32)


def _room(signal: Signal, random: np.random.Generator) -> Signal:
    length = int(RATE * random.uniform(0.03, 0.2))
    decay = np.exp(-6.0 * np.arange(length) / length)
    response = random.standard_normal(length) * decay * random.uniform(0.02, 0.12)
    response[0] = 1
    return _convolve(signal, response)


def _line_echo(signal: Signal, random: np.random.Generator) -> Signal:
    delay = int(RATE * random.uniform(0.02, 0.14))
    late = np.zeros_like(signal)
    late[delay:] = signal[:-delay]
    return signal + late * np.float32(random.uniform(0.1, 0.85))


def under(signal: Signal, other: Signal, below_db: float) -> Signal:
    """``signal`` with another voice under it, ``below_db`` softer, repeated if too short."""
    spread = np.resize(other, len(signal))
    gain = speech_level(signal) / speech_level(other) * 10 ** (-below_db / 20)
    return signal + spread * np.float32(gain)


class Line:
    """Telephone lines drawn at random, for training."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._gsm = Gsm()

    def carry(self, signal: Signal, babble: Signal | None = None) -> npt.NDArray[np.int16]:
        """One spoken sentence (already padded with silence) as a line might deliver it.

        ``babble``: another sentence, mixed in now and then. 15 % get no damage but level and
        codec. Digital silence stays in: at decoding there is no dither either (features.py).
        """
        random = self._random
        if random.random() > 0.15:
            signal = self._surroundings(signal, babble)
        level = speech_level(signal)
        signal = signal * (10 ** random.uniform(2.3, 4.05) / max(level, 1))  # RMS 200..11000
        fate = random.random()
        if fate < 0.65:
            signal = telephone(signal, random)
        elif fate < 0.75:
            signal = a_law(np.round(np.clip(signal, -LOUDEST - 1, LOUDEST)))
        elif fate < 0.87:
            signal = self._gsm(telephone(signal, random))
        if random.random() < 0.25:
            share = random.uniform(0.01, 0.08)
            signal = lose_packets(signal, random, share, concealed=random.random() < 0.4)
        return to_int16(signal)

    def _surroundings(self, signal: Signal, babble: Signal | None) -> Signal:
        random = self._random
        if random.random() < 0.2:
            signal = _room(signal, random)
        if random.random() < 0.2:
            signal = _line_echo(signal, random)
        if random.random() < 0.75:
            level = speech_level(signal) * 10 ** (-random.uniform(4, 40) / 20)
            signal = signal + noise(random, len(signal)) * np.float32(level)
        if babble is not None and random.random() < 0.2:
            signal = under(signal, babble, random.uniform(6, 28))
        return signal
