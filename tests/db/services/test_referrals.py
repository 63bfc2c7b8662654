"""The package for the police, and the message of a suspended caller that becomes the appeal."""

import hashlib
import io
import zipfile
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.callers.conduct import Conduct, Measure
from services.actor import Actor
from services.referrals import Referral, police_referral
from services.suspensions import (
    Act,
    Decision,
    Place,
    decide_suspension,
    note_appeal,
    propose_suspension,
    take_measure,
)
from storage.database import Database
from storage.repositories.calls import Calls
from storage.repositories.suspensions import SuspensionNotFound, Suspensions
from storage.tables.call import CallRow
from storage.vault.vault import Vault
from tests.db.services.given import NOW

LI, WANG = Actor("account:li"), Actor("account:wang")
PLACE = Place("hangzhou", ZoneInfo("Asia/Shanghai"))
ABUSE, MESSAGE = "hl1-1795000000.1", "hl1-1795000000.2"


async def suspended(database: Database) -> int:
    """The caller of `ABUSE`, by Hangzhou's rules; `MESSAGE` is a later call of the same number."""
    async with database.transaction() as session:
        for place, (call_id, flow) in enumerate([(ABUSE, "default"), (MESSAGE, "suspended")]):
            row = CallRow(
                id=call_id,
                caller="13811112222",
                dialled="12345",
                ticket_number=f"26112255701{place}",
                started_at=NOW,
                flow=flow,
            )
            Calls(session).add(row)
        await session.flush()
        act = Act(ABUSE, Conduct.INSULT, "提醒后继续<辱骂>")
        await take_measure(session, PLACE, act, Measure.WARN, actor=LI, now=NOW)
        later = NOW + timedelta(minutes=10)
        proposed = await propose_suspension(session, PLACE, act, actor=LI, now=later)
        decision = Decision(suspend=True, reason="属实", days=7)
        await decide_suspension(session, PLACE, proposed.id, decision, actor=WANG, now=later)
        return proposed.id


async def test_the_package_has_a_pdf_a_list_of_hashes_and_sealed_evidence(
    database: Database, vault: Vault
) -> None:
    number = await suspended(database)
    async with database.transaction() as session:
        package = await police_referral(
            session, vault, PLACE, Referral(number, "涉嫌寻衅滋事"), actor=WANG, now=NOW
        )
        with pytest.raises(SuspensionNotFound):
            await police_referral(
                session, vault, PLACE, Referral(999, "无此案"), actor=WANG, now=NOW
            )
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert set(contents) == {
        "referral.pdf",
        "hashes.txt",
        "hashes.txt.sig",
        f"calls/{ABUSE}.zip",
    }
    assert contents["referral.pdf"].startswith(b"%PDF")
    for line in contents["hashes.txt"].decode().splitlines():
        value, name = line.split("  ")
        assert hashlib.sha256(contents[name]).hexdigest() == value
    with zipfile.ZipFile(io.BytesIO(contents[f"calls/{ABUSE}.zip"])) as evidence:
        assert {"call.json", "manifest.json", "manifest.sig"} <= set(evidence.namelist())


async def test_what_a_suspended_caller_says_is_the_appeal_once(database: Database) -> None:
    number = await suspended(database)
    now = NOW + timedelta(hours=1)
    async with database.transaction() as session:
        ordinary = await Calls(session).get(ABUSE)
        assert await note_appeal(session, ordinary, "我家停水", now=now) is None
        call = await Calls(session).get(MESSAGE)
        assert await note_appeal(session, call, " ", now=now) is None
        row = await note_appeal(session, call, "那不是我骂的", now=now)
        assert row is not None
        assert (row.id, row.appeal, row.appealed_at) == (number, "那不是我骂的", now)
        assert await note_appeal(session, call, "再说一次", now=now) is None
    async with database.session() as session:
        assert (await Suspensions(session).get(number)).appeal == "那不是我骂的"
