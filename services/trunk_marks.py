"""Emergency lines that the dialplan tried in vain: its own marks, for an engine that was away.

``<spool>/slips/trunk-down.marks``: one line ``epoch number line status call`` for each try, the
call "-" where an agent's telephone dialled. The file is renamed before it is read: the dialplan
opens it anew for each line, so that none is lost between reading and deleting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

log = structlog.get_logger()

NAME = "trunk-down.marks"
TAKEN = ".taken"
NO_CALL = "-"


@dataclass(frozen=True)
class TrunkMark:
    """``line``: which of the number's lines, from 1; ``status``: DIALSTATUS of the switch."""

    at: datetime
    number: str
    line: str
    status: str
    call_id: str


def waiting(slips: Path) -> list[TrunkMark]:
    """Marks that no engine has seen; nothing is changed."""
    return [mark for path in _files(slips) for mark in _marks(path)]


def take(slips: Path) -> list[TrunkMark]:
    """Every mark since the last time, oldest first. Call `settle` once they are written down."""
    new, taken = slips / NAME, slips / (NAME + TAKEN)
    if new.exists() and not taken.exists():
        new.rename(taken)
    return list(_marks(taken)) if taken.exists() else []


def settle(slips: Path) -> None:
    """What `take` gave is on record elsewhere; an engine that dies before finds it again."""
    (slips / (NAME + TAKEN)).unlink(missing_ok=True)


def _files(slips: Path) -> list[Path]:
    return [path for path in (slips / (NAME + TAKEN), slips / NAME) if path.exists()]


def _marks(path: Path) -> Iterator[TrunkMark]:
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            epoch, number, which, status, call_id = line.split(" ")
            at = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            log.warning("mark of an emergency line unreadable")
            continue
        yield TrunkMark(at, number, which, status, "" if call_id == NO_CALL else call_id)
