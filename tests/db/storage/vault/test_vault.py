"""Sealed sound: any part of it comes back, nobody changes it unnoticed, on disk and in S3."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from storage.vault.keyring import KeyInUse, KeyMissing, KeyRing, KeysUnreadable, is_signed
from storage.vault.s3 import Bucket, S3Shelf
from storage.vault.sealing import CHUNK_BYTES, SoundDamaged
from storage.vault.shelf import DiskShelf, Shelf, SoundMissing
from storage.vault.vault import Vault

NAME = "2026/11/22/hl1-1.1.wav"
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 20 * CHUNK_BYTES + 17]


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    bucket = Bucket(f"http://{host}:{port}", "sound", "key", "secret")
    boto3.client(
        "s3",
        endpoint_url=bucket.endpoint,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name=bucket.region,
    ).create_bucket(Bucket="sound")
    yield bucket
    server.stop()


@pytest.fixture(params=["disk", "s3"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "disk":
        return DiskShelf(tmp_path / "kept")
    shelf = S3Shelf(request.getfixturevalue("bucket"))
    for name in list(shelf.names()):
        shelf.delete(name)
    return shelf


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    ring = KeyRing(tmp_path / "keys.json")
    ring.ensure()
    return ring


@pytest.fixture
def vault(shelf: Shelf, ring: KeyRing, tmp_path: Path) -> Vault:
    return Vault(shelf, ring, tmp_path / "work")


def sound(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def whole(vault: Vault, name: str = NAME) -> bytes:
    return b"".join(vault.pieces(name))


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out_and_any_part_of_it(vault: Vault, size: int) -> None:
    plain = sound(size)
    vault.store(NAME, [plain[:10], plain[10:]])
    assert whole(vault) == plain
    opened = vault.open(NAME)
    assert opened.plain_bytes == size
    for start in {0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, size // 2}:
        for length in (0, 1, CHUNK_BYTES, 10**9):
            part = b"".join(opened.pieces(start, length))
            assert part == plain[start : start + length]


def test_nothing_plain_lies_on_the_shelf_or_in_the_work_folder(
    vault: Vault, shelf: Shelf, tmp_path: Path
) -> None:
    plain = b"my number is 13800000000 " * 1000
    vault.store(NAME, [plain])
    for name in list(shelf.names()):
        assert b"13800000000" not in shelf.read(name, 0, 10**6)
    with vault.plain_file(NAME) as file:
        assert file.read_bytes() == plain
        assert file.stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "work").iterdir()) == []


def test_every_flipped_byte_is_found(vault: Vault, shelf: Shelf) -> None:
    vault.store(NAME, [sound(CHUNK_BYTES + 100)])
    for name in (NAME + ".sealed", NAME + ".key"):
        content = shelf.read(name, 0, 10**6)
        places = range(0, len(content), max(1, len(content) // 60))
        for place in [*places, len(content) - 1]:
            changed = bytearray(content)
            changed[place] ^= 1
            shelf.put(name, bytes(changed))
            with pytest.raises((SoundDamaged, KeyMissing)):
                whole(vault)
        shelf.put(name, content)
    assert len(whole(vault)) == CHUNK_BYTES + 100


@pytest.mark.parametrize(
    "cut_at", [0, 15, 16, 20, CHUNK_BYTES + 32, CHUNK_BYTES + 40, CHUNK_BYTES + 48]
)
def test_a_missing_end_is_found(vault: Vault, shelf: Shelf, cut_at: int) -> None:
    vault.store(NAME, [sound(2 * CHUNK_BYTES)])
    content = shelf.read(NAME + ".sealed", 0, 10**6)
    shelf.put(NAME + ".sealed", content[:cut_at])
    with pytest.raises(SoundDamaged):
        whole(vault)


def test_swapped_recordings_are_found(vault: Vault, shelf: Shelf) -> None:
    for name in (NAME, "other.wav"):
        vault.store(name, [sound(500)])
    for suffix in (".sealed", ".key"):
        shelf.put(NAME + suffix, shelf.read("other.wav" + suffix, 0, 10**6))
    with pytest.raises(SoundDamaged):
        whole(vault)


def test_gone_is_gone(vault: Vault) -> None:
    vault.store(NAME, [b"sound"])
    assert vault.holds(NAME)
    vault.delete(NAME)
    vault.delete(NAME)
    assert not vault.holds(NAME)
    assert list(vault.names()) == []
    with pytest.raises(SoundMissing):
        vault.open(NAME)


def test_without_its_key_file_a_sound_is_missing(vault: Vault, shelf: Shelf) -> None:
    vault.store(NAME, [b"sound"])
    shelf.delete(NAME + ".key")
    with pytest.raises(SoundMissing):
        vault.open(NAME)


def test_changing_keys_while_somebody_listens(vault: Vault, shelf: Shelf, ring: KeyRing) -> None:
    plain = sound(30 * CHUNK_BYTES)
    vault.store(NAME, [plain])
    sealed = shelf.read(NAME + ".sealed", 0, 10**7)
    listening = vault.open(NAME).pieces(0, len(plain))
    heard = next(listening)
    assert ring.add() == "k2"
    vault.store("new.wav", [b"sealed with k2"])
    assert vault.rewrap(NAME)
    assert not vault.rewrap("new.wav")
    assert heard + b"".join(listening) == plain
    assert shelf.read(NAME + ".sealed", 0, 10**7) == sealed  # only its key file changed
    vault.retire("k1")
    assert ring.key_ids == ["k2"]
    assert whole(vault) == plain


def test_keys_in_use_are_not_forgotten(vault: Vault, ring: KeyRing) -> None:
    vault.store(NAME, [b"sound"])
    with pytest.raises(KeyInUse, match="active"):
        vault.retire("k1")
    ring.add()
    with pytest.raises(KeyInUse, match=NAME):
        vault.retire("k1")


def test_keys_change_under_load(tmp_path: Path, ring: KeyRing) -> None:
    """A writer, listeners and rotations at once: what is stored can be heard at every moment."""
    vault = Vault(DiskShelf(tmp_path / "kept"), ring, tmp_path / "work")
    plain = {f"{number}.wav": sound(CHUNK_BYTES + number) for number in range(40)}
    stored: list[str] = []

    def write() -> None:
        for name, content in plain.items():
            vault.store(name, [content])
            stored.append(name)

    def listen() -> int:
        heard = 0
        while len(stored) < len(plain):
            for name in list(stored):
                assert whole(vault, name) == plain[name]
                heard += 1
        return heard

    with ThreadPoolExecutor(3) as pool:
        writing, *listening = pool.submit(write), pool.submit(listen), pool.submit(listen)
        while not writing.done():
            ring.add()
            for name in list(stored):
                vault.rewrap(name)
        writing.result()
        assert all(one.result() > 0 for one in listening)
    assert len(ring.key_ids) > 2
    assert {name: whole(vault, name) for name in plain} == plain


def test_the_ring_of_keys_is_for_its_owner_and_tells_what_is_wrong(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.json")
    with pytest.raises(KeysUnreadable, match="backup"):
        _ = ring.active
    ring.ensure()
    before = ring.path.read_text()
    assert ring.path.stat().st_mode & 0o777 == 0o600
    KeyRing(ring.path).ensure()
    assert ring.path.read_text() == before
    for broken in ("", "{}", '{"active":"k1","keys":{"k1":"AA=="},"signing":"AA=="}', "[1]"):
        ring.path.write_text(broken)
        with pytest.raises(KeysUnreadable):
            _ = KeyRing(ring.path).active


def test_signatures_are_ours_for_these_bytes_only(ring: KeyRing) -> None:
    signature = ring.sign(b"manifest")
    assert ring.is_signed(b"manifest", signature)
    assert not ring.is_signed(b"Manifest", signature)
    assert not is_signed(ring.public_key, b"manifest", "no base64!")
    assert not is_signed("", b"manifest", signature)


STORE_FOR_EVER = """
import sys
from pathlib import Path
from storage.vault.keyring import KeyRing
from storage.vault.shelf import DiskShelf
from storage.vault.vault import Vault
home = Path(sys.argv[1])
vault = Vault(DiskShelf(home / "kept"), KeyRing(home / "keys.json"), home / "work")
print("begun", flush=True)
while True:
    for number in range(5):
        vault.store(f"{number}.wav", [bytes([number]) * 100_000] * 20)
"""


def test_killed_in_the_middle_of_sealing_nothing_is_half_done(
    tmp_path: Path, ring: KeyRing
) -> None:
    vault = Vault(DiskShelf(tmp_path / "kept"), ring, tmp_path / "work")
    left = 0
    for turn in range(8):
        command = [sys.executable, "-c", STORE_FOR_EVER, str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[4])
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.05 + 0.013 * turn)  # the moment of the kill is what is tried
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        for name in vault.names():
            if vault.holds(name):
                assert whole(vault, name) == bytes([int(name[0])]) * 2_000_000
                left += 1
        vault.sweep()
        assert list((tmp_path / "work").iterdir()) == []
    assert left > 0
