"""The local journal: every fact of a call, on this machine's disk before anything else.

A call never waits for the database. Its facts are lines of JSON in ``<dir>/<number>.jsonl``; a
background task applies them to the database in order and remembers how far it came in
``applied.json``. A dead database, a killed engine and a restarted machine delay, but lose nothing:
a line that was written is applied once, because each carries its call and sequence number.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import structlog

log = structlog.get_logger()

POSITION = "applied.json"
SEGMENT_BYTES = 64 * 1024 * 1024
# Applied segments that stay: calls that run while one segment gives way to the next have their
# beginning there, without which a restarted engine could not resume them.
KEPT_BEHIND = 1


@dataclass(frozen=True)
class Record:
    """One fact. ``seq`` counts from 0 within the call; ``body`` is JSON."""

    call_id: str
    seq: int
    at: datetime
    kind: str
    body: dict[str, Any]

    def line(self) -> bytes:
        text = json.dumps(
            [self.call_id, self.seq, self.at.isoformat(), self.kind, self.body],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return text.encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Record":
        """Raises `ValueError` for anything that `line` did not write."""
        try:
            call_id, seq, at, kind, body = json.loads(line)
            return cls(str(call_id), int(seq), datetime.fromisoformat(at), str(kind), dict(body))
        except (TypeError, ValueError, OverflowError) as failure:
            # Not the line itself, which holds what people said, and whose number it was.
            raise ValueError(f"not a journal line ({len(line)} bytes)") from failure


@dataclass(frozen=True)
class Position:
    """Everything before byte ``offset`` of segment ``segment`` has been applied."""

    segment: int
    offset: int


class Journal:
    """One writer (the engine). Opening continues after what is there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        numbers = _segments(folder)
        self._segment = numbers[-1] if numbers else 1
        self._file = self._open(self._segment)
        self._day = self._first_day()
        self._unwritten = b""

    @property
    def segment(self) -> int:
        """The number of the file that is written to."""
        return self._segment

    def append(self, record: Record) -> None:
        """Write one fact. It survives a killed process at once, a power cut after `sync`.

        Never raises for a full disk: a call goes on, and what could not be written is kept in
        memory and written with the next fact for which there is room.
        """
        full_before = bool(self._unwritten)
        today = record.at.astimezone(UTC).date()
        self._unwritten += record.line()
        try:
            # The rest of a line cut off by the full disk continues it: nobody else writes here.
            while self._unwritten:
                written = os.write(self._file.fileno(), self._unwritten)
                self._unwritten = self._unwritten[written:]
            self._day = self._day or today
            self._rotate(today)
        except OSError as failure:
            if not full_before:
                log.error("journal cannot be written", why=str(failure))  # noqa: TRY400
            return
        if full_before:
            log.warning("journal can be written again")

    def _rotate(self, today: date) -> None:
        """A segment is full, or of yesterday: what was said must not outlive its recording here."""
        full = os.fstat(self._file.fileno()).st_size >= SEGMENT_BYTES
        if not full and self._day is not None and today <= self._day:
            return
        following = self._open(self._segment + 1)
        self.sync()
        self._file.close()
        self._segment += 1
        self._file = following
        self._day = None

    def _first_day(self) -> date | None:
        """Of the segment that is written to; None while it is empty."""
        for record, _ in _read(_path(self._folder, self._segment), 0):
            return record.at.astimezone(UTC).date()
        return None

    def sync(self) -> None:
        """Force what was appended to the disk. May run in a thread beside `append`."""
        with contextlib.suppress(ValueError):  # a segment closed meanwhile was synced before that
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self.sync()
        self._file.close()

    def position(self) -> Position:
        """How far the database has it; from the beginning where that is not known."""
        try:
            found = json.loads((self._folder / POSITION).read_text())
            return Position(int(found["segment"]), int(found["offset"]))
        except FileNotFoundError:
            pass
        except (ValueError, TypeError, KeyError) as failure:
            # A power cut may leave it empty; what is applied again changes nothing.
            log.warning("journal position unreadable", why=str(failure))
        return Position(_segments(self._folder)[0], 0)

    def applied(self, position: Position) -> None:
        """Remember how far the database has it; segments well before it are deleted."""
        fresh = self._folder / (POSITION + ".new")
        fresh.write_text(json.dumps({"segment": position.segment, "offset": position.offset}))
        fresh.replace(self._folder / POSITION)
        for number in _segments(self._folder):
            if number < position.segment - KEPT_BEHIND:
                _path(self._folder, number).unlink(missing_ok=True)

    def after(self, position: Position, limit: int = 500) -> list[tuple[Record, Position]]:
        """The next records, each with the position behind it. Unreadable lines are left out."""
        found: list[tuple[Record, Position]] = []
        for number in _segments(self._folder):
            if number < position.segment:
                continue
            offset = position.offset if number == position.segment else 0
            for record, end in _read(_path(self._folder, number), offset):
                found.append((record, Position(number, end)))
                if len(found) >= limit:
                    return found
        return found

    def everything(self) -> Iterator[Record]:
        """Every record still on this disk, oldest first: what open calls are resumed from."""
        for number in _segments(self._folder):
            for record, _ in _read(_path(self._folder, number), 0):
                yield record

    def _open(self, number: int) -> IO[bytes]:
        path = _path(self._folder, number)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        _end_torn_line(path, file)
        return file


def _read(path: Path, offset: int) -> Iterator[tuple[Record, int]]:
    with path.open("rb") as file:
        file.seek(offset)
        for line in file:
            if not line.endswith(b"\n"):
                return  # still being written
            offset += len(line)
            try:
                yield Record.from_line(line), offset
            except ValueError as failure:
                # A line torn by a power cut. Its neighbours are whole, so only it is passed over.
                log.warning("passed over", why=str(failure), segment=path.name, ends_at=offset)


def _end_torn_line(path: Path, file: IO[bytes]) -> None:
    """A line cut off by a power cut gets its end, so that the next one starts on its own."""
    if file.tell() == 0:
        return
    with path.open("rb") as reader:
        reader.seek(-1, os.SEEK_END)
        if reader.read(1) != b"\n":
            file.write(b"\n")
            file.flush()


def _segments(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob("*.jsonl") if path.stem.isdigit())


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:08d}.jsonl"
