"""The vault: sound goes in plain and comes out plain; on the shelf it lies sealed.

Beside each sealed recording lies its own key, wrapped with the key ring's active key. Changing
keys rewrites these few bytes only, and deleting them first makes the sound unhearable at once.
"""

import base64
import binascii
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from storage.vault.keyring import KEY_BYTES, KeyInUse, KeyRing
from storage.vault.sealing import Opener, Sealer, SoundDamaged
from storage.vault.shelf import Shelf, SoundMissing

SEALED, KEY = ".sealed", ".key"
MOST_KEY_BYTES = 4096


class Vault:
    """``work``: a folder of this process alone for what is being made. Blocking, like the shelf."""

    def __init__(self, shelf: Shelf, ring: KeyRing, work: Path) -> None:
        self._shelf = shelf
        self.ring = ring
        self._work = work

    def store(self, name: str, pieces: Iterable[bytes]) -> None:
        """Seal and keep. Only with its key, the last thing written, is the sound there."""
        key = secrets.token_bytes(KEY_BYTES)
        with self._fresh_file() as fresh:
            with fresh.open("wb") as file:
                sealer = Sealer(file, key, name.encode())
                for piece in pieces:
                    sealer.write(piece)
                sealer.close()
                file.flush()
                os.fsync(file.fileno())
            # Another recording of this name cannot be opened with the old key: it goes first.
            self._shelf.delete(name + KEY)
            self._shelf.take(name + SEALED, fresh)
        self._shelf.put(name + KEY, self._key_file(name, key))

    def holds(self, name: str) -> bool:
        """Whether sound of this name can be opened, as far as can be seen from outside."""
        sealed = self._shelf.size(name + SEALED) is not None
        return sealed and self._shelf.size(name + KEY) is not None

    def open(self, name: str) -> Opener:
        """Raises `SoundMissing`, `SoundDamaged`, `KeyMissing`."""
        size = self._shelf.size(name + SEALED)
        if size is None:
            raise SoundMissing(name)
        key = self._data_key(name)
        return Opener(lambda start, n: self._shelf.read(name + SEALED, start, n), size, key, name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """All of it, checked to the last byte."""
        opened = self.open(name)
        opened.verify_empty()
        yield from opened.pieces(0, opened.plain_bytes)

    @contextmanager
    def plain_file(self, name: str) -> Iterator[Path]:
        """The sound as a file for a program that wants one, for as long as the block lasts."""
        with self._fresh_file() as file:
            with file.open("wb") as writing:
                for piece in self.pieces(name):
                    writing.write(piece)
            yield file

    def delete(self, name: str) -> None:
        """The key first: from then on nobody can hear it, whatever becomes of the rest."""
        self._shelf.delete(name + KEY)
        self._shelf.delete(name + SEALED)

    def rewrap(self, name: str) -> bool:
        """Put the recording's key under the active key; False if it was there already.

        The sound itself is not touched, and whoever is listening goes on listening.
        """
        if self._key_parts(name)[0] == self.ring.active:
            return False
        self._shelf.put(name + KEY, self._key_file(name, self._data_key(name)))
        return True

    def names(self, prefix: str = "") -> Iterator[str]:
        """Names of which anything lies on the shelf, each once."""
        seen: set[str] = set()
        for found in self._shelf.names(prefix):
            name = found.removesuffix(SEALED).removesuffix(KEY)
            if name not in seen:
                seen.add(name)
                yield name

    def retire(self, key_id: str) -> None:
        """Forget a key. Raises `KeyInUse` while any recording needs it."""
        if key_id == self.ring.active:
            raise KeyInUse(f"{key_id} is the active key: new recordings are sealed with it")
        for name in self.names():
            if self._shelf.size(name + KEY) is not None and self._key_parts(name)[0] == key_id:
                raise KeyInUse(f"{key_id} still seals {name}: rotate first")
        self.ring.retire(key_id)

    def _data_key(self, name: str) -> bytes:
        key_id, wrapped = self._key_parts(name)
        try:
            return self.ring.unwrap(key_id, wrapped, name.encode())
        except InvalidTag:
            raise SoundDamaged(name, "its key file was changed") from None

    def _key_parts(self, name: str) -> tuple[str, bytes]:
        content = self._shelf.read(name + KEY, 0, MOST_KEY_BYTES)
        try:
            values: dict[str, Any] = json.loads(content)
            key_id, wrapped = str(values["key"]), base64.b64decode(values["wrapped"], validate=True)
        except (ValueError, KeyError, TypeError, UnicodeError, binascii.Error):
            key_id, wrapped = "", b""
        # Exactly as we wrote it: a byte changed in a blank would else go unnoticed.
        if content != _written(key_id, wrapped):
            raise SoundDamaged(name, "its key file was changed")
        return key_id, wrapped

    def _key_file(self, name: str, key: bytes) -> bytes:
        return _written(*self.ring.wrap(key, name.encode()))

    def sweep(self) -> None:
        """Remove what a killed process of ours was working on. At its start, before any work."""
        for left in self._work.glob("*"):
            left.unlink()

    @contextmanager
    def _fresh_file(self) -> Iterator[Path]:
        self._work.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, path = tempfile.mkstemp(dir=self._work)  # mode 0600
        os.close(number)
        file = Path(path)
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)


def _written(key_id: str, wrapped: bytes) -> bytes:
    return json.dumps({"key": key_id, "wrapped": base64.b64encode(wrapped).decode()}).encode()
