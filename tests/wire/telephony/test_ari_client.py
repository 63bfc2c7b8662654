"""The ARI client against an HTTP and WebSocket server that answers as Asterisk does."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from structlog.testing import capture_logs
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from telephony.ari.client import AriAccess, AriChannel, AriClient, AriEvent
from telephony.ari.errors import AriRefused, AriUnreachable, ChannelGone
from telephony.reconnect import Backoff, ConnectionTimes
from tests.wire.telephony.waiting import until

QUICK = Backoff(first_s=0.01, longest_s=0.05)
TIMES = ConnectionTimes(answer_s=0.5, after_loss=QUICK, after_refusal=QUICK)
SNOOP = {"id": "snoop-1", "name": "Snoop/call-1-00000000", "state": "Up"}
LOGIN = f"Basic {b64encode(b'hotline:geheim').decode()}"


class Events:
    """Asterisk's event stream: who connected, and a way to say something."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.sockets: list[ServerConnection] = []
        self.status = HTTPStatus.OK

    def check(self, socket: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        if self.status is not HTTPStatus.OK:
            return socket.respond(self.status, "refused\n")
        return None

    async def serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        await socket.wait_closed()

    async def say(self, body: object) -> None:
        await self.sockets[-1].send(body if isinstance(body, str) else json.dumps(body))


@asynccontextmanager
async def listening(
    *, wait: bool = True, status: HTTPStatus = HTTPStatus.OK
) -> AsyncIterator[tuple[Events, AriClient, list[AriEvent], list[int]]]:
    events = Events()
    events.status = status
    seen: list[AriEvent] = []
    connected: list[int] = []

    async def note(event: AriEvent) -> None:
        seen.append(event)
        if event.kind == "Broken":
            raise RuntimeError("broken consumer")

    async def resynchronise() -> None:
        connected.append(len(seen))

    async with serve(events.serve, "127.0.0.1", 0, process_request=events.check) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        access = AriAccess(f"http://127.0.0.1:{port}", "hotline", "geheim")
        client = AriClient(access, on_event=note, on_connected=resynchronise, times=TIMES)
        await client.start()
        try:
            if wait:
                await client.wait_connected(5)
                await until(lambda: bool(events.sockets))
            yield events, client, seen, connected
        finally:
            await client.close()


async def test_events_of_our_application_come_in_order() -> None:
    async with listening() as (events, _, seen, connected):
        assert events.requests[0].path == "/ari/events?app=hotline"
        assert events.requests[0].headers["Authorization"] == LOGIN
        start = {"type": "StasisStart", "args": ["caller", "x"], "channel": {"id": "snoop-1"}}
        await events.say(start)
        await events.say({"type": "StasisEnd"})
        await until(lambda: len(seen) == 2)
        assert (seen[0].kind, seen[0].channel_id, seen[0].args) == (
            "StasisStart",
            "snoop-1",
            ("caller", "x"),
        )
        assert (seen[1].channel_id, seen[1].args) == ("", ())
        assert connected == [0]


@pytest.mark.parametrize("garbage", ["not json", "[]", "{}", '{"type": 5}'])
async def test_what_is_no_event_is_passed_over_with_one_line(garbage: str) -> None:
    async with listening() as (events, _, seen, _):
        with capture_logs() as logs:
            await events.say(garbage)
            await events.say({"type": "StasisEnd"})
            await until(lambda: len(seen) == 1)
        assert [log["event"] for log in logs] == ["ari.not_an_event"]


async def test_a_consumer_that_fails_loses_nothing() -> None:
    async with listening() as (events, client, seen, _):
        with capture_logs() as logs:
            await events.say({"type": "Broken"})
            await events.say({"type": "StasisEnd"})
            await until(lambda: len(seen) == 2)
        assert [log["event"] for log in logs] == ["events.consumer_failed"]
        assert client.connected


async def test_a_lost_stream_comes_back_and_is_resynchronised() -> None:
    async with listening() as (events, client, _, connected):
        events.sockets[-1].transport.abort()
        await until(lambda: len(connected) == 2)
        assert client.connected


async def test_a_wrong_password_is_one_line_each() -> None:
    with capture_logs() as logs:
        async with listening(wait=False, status=HTTPStatus.UNAUTHORIZED) as (_, client, _, _):
            await until(lambda: sum(log["event"] == "link.down" for log in logs) >= 2)
            assert not client.connected
            with pytest.raises(AriUnreachable, match="no event stream"):
                await client.wait_connected(0.01)
    assert all("not accepted" in log["why"] for log in logs if log["event"] == "link.down")


class Rest:
    """Answers requests one after another on kept-alive connections."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.logins: set[str] = set()
        self.connections = 0
        self.answer: tuple[int, object] | None = (200, {})
        self.raw = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                self.requests.append(head[0].removesuffix(" HTTP/1.1"))
                self.logins |= {line for line in head if line.startswith("Authorization: ")}
                if self.answer is None:
                    continue
                status, body = self.answer
                raw = self.raw or (b"" if body is None else json.dumps(body).encode())
                length = f"Content-Length: {len(raw)}\r\n\r\n" if status != 204 else "\r\n"
                writer.write(f"HTTP/1.1 {status} X\r\n{length}".encode() + raw)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def asking() -> AsyncIterator[tuple[Rest, AriClient]]:
    rest = Rest()
    server = await asyncio.start_server(rest.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def ignore(_: AriEvent) -> None:
        return

    client = AriClient(
        AriAccess(f"http://127.0.0.1:{port}/", "hotline", "geheim"), on_event=ignore, times=TIMES
    )
    try:
        yield rest, client
    finally:
        await client.close()
        server.close()


async def test_the_requests_asterisk_gets() -> None:
    async with asking() as (rest, client):
        rest.answer = (200, SNOOP)
        made = await client.snoop("hl1-1.2", spy="in", snoop_id="snoop-1", app_args="caller,x")
        assert made == AriChannel("snoop-1", "Snoop/call-1-00000000", "Up")
        rest.answer = (200, [SNOOP])
        assert await client.channels() == [made]
        rest.answer = (204, None)
        await client.set_variable("snoop-1", "AS_UUID", "a b&c")
        await client.continue_in_dialplan("snoop-1", "listen", "s", 1)
        await client.hang_up("../../x?y")
        assert rest.requests == [
            "POST /ari/channels/hl1-1.2/snoop/snoop-1?app=hotline&spy=in&appArgs=caller%2Cx",
            "GET /ari/channels",
            "POST /ari/channels/snoop-1/variable?variable=AS_UUID&value=a+b%26c",
            "POST /ari/channels/snoop-1/continue?context=listen&extension=s&priority=1",
            "DELETE /ari/channels/..%2F..%2Fx%3Fy",
        ]
        assert rest.connections == 1
        assert rest.logins == {f"Authorization: {LOGIN}"}


async def test_a_channel_that_has_gone_is_told_apart() -> None:
    async with asking() as (rest, client):
        rest.answer = (404, {"message": "Channel not found"})
        with pytest.raises(ChannelGone, match="DELETE /channels/c"):
            await client.hang_up("c")


@pytest.mark.parametrize("status", [400, 401, 409, 412, 500])
async def test_a_refusal_has_its_status(status: int) -> None:
    async with asking() as (rest, client):
        rest.answer = (status, {"message": "Channel not in a Stasis application"})
        with pytest.raises(AriRefused, match="not in a Stasis") as caught:
            await client.continue_in_dialplan("c", "x", "s")
        assert caught.value.status == status


async def test_no_answer_and_no_server_are_unreachable_and_nothing_is_sent_twice() -> None:
    async with asking() as (rest, client):
        rest.answer = None
        with pytest.raises(AriUnreachable, match="ReadTimeout"):
            await client.snoop("c", snoop_id="s")
        assert len(rest.requests) == 1

    async def ignore(_: AriEvent) -> None:
        return

    nobody = AriClient(AriAccess("http://127.0.0.1:1", "u", "p"), on_event=ignore, times=TIMES)
    with pytest.raises(AriUnreachable, match="ConnectError"):
        await nobody.channels()
    await nobody.close()


async def test_an_answer_that_is_not_json_is_refused() -> None:
    async with asking() as (rest, client):
        rest.raw = b"<html>"
        with pytest.raises(AriRefused, match="not JSON"):
            await client.channels()
