"""Figures of a wallboard, counted from the events of calls, the same in both databases."""

from datetime import timedelta

from services.wallboard import DEFINITIONS, figures
from storage.database import Database
from tests.db.services.given import NOW, Facts


async def test_shares_are_exact_and_of_the_period_only(database: Database) -> None:
    quick = (
        Facts("hl1-1.1", "261122558001").add("queued", queue="general").add("answered", seat="1")
    )
    slow = Facts("hl1-1.2", "261122558002").add("queued", queue="general")
    for _ in range(19):
        slow.add("ringing", seat="1001", why={})
    slow.add("answered", seat="1001").add("answered", seat="1002")
    gone = Facts("hl1-1.3", "261122558003").add("queued", queue="general").ended("abandoned")
    machine = Facts("hl1-1.4", "261122558004").ended("message")
    for facts in (quick, slow, gone, machine):
        await facts.into(database)
    async with database.session() as session:
        found = await figures(session, NOW, NOW + timedelta(hours=1))
        later = await figures(session, NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    assert (found.asked, found.answered, found.within_goal, found.abandoned) == (3, 2, 1, 1)
    assert found.mean_wait_s == 10.5  # 1 s and 20 s
    assert found.connection_rate == 2 / 3
    assert found.within_goal_share == 1 / 3
    assert (later.asked, later.connection_rate, later.mean_wait_s) == (0, None, None)


def test_every_figure_is_defined_in_both_languages() -> None:
    assert all(zh and en for zh, en in DEFINITIONS.values())
