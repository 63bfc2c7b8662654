"""Flows of a test's own: drafts that certain callers reach; others keep the published one."""

from datetime import UTC, datetime
from typing import Any

from services.actor import Actor
from services.flow_routing import Route, set_route
from services.flows import create_flow
from storage.database import Database
from tests.asterisk.hotline import Hotline, until

EDITOR, PUBLISHER = Actor("account:editor"), Actor("account:publisher")


def database_of(hotline: Hotline) -> Database:
    return Database(f"sqlite+aiosqlite:///{hotline.home / 'hotline.db'}")


async def drafted(database: Database, draft: dict[str, Any], numbers: list[str]) -> None:
    """A draft that these callers reach."""
    now, name = datetime.now(UTC), draft["name"]
    async with database.transaction() as session:
        await create_flow(session, name, draft, actor=EDITOR, now=now)
        for number in numbers:
            await set_route(session, Route(name, caller=number), actor=PUBLISHER, now=now)
    await database.close()


def taken_over(hotline: Hotline, number: str) -> None:
    kept = hotline.home / "flows" / "published.json"
    until(
        lambda: (kept.exists() and number in kept.read_text()) or None,
        within_s=5,
        saying="the engine did not take the draft over",
    )
