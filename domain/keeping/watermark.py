"""An inaudible mark in a downloaded recording that tells which download it was.

The lowest bit of every left sample carries, over and over: 32 bits by which the mark is found, 48
bits of the download, 16 bits of check. It survives cutting at any frame and copying, not
re-encoding to another format.
"""

import hashlib
import zlib

FRAME_BYTES = 4  # two voices, 16 bit, little-endian: the lowest bit lies in the first byte
HEADER_BYTES = 44
FOUND_BY = 0xA5C3_7E19
CODE_BITS, CHECK_BITS = 48, 16
PERIOD = 32 + CODE_BITS + CHECK_BITS
_CLEARED = bytes(value & 0xFE for value in range(256))
# A tenth of the copies of each bit may be damaged, or half a second be all there is.
MOST_DAMAGED = 0.1


def code_of(*parts: str) -> int:
    """48 bits that stand for one download."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return int.from_bytes(digest[: CODE_BITS // 8], "big")


def marked(frames: bytes, first: int, code: int) -> bytes:
    """Whole stereo frames with the mark; ``first``: number of the first of them."""
    number = len(frames) // FRAME_BYTES
    if not number:
        return frames
    bits = _bits(code)
    turn = first % PERIOD
    laid = (bits[turn:] + bits * (number // PERIOD + 1))[:number]
    cleared = frames[: FRAME_BYTES * number : FRAME_BYTES].translate(_CLEARED)
    # As one long number: a loop over an hour of samples would take ten seconds.
    both = int.from_bytes(cleared, "big") | int.from_bytes(laid, "big")
    found = bytearray(frames)
    found[: FRAME_BYTES * number : FRAME_BYTES] = both.to_bytes(number, "big")
    return bytes(found)


def code_in(frames: bytes) -> int | None:
    """The download these frames come from; None where no mark is found."""
    low = frames[: len(frames) // FRAME_BYTES * FRAME_BYTES : FRAME_BYTES]
    places = [low[place::PERIOD] for place in range(PERIOD)]
    if not places[-1]:
        return None
    shares = [sum(byte & 1 for byte in place) / len(place) for place in places]
    if any(MOST_DAMAGED < share < 1 - MOST_DAMAGED for share in shares):
        return None
    bits = "".join("1" if share > 1 / 2 else "0" for share in shares)
    for turn in range(PERIOD):
        whole = int(bits[turn:] + bits[:turn], 2)
        code = (whole >> CHECK_BITS) & ((1 << CODE_BITS) - 1)
        if whole == _whole(code):
            return code
    return None


def _whole(code: int) -> int:
    check = zlib.crc32(code.to_bytes(CODE_BITS // 8, "big")) & ((1 << CHECK_BITS) - 1)
    return (FOUND_BY << (CODE_BITS + CHECK_BITS)) | (code << CHECK_BITS) | check


def _bits(code: int) -> bytes:
    return bytes(int(bit) for bit in f"{_whole(code):0{PERIOD}b}")
