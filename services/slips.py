"""Call slips: what the dialplan wrote down of a call before our software was asked.

``<spool>/slips/<call id>.slip``: a line ``epoch dialled caller``, then one ``fallback epoch`` for
each time the static fallback led the call, and ``emergency number`` when it was handed to 110, 119,
120 or 122. Deleted once the recording is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

log = structlog.get_logger()

SUFFIX = ".slip"


@dataclass(frozen=True)
class Slip:
    """``recorded_s``: how much of the caller Asterisk has recorded; None without a recording."""

    call_id: str
    started_at: datetime
    dialled: str
    caller: str
    fell_back: bool
    recorded_s: float | None = None
    emergency: bool = False


def read(folder: Path, call_id: str) -> Slip | None:
    """The slip of one call, if there is one that can be read."""
    try:
        lines = (folder / f"{call_id}{SUFFIX}").read_text("utf-8").splitlines()
        epoch, dialled, *caller = lines[0].split(" ")
        started_at = datetime.fromtimestamp(int(epoch), UTC)
    except FileNotFoundError:
        return None
    except (ValueError, IndexError, OverflowError, OSError) as failure:
        log.warning("call slip unreadable", call=call_id, why=str(failure))
        return None
    fell_back = any(line.startswith("fallback") for line in lines[1:])
    recorded_s = _recorded_s(folder.parent / "recordings" / f"{call_id}-caller.wav")
    emergency = any(line.startswith("emergency") for line in lines[1:])
    return Slip(call_id, started_at, dialled, "".join(caller), fell_back, recorded_s, emergency)


def _recorded_s(wav: Path) -> float | None:
    """8 kHz, 16 bit, one channel, 44 bytes of header, whether it was closed or not."""
    try:
        return max(wav.stat().st_size - 44, 0) / 16_000
    except FileNotFoundError:
        return None


def every(folder: Path) -> Iterator[Slip]:
    """All slips that can be read, oldest first."""
    found = (read(folder, path.stem) for path in folder.glob(f"*{SUFFIX}"))
    yield from sorted((slip for slip in found if slip), key=lambda slip: slip.started_at)
