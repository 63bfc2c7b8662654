"""At night gaps are looked for and what is due is proposed; what was confirmed goes any time."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services.actor import Actor
from services.house import House
from services.recordings import Places
from services.retention import confirm, ensure_rules
from storage.database import Database
from storage.repositories.keeping import Deletions
from storage.vault.vault import Vault
from tests.db.services.given import NOW
from tests.db.services.keeping import given_kept


async def test_once_a_night_and_confirmed_deletions_at_once(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    places = Places(tmp_path / "spool", vault)
    await ensure_rules(database, now=NOW)
    await given_kept(database, places, 1)
    house = House(database, places, tmp_path / "Master.csv", ZoneInfo("Asia/Shanghai"))
    # 15:30 in Shanghai, a year later; then half past two at night, then three.
    night = NOW + timedelta(days=366, hours=11)
    await house.round(night)
    assert house.reconciled_on is None
    await house.round(night + timedelta(minutes=30))
    assert house.reconciled_on is not None
    async with database.transaction() as session:
        (deletion,) = await Deletions(session).every()
        await confirm(session, deletion.id, Actor("account:ben"), now=night)
    assert list(vault.names())
    await house.round(night + timedelta(minutes=31))
    assert list(vault.names()) == []
