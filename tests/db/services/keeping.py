"""Recordings in a vault, as calls leave them, with the cards that rules ask."""

from datetime import datetime

from services.recordings import Places, keep_recording
from storage.database import Database
from storage.search.index import index_of
from storage.tables.recording_card import RecordingCardRow
from tests.db.services.given import NOW, Facts
from tests.db.services.sound import put_wav, tone


async def given_kept(
    database: Database,
    places: Places,
    number: int,
    *,
    made_at: datetime = NOW,
    said: str = "",
    **card: object,
) -> str:
    """One call with its kept recording; its id. Calls begin at `NOW`."""
    call_id = f"hl1-1763843556.{number}"
    facts = Facts(call_id, f"2611225{number:05d}")
    if said:
        facts.heard(said, at_s=1.0)
    await facts.ended().into(database)
    for side in ("caller", "heard"):
        put_wav(places.side(call_id, side), tone(800 + number, 1))
    await keep_recording(database, places, call_id, now=made_at)
    async with database.transaction() as session:
        session.add(RecordingCardRow(call_id=call_id, started_at=NOW, **card))
        if said:
            await index_of(session).put(call_id, [said])
    return call_id
