"""pyst2 0.5.1: its row of the table. It stays the local fail-safe script's library only."""

import asyncio
import importlib
import threading

import pytest

from telephony.agi.session import AgiSession
from tests.wire.telephony.asterisk_agi import AsteriskCall, serving


def test_pyst2_our_server_runs_outside_the_main_thread_and_prints_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """pyst2's AGI() sets a signal handler, so it needs the main thread, and echoes every line."""
    heard: list[bytes] = []

    async def handler(session: AgiSession) -> None:
        await session.get_variable("UNIQUEID")

    async def call() -> None:
        async with serving(handler) as server:
            asterisk = await AsteriskCall.dial(server.port)
            heard.append(await asterisk.answers(b"200 result=1 (hl1-1.2)\n"))
            heard.append(await asterisk.hears())

    thread = threading.Thread(target=lambda: asyncio.run(call()))
    thread.start()
    thread.join(10)
    assert heard == [b'GET VARIABLE "UNIQUEID"\n', b""]
    assert capfd.readouterr() == ("", "")


def test_pyst2_itself_has_no_fastagi_on_this_python() -> None:
    with pytest.raises(ImportError, match="SocketServer"):
        importlib.import_module("asterisk.fastagi")
