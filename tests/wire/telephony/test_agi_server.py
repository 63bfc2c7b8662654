"""The FastAGI server beside the defect table: limits, failures, garbage."""

import asyncio
import random

import pytest
from structlog.testing import capture_logs

from telephony.agi.session import AgiSession
from tests.wire.telephony.asterisk_agi import HEADER, AsteriskCall, serving
from tests.wire.telephony.waiting import until


async def waiting(session: AgiSession) -> None:
    await session.wait_for_digit(60)


async def test_above_the_limit_a_connection_is_closed_at_once() -> None:
    async with serving(waiting, max_sessions=2) as server:
        calls = [await AsteriskCall.dial(server.port) for _ in range(2)]
        for call in calls:
            await call.hears()
        assert server.active == 2
        with capture_logs() as logs:
            assert await (await AsteriskCall.dial(server.port)).hears() == b""
        assert [log["event"] for log in logs] == ["agi.turned_away"]
        calls[0].hangs_up()
        await until(lambda: server.active == 1)
        assert await (await AsteriskCall.dial(server.port)).hears() != b""


async def test_a_failing_handler_ends_its_own_call_only() -> None:
    async def handler(session: AgiSession) -> None:
        if session.env["agi_uniqueid"].endswith("66"):
            raise RuntimeError("broken flow")
        await session.answer()

    async with serving(handler) as server:
        with capture_logs() as logs:
            good = await AsteriskCall.dial(server.port)
            assert await good.hears() == b"ANSWER\n"
            bad = await AsteriskCall.dial(server.port, HEADER.replace(b".12", b".66"))
            assert await bad.hears() == b""
            good.says(b"200 result=0\n")
            assert await good.hears() == b""
        assert [log["event"] for log in logs] == ["agi.handler_failed"]
        assert logs[0]["call_id"] == "hl1-1763843556.66"


async def test_a_cancelled_command_leaves_the_dialogue_in_step() -> None:
    values: list[str] = []

    async def handler(session: AgiSession) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await session.get_variable("SLOW")
        values.append(await session.get_variable("NEXT"))

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        assert await call.hears() == b'GET VARIABLE "SLOW"\n'
        # Nothing is sent on top of an unanswered command: Asterisk would overlook it.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(call.reader.readline(), 0.1)
        call.says(b"200 result=1 (slow)\n")
        assert await call.answers(b"200 result=1 (next)\n") == b'GET VARIABLE "NEXT"\n'
        assert await call.hears() == b""
    assert values == ["next"]


async def test_a_line_break_inside_a_value_is_part_of_it() -> None:
    values: list[str] = []

    async def handler(session: AgiSession) -> None:
        values.append(await session.get_variable("A"))
        values.append(await session.get_variable("B"))

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        await call.answers(b"200 result=1 (one\ntwo)\n")
        await call.answers(b"200 result=1 (three)\n")
        assert await call.hears() == b""
    assert values == ["one\ntwo", "three"]


async def test_a_reply_to_nothing_ends_the_call() -> None:
    async def handler(session: AgiSession) -> None:
        await session.answer()
        await asyncio.Event().wait()

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        await call.answers(b"200 result=0\n")
        with capture_logs() as logs:
            call.says(b"200 result=0\n")
            assert await call.hears() == b""
        assert [log["why"] for log in logs] == ["reply to nothing"]


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0" * 100,
        b"OPTIONS sip:x SIP/2.0\r\n\r\n",
        random.Random(12345).randbytes(10_000),
    ],
    ids=["http", "tls", "zeros", "sip", "random"],
)
async def test_garbage_is_closed_with_one_line_and_calls_go_on(garbage: bytes) -> None:
    async with serving(waiting) as server:
        running = await AsteriskCall.dial(server.port)
        await running.hears()
        with capture_logs() as logs:
            for _ in range(20):
                scan = await AsteriskCall.dial(server.port, garbage)
                assert await scan.hears() == b""
        assert [log["why"] for log in logs] == ["not an AGI header"] * 20
        assert server.active == 1
        running.says(b"200 result=0\n")
        assert await running.hears() == b""


async def test_garbage_instead_of_a_reply_ends_the_call() -> None:
    async with serving(waiting) as server:
        for garbage in (b"\0\xff\n", b"hello\n", b"x" * 70_000):
            call = await AsteriskCall.dial(server.port)
            await call.hears()
            call.says(garbage)
            assert await call.hears() == b""
        await until(lambda: server.active == 0)


async def test_closing_twice_and_port_while_closed() -> None:
    async with serving(waiting) as server:
        await server.close()
        await server.close()
        with pytest.raises(LookupError, match="not listening"):
            _ = server.port
