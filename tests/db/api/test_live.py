"""The live push, over a real socket."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.backend import Backend
from domain.accounts.permissions import Role
from tests.db.api.people import PASSWORD, Events, given_account, given_token

STARTED = {"type": "call_started", "call_id": "c.1", "at": "x", "caller": "13800000000"}


@pytest_asyncio.fixture
async def address(app: FastAPI, events: Events) -> AsyncIterator[str]:
    """host:port of the running service."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="error", lifespan="on")
        server = uvicorn.Server(config)
        # pytest handles signals here
        server.capture_signals = contextlib.nullcontext  # type: ignore[assignment]
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        await asyncio.wait_for(events.listening.wait(), 10)
        yield "{}:{}".format(*listening.getsockname())
        server.should_exit = True
        await asyncio.wait_for(serving, 10)


def watching(address: str, token: str, **options: Any) -> connect:
    headers = {"Authorization": f"Bearer {token}"}
    return connect(f"ws://{address}/live", additional_headers=headers, **options)


async def is_watched_by(app: FastAPI, number: int) -> None:
    async with asyncio.timeout(5):
        while app.state.metrics.live_watchers._value.get() != number:
            await asyncio.sleep(0.005)


async def received(connection: ClientConnection) -> dict[str, Any]:
    return json.loads(await asyncio.wait_for(connection.recv(), 5))


async def close_code(connection: ClientConnection) -> int:
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(20):
            while True:
                await connection.recv()
    return connection.close_code or 0


async def test_everyone_gets_each_event_masked_unless_he_may_see_it(
    app: FastAPI, backend: Backend, events: Events, address: str
) -> None:
    clear, masked = await given_token(backend, "drafts", "live"), await given_token(backend, "live")
    async with watching(address, clear) as one, watching(address, masked) as other:
        await is_watched_by(app, 2)
        await events.queue.put(STARTED)
        await events.queue.put({**STARTED, "type": "final", "text": "电话一三八零零零零零零零零"})
        assert await received(one) == STARTED
        assert (await received(other))["caller"] == "138****0000"
        assert (await received(other))["text"] == "电话一三八****零零零零"


async def test_a_desk_that_names_its_own_is_spared_the_rest(
    app: FastAPI, backend: Backend, events: Events, address: str
) -> None:
    token = await given_token(backend, "drafts", "live")
    async with watching(address, token) as desk, watching(address, token) as wide:
        await is_watched_by(app, 2)
        await desk.send('{"calls": ["c.1"], "seats": ["1001"]}')
        assert await received(desk) == {
            "type": "watching", "calls": ["c.1"], "seats": ["1001"], "all": False,
        }  # fmt: skip
        told = [
            {**STARTED, "call_id": "c.2"},
            STARTED,
            {"type": "ringing", "call_id": "c.3", "seat": "1001"},
            {"type": "seat", "call_id": "", "seat": "1002"},
            {"type": "broadcast", "call_id": "", "text": "x"},
            {"type": "call_back", "call_id": "c.2"},
            {"type": "alarm", "call_id": "", "seat": ""},
        ]
        for event in told:
            await events.queue.put(event)
        assert [await received(wide) for _ in told] == told
        mine = [told[place] for place in (1, 2, 4, 5, 6)]
        assert [await received(desk) for _ in mine] == mine
        await desk.send('{"all": true}')
        assert (await received(desk))["all"]
        await events.queue.put(told[0])
        assert await received(desk) == told[0]


@pytest.mark.parametrize("said", ["x", "[]", '{"call": ["c.1"]}', '{"all": true, "seats": ["1"]}'])
async def test_a_wish_that_is_none_changes_nothing(
    app: FastAPI, backend: Backend, events: Events, address: str, said: str
) -> None:
    async with watching(address, await given_token(backend, "drafts", "live")) as desk:
        await is_watched_by(app, 1)
        await desk.send(said)
        refused = await received(desk)
        assert refused["type"] == "refused"
        assert '{"all": true}' in refused["message"]
        await events.queue.put(STARTED)
        assert await received(desk) == STARTED


async def test_a_browser_watches_by_its_session_from_our_own_page_only(
    app: FastAPI, backend: Backend, events: Events, address: str
) -> None:
    await given_account(backend, "li", Role.AGENT)
    async with AsyncClient(base_url=f"http://{address}") as client:
        await client.post("/auth/login", json={"name": "li", "password": PASSWORD})
        cookie = {"Cookie": f"hotline_session={client.cookies['hotline_session']}"}
    url = f"ws://{address}/live"
    async with connect(url, additional_headers=cookie, origin=f"http://{address}") as own:
        await is_watched_by(app, 1)
        await events.queue.put(STARTED)
        assert (await received(own))["call_id"] == "c.1"
    for origin in ("http://evil.test", "null"):
        assert await refusal(url, additional_headers=cookie, origin=origin) == 403


async def refusal(url: str, **options: Any) -> int:
    try:
        async with connect(url, **options):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_who_may_not_watch_is_refused_at_the_door(backend: Backend, address: str) -> None:
    url = f"ws://{address}/live"
    assert await refusal(url) == 401
    wrong = {"Authorization": "Bearer hl_wrong"}
    assert await refusal(url, additional_headers=wrong) == 401
    token = await given_token(backend, "unit_reviewer")
    assert await refusal(url, additional_headers={"Authorization": f"Bearer {token}"}) == 403


async def test_who_does_not_keep_up_is_let_go_and_disturbs_nobody(
    app: FastAPI, backend: Backend, events: Events, address: str
) -> None:
    token = await given_token(backend, "live")
    # Compressed, the events would all fit into the buffers between the two.
    plain = {"compression": None}
    async with (
        watching(address, token, max_queue=1, **plain) as slow,
        watching(address, token, **plain) as quick,
    ):
        await is_watched_by(app, 2)
        slow.transport.pause_reading()
        for number in range(20_000):
            await events.queue.put({**STARTED, "at": str(number), "filler": "x" * 10_000})
            assert (await received(quick))["at"] == str(number)
            if app.state.metrics.live_dropped._value.get():
                break
        assert app.state.metrics.live_dropped._value.get() == 1
        await is_watched_by(app, 1)
        slow.transport.resume_reading()
        assert await close_code(slow) in {4008, 1006}
        await events.queue.put(STARTED)
        assert (await received(quick))["call_id"] == "c.1"


async def test_a_revoked_token_stops_watching(app: FastAPI, backend: Backend, address: str) -> None:
    app.state.live_checked_every = timedelta(milliseconds=20)
    token = await given_token(backend, "live", expires_at=backend.clock() + timedelta(hours=1))
    async with watching(address, token) as connection:
        await is_watched_by(app, 1)
        backend.clock.advance(hours=2)  # type: ignore[attr-defined]
        assert await close_code(connection) == 4401


async def test_leaving_is_noticed(app: FastAPI, backend: Backend, address: str) -> None:
    token = await given_token(backend, "live")
    async with watching(address, token):
        await is_watched_by(app, 1)
    await is_watched_by(app, 0)


async def test_what_a_watcher_says_has_no_effect(
    app: FastAPI, backend: Backend, events: Events, address: str
) -> None:
    token = await given_token(backend, "live")
    async with watching(address, token) as connection:
        await is_watched_by(app, 1)
        await connection.send("{}")
        await connection.send(b"\x00\xff")
        await events.queue.put(STARTED)
        assert (await received(connection))["call_id"] == "c.1"
