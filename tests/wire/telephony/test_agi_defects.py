"""FastAGI: what breaks panoramisk 1.4 must not break us. Names follow the rows of the table.

The rows are in docs as P1 … P8 of the measured defects of the well-known libraries.
"""

# ruff: noqa: N802 - tests are named by the rows of the table

import asyncio
from collections.abc import Awaitable

import pytest
from structlog.testing import capture_logs

from telephony.agi.quoting import UnsafeArgument
from telephony.agi.reply import AgiRefused
from telephony.agi.server import AgiServer
from telephony.agi.session import AgiSession
from telephony.line import CallerHungUp, LineError
from tests.wire.telephony.asterisk_agi import HEADER, AsteriskCall, serving
from tests.wire.telephony.waiting import until


class Outcomes:
    """What each call's handler ended with, in order."""

    def __init__(self) -> None:
        self.all: list[object] = []
        self._new = asyncio.Event()

    def add(self, outcome: object) -> None:
        self.all.append(outcome)
        self._new.set()

    async def first(self) -> object:
        await asyncio.wait_for(self._new.wait(), 5)
        return self.all[0]


async def ended(act: Awaitable[object]) -> object:
    """The result, or the exception."""
    try:
        return await act
    except LineError as problem:
        return problem


async def one_call(server: AgiServer) -> None:
    """A whole ordinary call: proof that the server still works."""
    call = await AsteriskCall.dial(server.port)
    assert await call.answers(b"200 result=0\n") == b"ANSWER\n"
    assert await call.hears() == b""


async def answering(session: AgiSession) -> None:
    await session.answer()


async def test_P1_connect_and_close_at_once_freezes_nothing() -> None:
    async with serving(answering) as server:
        with capture_logs() as logs:
            for _ in range(50):
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.close()
            await one_call(server)
            await until(lambda: server.active == 0)
        assert logs == []


async def test_P1_end_of_stream_inside_the_header_frees_the_connection() -> None:
    async with serving(answering, max_sessions=1) as server:
        for _ in range(20):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(HEADER[:40])
            writer.close()
            await writer.wait_closed()
        await until(server.admits)
        await one_call(server)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"agi_" + b"x" * 20_000, id="endless-line"),
        pytest.param(b"agi_network: yes\n" + b"agi_arg: x\n" * 5_000, id="endless-header"),
        pytest.param(b"agi_network: yes\n" + b"agi_arg: x\n" * 5_000 + b"\n", id="long-header"),
    ],
)
async def test_P2_header_has_a_size_limit(sent: bytes) -> None:
    async with serving(answering) as server:
        with capture_logs() as logs:
            call = await AsteriskCall.dial(server.port, sent)
            assert await call.hears() == b""
        assert [(log["event"], log["why"]) for log in logs] == [("agi.closed", "header too long")]
        assert server.active == 0
        await one_call(server)


async def test_P2_header_has_a_time_limit() -> None:
    async with serving(answering, header_timeout_s=0.05) as server:
        with capture_logs() as logs:
            call = await AsteriskCall.dial(server.port, HEADER[:-1])
            assert await call.hears() == b""
        assert [(log["event"], log["why"]) for log in logs] == [("agi.closed", "header too slow")]


@pytest.mark.parametrize(
    "last_words",
    [
        pytest.param(b"HANGUP\n", id="inline"),
        pytest.param(b"HANGUP\n511 Command Not Permitted on a dead channel\n", id="inline-511"),
        pytest.param(b"511 Command Not Permitted on a dead channel\n", id="511"),
        pytest.param(b"200 result=-1\n", id="minus-one"),
        pytest.param(b"200 result=-1 endpos=4160\nHANGUP\n200 result=0\n", id="minus-one-endpos"),
        pytest.param(b"200 result=-1 (hangup) endpos=0\n", id="record-hangup"),
        pytest.param(None, id="end-of-stream"),
    ],
)
async def test_P3_hang_up_is_a_result_and_ends_a_menu_loop(last_words: bytes | None) -> None:
    outcomes = Outcomes()
    rounds = 0

    async def menu(session: AgiSession) -> None:
        nonlocal rounds
        try:
            while True:
                rounds += 1
                await session.stream_file("/menu", keys="12", timeout_s=5)
        except CallerHungUp:
            outcomes.add("hung up")

    async with serving(menu) as server:
        call = await AsteriskCall.dial(server.port)
        await call.answers(b"200 result=0 endpos=800\n")
        await call.hears()
        if last_words is None:
            call.hangs_up()
        else:
            call.says(last_words)
        assert await outcomes.first() == "hung up"
        assert rounds == 2


