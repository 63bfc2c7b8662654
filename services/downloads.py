"""Recordings that leave the house: marked with the download, and whose a found file is."""

import wave
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.keeping.watermark import FRAME_BYTES, HEADER_BYTES, code_in, code_of, marked
from services.listening import DOWNLOAD
from storage.database import Database
from storage.repositories.keeping import ListeningFilter, Listenings
from storage.repositories.page import MAX_PAGE, Cursor
from storage.tables.listening import ListeningRow

READ_FRAMES = 8000 * 600  # ten minutes are enough to read a mark that repeats 83 times a second


class NoRecording(ValueError):
    """The file is no recording of ours."""


class Sound(Protocol):
    plain_bytes: int

    def pieces(self, start: int, length: int) -> Iterator[bytes]: ...


def download_code(actor: str, call_id: str, at: datetime) -> int:
    return code_of(actor, call_id, at.isoformat())


class MarkedSound:
    """A whole recording with the mark of one download in it; read from its beginning."""

    def __init__(self, sound: Sound, code: int) -> None:
        self._sound, self._code = sound, code
        self.plain_bytes = sound.plain_bytes

    def pieces(self, start: int, length: int) -> Iterator[bytes]:
        at = start
        for piece in self._sound.pieces(start, length):
            head = max(HEADER_BYTES - at, 0)
            first = max(at - HEADER_BYTES, 0) // FRAME_BYTES
            yield piece[:head] + marked(piece[head:], first, self._code)
            at += len(piece)


async def whose(database: Database, file: Path) -> ListeningRow | None:
    """Which download this file comes from; None: marked by nobody here, or re-encoded.

    Raises `NoRecording`.
    """
    try:
        with wave.open(str(file)) as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (2, 2):
                raise NoRecording(f"{file}: a wav of two voices with 16 bits is wanted")
            code = code_in(sound.readframes(READ_FRAMES))
    except (OSError, EOFError, wave.Error) as failure:
        raise NoRecording(f"{file} cannot be read as a wav: {failure}") from failure
    if code is None:
        return None
    after: Cursor | None = None
    while True:
        async with database.session() as session:
            wanted = ListeningFilter(kind=DOWNLOAD)
            page = await Listenings(session).page(wanted, after=after, limit=MAX_PAGE)
        for row in page.rows:
            if download_code(row.actor, row.call_id, row.at) == code:
                return row
        if page.after is None:
            return None
        after = Cursor.parse(page.after)
