"""Sound sealed with AES-256-GCM in chunks, so that any second can be read without the rest.

A header of 16 bytes (magic, chunk size, nonce prefix), then chunks of 64 KiB, each with its tag.
The nonce of a chunk is prefix, number, and whether it is the last: chunks cannot be changed,
swapped, dropped or cut off at the end unnoticed (the STREAM construction: Hoang, Reyhanitabar,
Rogaway, Vizár, CRYPTO 2015). Every recording has a key of its own, so nonces never repeat.
"""

import secrets
import struct
from collections.abc import Callable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"HLR1"
HEADER = struct.Struct(">4sI7sx")
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
# Read in one go: a megabyte costs one round trip to a bucket and milliseconds to open.
AT_ONCE = 16

Read = Callable[[int, int], bytes]
"""(start, length) → bytes of the sealed object."""


class SoundDamaged(Exception):
    """The sealed sound is not what was sealed: a byte changed, or a part is missing."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


class Sealer:
    """Takes sound piece by piece and writes it sealed. `close` seals what is left."""

    def __init__(self, target: IO[bytes], key: bytes, name: bytes) -> None:
        self._target = target
        self._cipher = AESGCM(key)
        self._header = HEADER.pack(MAGIC, CHUNK_BYTES, secrets.token_bytes(7))
        self._aad = self._header + name
        self._number = 0
        self._waiting = bytearray()
        target.write(self._header)

    def write(self, piece: bytes) -> None:
        self._waiting += piece
        # The last chunk has a mark: a full one waits until it is known not to be the last.
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]

    def close(self) -> None:
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._header, self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, plain, self._aad))
        self._number += 1


class Opener:
    """Reads sealed sound. ``size``: bytes of the sealed object; ``name`` as it was sealed."""

    def __init__(self, read: Read, size: int, key: bytes, name: str) -> None:
        self._read = read
        self._name = name
        self._cipher = AESGCM(key)
        body = size - HEADER.size
        self._chunks = max(-(-body // SEALED_CHUNK), 1)
        self.plain_bytes = body - self._chunks * TAG_BYTES
        self._header = read(0, HEADER.size)
        last = body - (self._chunks - 1) * SEALED_CHUNK
        # Only a recording of no bytes ends in a chunk of a tag alone.
        least = TAG_BYTES if self._chunks == 1 else TAG_BYTES + 1
        if last < least or len(self._header) < HEADER.size:
            raise SoundDamaged(name, f"cut off at {size} bytes")
        magic, chunk_bytes, _ = HEADER.unpack(self._header)
        if magic != MAGIC or chunk_bytes != CHUNK_BYTES:
            raise SoundDamaged(name, "its header is not that of a sealed recording")
        self._aad = self._header + name.encode()

    def pieces(self, start: int, length: int) -> Iterator[bytes]:
        """Plain bytes ``start`` to ``start + length``. Raises `SoundDamaged` where one is wrong."""
        end = min(start + length, self.plain_bytes)
        number = start // CHUNK_BYTES
        while number * CHUNK_BYTES < end:
            through = min(number + AT_ONCE, self._chunks, -(-end // CHUNK_BYTES))
            sealed = self._read(
                HEADER.size + number * SEALED_CHUNK, (through - number) * SEALED_CHUNK
            )
            for at in range(number, through):
                offset = (at - number) * SEALED_CHUNK
                plain = self._open(at, sealed[offset : offset + SEALED_CHUNK])
                first = at * CHUNK_BYTES
                yield plain[max(start - first, 0) : end - first]
            number = through

    def verify_empty(self) -> None:
        """A recording of no bytes has one chunk all the same, which proves that it is empty."""
        if self.plain_bytes == 0:
            self._open(0, self._read(HEADER.size, TAG_BYTES))

    def _open(self, number: int, sealed: bytes) -> bytes:
        nonce = _nonce(self._header, number, last=number == self._chunks - 1)
        try:
            return self._cipher.decrypt(nonce, sealed, self._aad)
        except (InvalidTag, ValueError):
            first = number * CHUNK_BYTES
            raise SoundDamaged(
                self._name, f"changed between bytes {first} and {first + CHUNK_BYTES}"
            ) from None


def _nonce(header: bytes, number: int, *, last: bool) -> bytes:
    prefix: bytes = HEADER.unpack(header)[2]
    return prefix + number.to_bytes(4, "big") + bytes([last])
