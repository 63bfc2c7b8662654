"""AudioSocket on the wire: one byte kind, two bytes length (big-endian), payload.

https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/
"""

from enum import IntEnum
from typing import NamedTuple

# 20 ms at 192 kHz, the longest frame Asterisk sends; ours at 8 kHz have 320 bytes.
MAX_PAYLOAD_BYTES = 7680
HEADER_BYTES = 3
UUID_BYTES = 16


class Kind(IntEnum):
    """What a frame carries. SLIN_…: mono, 16-bit signed little-endian, at that rate."""

    HANGUP = 0x00
    UUID = 0x01
    DTMF = 0x03
    SLIN_8K = 0x10
    SLIN_12K = 0x11
    SLIN_16K = 0x12
    SLIN_24K = 0x13
    SLIN_32K = 0x14
    SLIN_44K = 0x15
    SLIN_48K = 0x16
    SLIN_96K = 0x17
    SLIN_192K = 0x18
    ERROR = 0xFF


_KINDS = {int(kind): kind for kind in Kind}


class Frame(NamedTuple):
    kind: Kind
    payload: bytes


class FrameReader:
    """Bytes in, whole frames out; how the stream is cut into segments makes no difference.

    The first frame is the leg's UUID. A stream that is not AudioSocket sets `broken` to the
    reason, as early as it shows, and nothing is read after that.
    """

    def __init__(self) -> None:
        self.broken = ""
        self._introduced = False
        self._received = bytearray()

    def feed(self, segment: bytes) -> list[Frame]:
        """The frames completed by this segment, in order."""
        if self.broken:
            return []
        received = self._received
        received += segment
        frames: list[Frame] = []
        at = 0
        while at < len(received):
            kind = _KINDS.get(received[at])
            length = int.from_bytes(received[at + 1 : at + HEADER_BYTES], "big")
            complete = len(received) - at >= HEADER_BYTES
            self.broken = self._objection(received[at], length if complete else None)
            end = at + HEADER_BYTES + length
            if self.broken or kind is None or not complete or end > len(received):
                break
            frames.append(Frame(kind, bytes(received[at + HEADER_BYTES : end])))
            self._introduced = True
            at = end
        del received[:at]
        return frames

    def _objection(self, kind: int, length: int | None) -> str:
        """What is wrong with a frame so far; ``length`` is None while it is not known."""
        if not self._introduced:
            wrong = kind != Kind.UUID or length not in (None, UUID_BYTES)
            return "no UUID first" if wrong else ""
        if kind not in _KINDS:
            return f"no such frame kind: {kind:#04x}"
        return f"frame of {length} bytes" if (length or 0) > MAX_PAYLOAD_BYTES else ""


def write_frame(kind: Kind, payload: bytes = b"") -> bytes:
    """The bytes of one frame."""
    return bytes((kind,)) + len(payload).to_bytes(2, "big") + payload
