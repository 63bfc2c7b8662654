"""What a line does to a call besides noise: lost packets, GSM, the other side's voice.

Signals as in `augmentation`: mono float32 in the range of int16 at 8000 Hz.
"""

import ctypes

import numpy as np
import numpy.typing as npt

from asr.training.packet_loss import lost_packets

Signal = npt.NDArray[np.float32]

PACKET = 160  # samples in the 20 ms of one RTP packet at 8000 Hz
_GSM_FRAME_BYTES = 33


def lose_packets(
    signal: Signal, random: np.random.Generator, share: float, *, concealed: bool
) -> Signal:
    """``share`` of the 20 ms packets gone: silence in their place, or the last packet fading."""
    damaged = signal.copy()
    fade = 1.0
    for number, lost in enumerate(lost_packets(random.random, len(signal) // PACKET, share)):
        at = number * PACKET
        if not lost:
            fade = 1.0
            continue
        fade *= 0.5
        if concealed and number:
            damaged[at : at + PACKET] = damaged[at - PACKET : at] * np.float32(fade)
        else:
            damaged[at : at + PACKET] = 0
    return damaged


class Gsm:
    """GSM 06.10 full rate there and back, by libgsm."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libgsm.so.1")
        self._library.gsm_create.restype = ctypes.c_void_p

    def __call__(self, signal: Signal) -> Signal:
        count = -(-len(signal) // PACKET) * PACKET
        samples = np.zeros(count, np.int16)
        samples[: len(signal)] = np.clip(np.round(signal), -32768, 32767)
        encoder = ctypes.c_void_p(self._library.gsm_create())
        decoder = ctypes.c_void_p(self._library.gsm_create())
        frame = (ctypes.c_ubyte * _GSM_FRAME_BYTES)()
        decoded = np.zeros(count, np.int16)
        for at in range(0, count, PACKET):
            source = samples[at:].ctypes.data_as(ctypes.c_void_p)
            self._library.gsm_encode(encoder, source, frame)
            target = decoded[at:].ctypes.data_as(ctypes.c_void_p)
            self._library.gsm_decode(decoder, frame, target)
        self._library.gsm_destroy(encoder)
        self._library.gsm_destroy(decoder)
        return decoded[: len(signal)].astype(np.float32)
