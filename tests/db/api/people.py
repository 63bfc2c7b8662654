"""People, machines and browsers that use the service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from api.backend import Backend
from domain.accounts.permissions import Role
from services.actor import SYSTEM
from services.tokens import NewToken, issue_token
from storage.repositories.accounts import Accounts
from storage.tables.account import AccountRow

PASSWORD = "three random words"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 7, 28, 21, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class Events:
    """A live source the test speaks into."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.listening = asyncio.Event()

    async def __call__(self) -> AsyncIterator[dict[str, Any]]:
        self.listening.set()
        while True:
            yield await self.queue.get()


@dataclass
class Person:
    """A signed-in browser."""

    client: AsyncClient
    me: dict[str, Any]
    asked: list[str] = field(default_factory=list)

    async def get(self, path: str, **options: Any) -> Response:
        return await self.client.get(path, **options)

    async def send(self, method: str, path: str, **options: Any) -> Response:
        headers = {"X-CSRF-Token": self.me["csrf_token"], **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)


SignIn = Callable[..., Awaitable[Person]]


@asynccontextmanager
async def browser(app: FastAPI, address: str = "10.0.0.1") -> AsyncIterator[AsyncClient]:
    # What the service did not foresee should fail the test, not become a 500.
    transport = ASGITransport(app, client=(address, 50000), raise_app_exceptions=True)
    async with AsyncClient(transport=transport, base_url="http://hotline.test") as client:
        yield client


async def given_account(
    backend: Backend, name: str, *roles: Role, must_change_password: bool = False, unit: str = ""
) -> int:
    password_hash = await backend.passwords.hash(PASSWORD)
    async with backend.database.transaction() as session:
        row = AccountRow(
            name=name,
            password_hash=password_hash,
            roles=[role.value for role in roles],
            unit=unit,
            created_at=backend.clock(),
            must_change_password=must_change_password,
        )
        Accounts(session).add(row)
        await session.flush()
        return row.id


async def given_token(backend: Backend, *scopes: str, expires_at: datetime | None = None) -> str:
    async with backend.database.transaction() as session:
        _, token = await issue_token(
            session,
            NewToken("machine", scopes, expires_at),
            actor=SYSTEM,
            issuer_roles=(),
            now=backend.clock(),
        )
    return token
