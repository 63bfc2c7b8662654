"""Who heard what: written down for every stretch of sound that left the vault."""

from dataclasses import dataclass
from datetime import datetime

from services.actor import Actor
from storage.database import Database
from storage.repositories.keeping import Listenings
from storage.tables.listening import ListeningRow

WHOLE, REDACTED, DOWNLOAD, PLAYED = "whole", "redacted", "download", "played"


@dataclass(frozen=True)
class Stretch:
    """A part of a call's recording, in seconds; `kind`: one of the four above."""

    call_id: str
    kind: str
    from_s: float
    to_s: float


async def write_listening(
    database: Database, actor: Actor, stretch: Stretch, *, now: datetime
) -> None:
    """Add one row. The table refuses changes and deletions by itself."""
    async with database.transaction() as session:
        Listenings(session).add(
            ListeningRow(
                at=now,
                actor=actor.name,
                address=actor.address,
                call_id=stretch.call_id,
                kind=stretch.kind,
                from_s=round(stretch.from_s, 3),
                to_s=round(stretch.to_s, 3),
            )
        )
