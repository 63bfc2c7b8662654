"""Unpack a model archive that came from outside, trusting nothing it says about itself.

Only plain files and directories inside the target are written. What was really unpacked is
counted, never what a header claims.
"""

import gzip
import io
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from asr.models.layout import ModelProblem

_CHUNK = 1 << 20
# An archive reader asks for a whole tar header at once; real ones have under 100 kB.
_LARGEST_READ = 16 << 20


class ArchiveRefused(ModelProblem):
    """The archive is damaged, too big, or tries to write where it must not."""


@dataclass(frozen=True)
class Limits:
    """Far above any Vosk model (the embedded one: 8 files, ratio 2), far below a bomb (1000)."""

    total_bytes: int = 16 << 30
    entries: int = 10_000
    ratio: float = 50.0
    ratio_from_bytes: int = 16 << 20  # small archives may compress as well as they like


def unpack(archive: Path, target: Path, limits: Limits | None = None) -> None:
    """Write the files of a .tar.gz or .zip into the existing directory ``target``.

    Raises `ArchiveRefused`; what was written by then is for the caller to remove.
    """
    kept = limits or Limits()
    with archive.open("rb") as raw:
        magic = raw.read(4)
    try:
        if magic[:2] == b"\x1f\x8b":
            _unpack_tar(archive, target, kept)
        elif magic == b"PK\x03\x04":
            _unpack_zip(archive, target, kept)
        else:
            raise ArchiveRefused(f"{archive.name} is neither .tar.gz nor .zip.")
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as broken:
        raise ArchiveRefused(f"{archive.name} is damaged or cut short: {broken}") from broken


def copy_tree(source: Path, target: Path, limits: Limits | None = None) -> None:
    """Copy a model directory, refusing links and special files as an archive's are refused."""
    meter = _Meter(limits or Limits(), source.name, packed_bytes=None)
    for folder, folders, files in os.walk(source):
        for name in sorted(folders + files):
            entry = Path(folder, name)
            relative = entry.relative_to(source)
            meter.entry()
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode):
                (target / relative).mkdir()
            elif stat.S_ISREG(mode):
                with entry.open("rb") as opened:
                    _write(opened, target / relative, meter)
            else:
                raise ArchiveRefused(f"{entry} is a link or a special file; copy the file itself.")


class _Meter:
    """Counts what comes out and refuses a bomb while it unpacks."""

    def __init__(self, limits: Limits, name: str, packed_bytes: int | None) -> None:
        self.limits = limits
        self.name = name
        self._packed = packed_bytes
        self._bytes = 0
        self._entries = 0

    def entry(self) -> None:
        self._entries += 1
        if self._entries > self.limits.entries:
            raise ArchiveRefused(f"{self.name} has more than {self.limits.entries} entries.")

    def count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self.limits.total_bytes:
            raise ArchiveRefused(
                f"{self.name} unpacks to more than {self.limits.total_bytes} bytes."
            )
        if self._packed is None or self._bytes < self.limits.ratio_from_bytes:
            return
        if self._bytes > self.limits.ratio * self._packed:
            raise ArchiveRefused(
                f"{self.name} unpacks to over {self.limits.ratio:g} times its size: "
                "no speech model does."
            )


class _MeteredGzip(io.RawIOBase):
    """The unpacked tar stream, metered, with a bound on single reads (header bombs)."""

    def __init__(self, opened: gzip.GzipFile, meter: _Meter) -> None:
        super().__init__()
        self._opened = opened
        self._meter = meter
        self._furthest = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._opened.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        # Forward by reading, so that skipped bytes are metered too.
        ahead = offset - self._opened.tell() if whence == io.SEEK_SET else -1
        if ahead < 0:
            return self._opened.seek(offset, whence)
        while ahead > 0:
            got = len(self.read(min(ahead, _CHUNK)))
            if got == 0:
                break
            ahead -= got
        return self._opened.tell()

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > _LARGEST_READ:
            raise ArchiveRefused(f"{self._meter.name} has a header of {size} bytes.")
        piece = self._opened.read(size)
        furthest = self._opened.tell()
        if furthest > self._furthest:
            self._meter.count(furthest - self._furthest)
            self._furthest = furthest
        return piece


def _unpack_tar(archive: Path, target: Path, limits: Limits) -> None:
    meter = _Meter(limits, archive.name, archive.stat().st_size)
    with (
        gzip.open(archive, "rb") as opened,
        tarfile.open(fileobj=cast("IO[bytes]", _MeteredGzip(opened, meter)), mode="r:") as tar,
    ):
        for member in tar:
            meter.entry()
            place = _inside(target, member.name, archive.name)
            if member.isdir():
                place.mkdir(parents=True, exist_ok=True)
            elif member.isreg() and not member.issparse():
                inner = tar.extractfile(member)
                if inner is None:
                    raise ArchiveRefused(f"{archive.name}: {member.name!r} cannot be read.")
                place.parent.mkdir(parents=True, exist_ok=True)
                _write(inner, place, meter=None)
            else:
                raise ArchiveRefused(
                    f"{archive.name}: {member.name!r} is a link, a device or sparse; "
                    "a model holds plain files only."
                )


def _unpack_zip(archive: Path, target: Path, limits: Limits) -> None:
    meter = _Meter(limits, archive.name, archive.stat().st_size)
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            meter.entry()
            place = _inside(target, member.filename, archive.name)
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise ArchiveRefused(
                    f"{archive.name}: {member.filename!r} is a link or a device; "
                    "a model holds plain files only."
                )
            if member.flag_bits & 1:
                raise ArchiveRefused(f"{archive.name} is encrypted.")
            if member.is_dir():
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            with _open_member(opened, member, archive.name) as inner:
                _write(inner, place, meter)


def _open_member(opened: zipfile.ZipFile, member: zipfile.ZipInfo, archive_name: str) -> IO[bytes]:
    try:
        return opened.open(member)
    except NotImplementedError as unknown:
        raise ArchiveRefused(f"{archive_name}: {member.filename!r}: {unknown}") from unknown


def _inside(target: Path, name: str, archive_name: str) -> Path:
    """Where an entry goes; refused unless it is a plain relative path below ``target``."""
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or any(ord(letter) < ord(" ") for letter in name)
    ):
        raise ArchiveRefused(f"{archive_name}: entry {name!r} points outside the model directory.")
    return target.joinpath(*path.parts)


def _write(inner: IO[bytes], place: Path, meter: _Meter | None) -> None:
    if place.exists():
        raise ArchiveRefused(f"{place.name!r} is in the archive twice.")
    with place.open("xb") as out:
        for chunk in _chunks(inner):
            if meter is not None:
                meter.count(len(chunk))
            out.write(chunk)
    place.chmod(0o644)


def _chunks(inner: IO[bytes]) -> Iterator[bytes]:
    while chunk := inner.read(_CHUNK):
        yield chunk
