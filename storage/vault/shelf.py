"""Where sealed sound lies: the port, and the disk behind it by default."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class SoundMissing(LookupError):
    """The shelf has no object of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not there")
        self.name = name


class Shelf(Protocol):
    """Objects by name (``2026/11/22/<call>.wav.sealed``). Every call blocks.

    An object is there whole or not at all, whenever the process is killed.
    """

    def take(self, name: str, source: Path) -> None:
        """Keep the content of a local file under ``name``; the file is gone afterwards."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a few bytes under ``name``, in the place of what was there."""

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes from ``start``, fewer at the end. Raises `SoundMissing`."""

    def size(self, name: str) -> int | None:
        """Bytes; None when there is no such object."""

    def delete(self, name: str) -> None:
        """Afterwards it is not there; no error if it was not there before."""

    def names(self, prefix: str = "") -> Iterator[str]:
        """Every name that begins so, in no order."""


class DiskShelf:
    """Files below a folder. A name never leads outside of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, name: str, source: Path) -> None:
        target = self._place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.stat().st_dev == target.parent.stat().st_dev:
            source.replace(target)
        else:
            near = target.with_name(target.name + ".new")
            with source.open("rb") as reading, near.open("wb") as writing:
                shutil.copyfileobj(reading, writing)
                _sync(writing.fileno())
            near.replace(target)
            source.unlink()
        _sync_folder(target.parent)

    def put(self, name: str, content: bytes) -> None:
        target = self._place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        near = target.with_name(target.name + ".new")
        with near.open("wb") as file:
            file.write(content)
            file.flush()
            _sync(file.fileno())
        near.replace(target)
        _sync_folder(target.parent)

    def read(self, name: str, start: int, length: int) -> bytes:
        try:
            with self._place(name).open("rb") as file:
                file.seek(start)
                return file.read(length)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise SoundMissing(name) from None

    def size(self, name: str) -> int | None:
        place = self._place(name)
        return place.stat().st_size if place.is_file() else None

    def delete(self, name: str) -> None:
        place = self._place(name)
        place.unlink(missing_ok=True)
        if place.parent.is_dir():
            _sync_folder(place.parent)

    def names(self, prefix: str = "") -> Iterator[str]:
        # Whole folders only are walked: prefixes are days (2026/11/22/) or empty.
        folder = self._folder / prefix.rpartition("/")[0]
        for path in folder.rglob("*"):
            name = path.relative_to(self._folder).as_posix()
            if path.is_file() and name.startswith(prefix) and path.suffix != ".new":
                yield name

    def _place(self, name: str) -> Path:
        place = (self._folder / name).resolve()
        if not place.is_relative_to(self._folder.resolve()):
            raise SoundMissing(name)
        return place


def _sync(number: int) -> None:
    os.fsync(number)


def _sync_folder(folder: Path) -> None:
    """Only now does a file's new name survive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
