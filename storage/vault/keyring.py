"""The keys of the recordings: in a file of their own, never in the database.

``{"active": "k2", "keys": {"k1": …, "k2": …}, "signing": …}``, values in base64, mode 0600. Whoever
has only the database or only the recordings can hear nothing.
"""

import base64
import binascii
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32
NONCE_BYTES = 12


class KeysUnreadable(Exception):
    """The file of keys cannot be used; says what to do. Without it no recording can be heard."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}. Restore it from a backup: recordings need these keys")


class KeyMissing(LookupError):
    """A recording was sealed with a key that this ring does not have."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"the key {key_id} is not in the ring of keys")


class KeyInUse(Exception):
    """A key cannot be retired while recordings need it, or while new ones are sealed with it."""


class KeyRing:
    """Reads its file anew whenever that has changed: a rotation reaches every process at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_at = 0
        self._values: dict[str, Any] = {}

    def ensure(self) -> None:
        """Make the file with one key if there is none."""
        with self._locked():
            if not self.path.exists():
                first = {"k1": _fresh()}
                self._write({"active": "k1", "keys": first, "signing": _fresh()})

    @property
    def active(self) -> str:
        """Id of the key that new recordings are sealed with."""
        return str(self._loaded()["active"])

    @property
    def key_ids(self) -> list[str]:
        return list(self._loaded()["keys"])

    def wrap(self, data_key: bytes, name: bytes) -> tuple[str, bytes]:
        """The active key's id, and the data key under it. ``name`` binds it to one recording."""
        key_id, nonce = self.active, secrets.token_bytes(NONCE_BYTES)
        return key_id, nonce + AESGCM(self._key(key_id)).encrypt(nonce, data_key, name)

    def unwrap(self, key_id: str, wrapped: bytes, name: bytes) -> bytes:
        """Undo `wrap`. Raises `KeyMissing`, or `InvalidTag` when a byte was changed."""
        key = self._key(key_id)
        if len(wrapped) <= NONCE_BYTES:
            raise InvalidTag
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name)

    def add(self) -> str:
        """A new key, active from now on; the old ones stay for what they sealed."""
        with self._locked():
            values = self._loaded()
            key_id = f"k{max(int(one[1:]) for one in values['keys']) + 1}"
            keys = {**values["keys"], key_id: _fresh()}
            self._write({**values, "active": key_id, "keys": keys})
        return key_id

    def retire(self, key_id: str) -> None:
        """Forget an old key for ever. The caller has made sure that nothing needs it."""
        with self._locked():
            values = self._loaded()
            keys = {name: key for name, key in values["keys"].items() if name != key_id}
            self._write({**values, "keys": keys})

    def sign(self, content: bytes) -> str:
        """An Ed25519 signature (RFC 8032), in base64."""
        return base64.b64encode(self._signing().sign(content)).decode()

    @property
    def public_key(self) -> str:
        """Whoever has this, base64 of 32 bytes, can check our signatures."""
        raw = self._signing().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def is_signed(self, content: bytes, signature: str) -> bool:
        return is_signed(self.public_key, content, signature)

    def _signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(_decoded(self._loaded()["signing"]))

    def _key(self, key_id: str) -> bytes:
        try:
            return _decoded(self._loaded()["keys"][key_id])
        except KeyError:
            raise KeyMissing(key_id) from None

    def _loaded(self) -> dict[str, Any]:
        try:
            written = self.path.stat().st_mtime_ns
            if written != self._read_at:
                self._values = _checked(json.loads(self.path.read_text("utf-8")))
                self._read_at = written
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
            raise KeysUnreadable(self.path, type(failure).__name__) from None
        return self._values

    def _write(self, values: dict[str, Any]) -> None:
        fresh = self.path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(values, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def is_signed(public_key: str, content: bytes, signature: str) -> bool:
    """Whether ``signature`` is ours for exactly these bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    for key in (*values["keys"].values(), values["signing"], values["keys"][values["active"]]):
        if len(_decoded(key)) != KEY_BYTES:
            raise ValueError("a key has the wrong length")
    return values