async def test_P3_nothing_is_sent_to_a_dead_channel_but_what_it_still_takes() -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        outcomes.add(await ended(session.wait_for_digit(5)))
        outcomes.add(await ended(session.answer()))
        await session.set_variable("HOTLINE_DONE", "1", dead=True)
        outcomes.add(session.hung_up)

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        await call.hears()
        call.says(b"HANGUP\n511 Command Not Permitted on a dead channel\n")
        assert await call.answers(b"200 result=1\n") == b'SET VARIABLE "HOTLINE_DONE" "1"\n'
        assert await call.hears() == b""
    assert [type(outcome) for outcome in outcomes.all] == [CallerHungUp, CallerHungUp, bool]


async def test_P4_a_multi_line_520_leaves_the_dialogue_in_step() -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        outcomes.add(await ended(session.command("WAIT FOR DIGIT")))
        outcomes.add(await session.get_variable("A"))
        outcomes.add(await session.get_variable("B"))

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        await call.answers(
            b"520-Invalid command syntax.  Proper usage follows:\n"
            b"Waits up to <timeout> milliseconds.\n\n200 result=0\nHANGUP\n"
            b"520 End of proper usage.\n"
        )
        await call.answers(b"200 result=1 (first)\n")
        await call.answers(b"200 result=1 (second)\n")
        assert await call.hears() == b""
    assert isinstance(outcomes.all[0], AgiRefused)
    assert "Invalid command syntax" in str(outcomes.all[0])
    assert outcomes.all[1:] == ["first", "second"]


async def test_P5_path_and_query_of_the_address() -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        outcomes.add((session.path, session.query))

    script = "ivr/main?x=1&name=%E5%8C%97%E4%BA%AC&empty="
    async with serving(handler) as server:
        header = f"agi_network: yes\nagi_network_script: {script}\n\n".encode()
        await AsteriskCall.dial(server.port, header)
        assert await outcomes.first() == ("ivr/main", {"x": "1", "name": "北京", "empty": ""})


async def test_P6_runs_on_this_python() -> None:
    """panoramisk needs asyncio.coroutine for a plain function, gone since 3.11."""

    class Callable:
        def __call__(self, session: AgiSession) -> Awaitable[None]:
            return session.answer()

    async with serving(Callable()) as server:
        await one_call(server)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("张三".encode("gbk"), "张三", id="gbk"),
        pytest.param("张三".encode(), "张三", id="utf-8"),
        pytest.param(b"a\xff\xfe\x80", "a\ufffd\ufffd\ufffd", id="neither"),
    ],
)
async def test_P7_foreign_bytes_in_a_header_are_text(raw: bytes, text: str) -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        outcomes.add(session.env["agi_calleridname"])
        outcomes.add(await session.get_variable("CALLERID(name)"))

    async with serving(handler) as server:
        header = HEADER[:-1] + b"agi_calleridname: " + raw + b"\n\n"
        call = await AsteriskCall.dial(server.port, header)
        await call.answers(b"200 result=1 (" + raw + b")\n")
        assert await call.hears() == b""
    assert outcomes.all == [text, text]


async def test_P8_drain_lets_running_calls_finish_and_takes_no_new_ones() -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        outcomes.add(await session.wait_for_digit(5))

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        await call.hears()
        port = server.port
        draining = asyncio.create_task(server.drain(5))
        await asyncio.sleep(0)  # the drain takes its first step
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        assert not draining.done()
        call.says(b"200 result=49\n")
        assert await draining == 0
    assert outcomes.all == ["1"]


async def test_P8_cancellation_is_honoured() -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        try:
            await session.wait_for_digit(60)
        except asyncio.CancelledError:
            outcomes.add("cancelled")
            raise

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        await call.hears()
        assert await server.drain(0.01) == 1
        await asyncio.wait_for(server.close(), 5)
        assert await call.hears() == b""
        assert server.active == 0
    assert outcomes.all == ["cancelled"]


async def test_P12_a_command_that_is_not_answered_ends_and_names_itself() -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        outcomes.add(await ended(session.command("EXEC", "Wait", "1", timeout_s=0.05)))
        outcomes.add(await session.get_variable("A"))

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        assert await call.hears() == b'EXEC "Wait" "1"\n'
        assert "EXEC: no answer in time" in str(await outcomes.first())
        # The late answer belongs to the command given up, not to the next one.
        call.says(b"200 result=0\n")
        await call.answers(b"200 result=1 (right)\n")
        assert await call.hears() == b""
    assert outcomes.all[1] == "right"


@pytest.mark.parametrize("value", ["a\nHANGUP", "a\rHANGUP", "a\0b", "x" * 3000, "\ud800"])
async def test_P18_a_value_cannot_become_a_second_command(value: str) -> None:
    outcomes = Outcomes()

    async def handler(session: AgiSession) -> None:
        outcomes.add(await ended(session.set_variable("A", value)))
        await session.answer()

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        assert await call.answers(b"200 result=0\n") == b"ANSWER\n"
        assert await call.hears() == b""
    assert isinstance(outcomes.all[0], UnsafeArgument)
