"""Agents and supervisors of a running system, as the HTTP service knows them."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from services.actor import SYSTEM
from services.passwords import Passwords
from services.tokens import NewToken, issue_token
from storage.database import Database
from storage.repositories.accounts import Accounts
from storage.tables.account import AccountRow
from tests.asterisk.hotline import Hotline

T = TypeVar("T")


class Person:
    """Somebody with a token that has the rights of these roles."""

    def __init__(self, hotline: Hotline, name: str, *roles: str) -> None:
        self.name = name
        token = _run(_issue(hotline, name, roles))
        self._api = f"http://127.0.0.1:{hotline.port['api']}"
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, *, status: int = 200, **body: Any) -> Any:
        """The answer's JSON; fails on any other status."""
        answer = httpx.request(
            method,
            self._api + path,
            json=None if method == "GET" else body,
            headers=self._headers,
            timeout=20,
            trust_env=False,
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    def sound(self, call_id: str) -> bytes:
        """The recording of a call, as far as this person may hear it."""
        answer = httpx.get(
            f"{self._api}/calls/{call_id}/recording",
            headers=self._headers,
            timeout=20,
            trust_env=False,
        )
        return answer.raise_for_status().content

    def seat(self, seat: str) -> dict[str, Any] | None:
        found = [one for one in self.ask("GET", "/seats")["seats"] if one["seat"] == seat]
        return found[0] if found else None


def given_account(hotline: Hotline, name: str, password: str, *roles: str) -> None:
    """Somebody who signs in with a browser; the same one again is no fault."""

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{hotline.home / 'hotline.db'}")
        try:
            password_hash = await Passwords().hash(password)
            async with database.transaction() as session:
                if await Accounts(session).of_name(name) is None:
                    row = AccountRow(
                        name=name,
                        password_hash=password_hash,
                        roles=list(roles),
                        created_at=datetime.now(UTC),
                        must_change_password=False,
                    )
                    Accounts(session).add(row)
        finally:
            await database.close()

    _run(make())


def _run(work: Coroutine[Any, Any, T]) -> T:
    """On a loop of its own thread: Playwright keeps one running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _issue(hotline: Hotline, name: str, roles: tuple[str, ...]) -> str:
    database = Database(f"sqlite+aiosqlite:///{hotline.home / 'hotline.db'}")
    try:
        async with database.transaction() as session:
            wanted = NewToken(name, roles, None)
            now = datetime.now(UTC)
            _, token = await issue_token(session, wanted, actor=SYSTEM, issuer_roles=(), now=now)
    finally:
        await database.close()
    return token
