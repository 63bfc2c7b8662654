"""Deliveries to a real server on loopback that answers as the test wishes."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio

from domain.tickets.status import TicketStatus
from services.actor import SYSTEM
from services.webhook_endpoints import EndpointEdit, edit_endpoint, register_endpoint
from services.webhooks import attempt, is_genuine, plan_deliveries
from storage.database import Database
from storage.repositories.tickets import Tickets
from storage.repositories.webhooks import WebhookDeliveries
from storage.tables.ticket import TicketRow

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
SECRET = "a secret of sixteen signs"
TICKET = "261122557010"
BODY = json.dumps({"ticket_id": TICKET, "summary": "路灯不亮"}, ensure_ascii=False)


@dataclass
class OutsideBackend:
    """`answers`: raw HTTP answers in turn, the last one for good; None cuts the line."""

    answers: list[bytes | None]
    port: int = 0
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/drafts"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        names = {name.lower(): value for name, value in headers.items()}
        self.heads.append(names)
        self.bodies.append(await reader.readexactly(int(names["content-length"])))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()


def http(status: str, more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n{more}\r\n".encode()


@pytest_asyncio.fixture
async def outside() -> AsyncIterator[OutsideBackend]:
    backend = OutsideBackend([http("200 OK")])
    server = await asyncio.start_server(backend.serve, "127.0.0.1", 0)
    backend.port = server.sockets[0].getsockname()[1]
    yield backend
    server.close()
    await server.wait_closed()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


@pytest_asyncio.fixture
async def key(database: Database, outside: OutsideBackend) -> str:
    async with database.transaction() as session:
        Tickets(session).add(
            TicketRow(
                id=TICKET,
                status=TicketStatus.DRAFT,
                city="hangzhou",
                origin="phone",
                created_at=NOW,
                updated_at=NOW,
            )
        )
        await register_endpoint(session, outside.url, SECRET, enabled=True, actor=SYSTEM, now=NOW)
        await session.flush()
        (key,) = await plan_deliveries(session, TICKET, BODY, now=NOW)
    return key


async def test_a_draft_is_delivered_signed(
    database: Database, client: httpx.AsyncClient, outside: OutsideBackend, key: str
) -> None:
    progress = await attempt(database, key, client=client, now=NOW)
    (head,), (body,) = outside.heads, outside.bodies
    assert progress.accepted
    assert json.loads(body)["summary"] == "路灯不亮"
    assert head["idempotency-key"] == key
    signed = {
        "X-Hotline-Timestamp": head["x-hotline-timestamp"],
        "X-Hotline-Signature": head["x-hotline-signature"],
    }
    assert is_genuine(SECRET, signed, body, now=NOW)


async def test_what_was_accepted_is_never_sent_again(
    database: Database, client: httpx.AsyncClient, outside: OutsideBackend, key: str
) -> None:
    for _ in range(3):
        assert (await attempt(database, key, client=client, now=NOW)).accepted
    assert len(outside.bodies) == 1


@pytest.mark.parametrize(
    "refusal",
    [
        http("500 Oops"),
        http("404 Not Found"),
        http("302 Found", "location: http://127.0.0.1:1/\r\n"),
        http("307 Temporary Redirect", "location: /drafts\r\n"),
        b"rubbish\r\n\r\n",
        None,
    ],
)
async def test_anything_but_2xx_is_tried_again_with_the_same_key_and_content(
    database: Database,
    client: httpx.AsyncClient,
    outside: OutsideBackend,
    key: str,
    refusal: bytes | None,
) -> None:
    outside.answers = [refusal, refusal, http("204 No Content")]
    waits = []
    now = NOW
    while True:
        progress = await attempt(database, key, client=client, now=now)
        if progress.accepted:
            break
        assert progress.retry_in is not None
        waits.append(progress.retry_in)
        now += progress.retry_in
    assert waits == [timedelta(seconds=5), timedelta(seconds=10)]
    assert {head["idempotency-key"] for head in outside.heads} == {key}
    assert len(outside.bodies) == 3
    assert len(set(outside.bodies)) == 1
    async with database.session() as session:
        row = await WebhookDeliveries(session).find(key)
    assert row is not None
    assert (row.attempts, row.accepted_at, row.last_status) == (3, now, 204)


async def test_a_backend_that_is_away_is_waited_for(
    database: Database, client: httpx.AsyncClient, key: str
) -> None:
    async with database.transaction() as session:
        await edit_endpoint(
            session, 1, EndpointEdit(url="http://127.0.0.1:1/"), actor=SYSTEM, now=NOW
        )
    progress = await attempt(database, key, client=client, now=NOW)
    assert (progress.accepted, progress.retry_in) == (False, timedelta(seconds=5))
    async with database.session() as session:
        row = await WebhookDeliveries(session).find(key)
    assert row is not None
    assert "ConnectError" in row.last_error


async def test_an_endpoint_that_is_switched_off_gets_nothing(
    database: Database, client: httpx.AsyncClient, outside: OutsideBackend, key: str
) -> None:
    async with database.transaction() as session:
        await edit_endpoint(session, 1, EndpointEdit(enabled=False), actor=SYSTEM, now=NOW)
    progress = await attempt(database, key, client=client, now=NOW)
    assert (progress.accepted, progress.retry_in, outside.bodies) == (False, None, [])
    async with database.session() as session:
        assert await WebhookDeliveries(session).pending() == []
    async with database.transaction() as session:
        await edit_endpoint(session, 1, EndpointEdit(enabled=True), actor=SYSTEM, now=NOW)
    async with database.session() as session:
        assert [row.key for row in await WebhookDeliveries(session).pending()] == [key]


async def test_planning_twice_plans_once(
    database: Database, outside: OutsideBackend, key: str
) -> None:
    async with database.transaction() as session:
        assert await plan_deliveries(session, TICKET, "{}", now=NOW) == [key]
    async with database.session() as session:
        row = await WebhookDeliveries(session).find(key)
    assert row is not None
    assert row.body == BODY


async def test_an_unknown_delivery(database: Database, client: httpx.AsyncClient) -> None:
    with pytest.raises(LookupError, match="no delivery"):
        await attempt(database, "draft-1-1", client=client, now=NOW)
