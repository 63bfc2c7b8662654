"""The HTTP service on a real database, with a clock that the test moves."""

from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from fastapi import FastAPI
from httpx import AsyncClient

from api.app import create_app
from api.backend import Backend
from domain.accounts.permissions import Role
from services.passwords import Passwords
from storage.database import Database
from storage.vault.vault import Vault
from tests.db.api.people import (
    PASSWORD,
    Clock,
    Events,
    Person,
    SignIn,
    browser,
    given_account,
    given_token,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(time_cost=1, memory_kib=8, lanes=1)


@pytest.fixture
def backend(
    database: Database, clock: Clock, events: Events, vault: Vault, passwords: Passwords
) -> Backend:
    return Backend(
        database=database,
        vault=vault,
        secret=b"a secret of this test",
        live=events,
        zone=ZoneInfo("Asia/Shanghai"),
        city="hangzhou",
        clock=clock,
        passwords=passwords,
    )


@pytest.fixture
def app(backend: Backend) -> FastAPI:
    return create_app(backend)


@pytest_asyncio.fixture
async def anyone(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with browser(app) as client:
        yield client


@pytest_asyncio.fixture
async def sign_in(app: FastAPI, backend: Backend) -> AsyncIterator[SignIn]:
    """`await sign_in(Role.AGENT)`: a new account with these roles, signed in."""
    opened: list[Any] = []

    async def make(*roles: Role, name: str = "", unit: str = "") -> Person:
        account = name or "-".join(roles) + f"-{len(opened)}"
        await given_account(backend, account, *roles, unit=unit)
        opening = browser(app)
        client = await opening.__aenter__()
        opened.append(opening)
        answer = await client.post("/auth/login", json={"name": account, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return Person(client, answer.json())

    yield make
    for opening in opened:
        await opening.__aexit__(None, None, None)


@pytest_asyncio.fixture
async def machine(app: FastAPI, backend: Backend) -> AsyncIterator[AsyncClient]:
    """An outside backend with the scope `drafts`."""
    token = await given_token(backend, "drafts")
    async with browser(app) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client
