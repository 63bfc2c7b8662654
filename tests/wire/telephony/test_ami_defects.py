"""AMI: what breaks panoramisk 1.4 must not break us. Names follow the rows of the table."""

# ruff: noqa: N802 - tests are named by the rows of the table

import asyncio

import pytest
from structlog.testing import capture_logs

from telephony.ami.client import EVERY_EVENT, AmiAccess, AmiClient
from telephony.ami.errors import (
    AmiConnectionLost,
    AmiNotConnected,
    AmiTimeout,
)
from telephony.ami.message import AmiMessage, UnsafeValue
from telephony.reconnect import Backoff, ConnectionTimes
from tests.wire.telephony.asterisk_ami import QUICK, Manager, managing, message
from tests.wire.telephony.waiting import until


async def test_P9_a_character_split_over_two_segments_survives() -> None:
    names: list[str] = []

    async def note(event: AmiMessage) -> None:
        names.append(event["CallerIDName"])

    async with managing() as (manager, client):
        client.on("Newchannel", note)
        raw = message(Event="Newchannel", CallerIDName="北京市")
        for byte in raw:
            manager.say(bytes([byte]))
            await manager.sockets[-1].drain()
            await asyncio.sleep(0)  # lets the segment go out on its own
        await until(lambda: names == ["北京市"])


async def test_P10_a_callback_that_raises_drops_nothing_and_cuts_nothing() -> None:
    seen: list[str] = []

    async def note(event: AmiMessage) -> None:
        if event["Number"] == "1":
            raise RuntimeError("broken callback")
        seen.append(event["Number"])

    async with managing() as (manager, client):
        client.on("Numbered", note)
        with capture_logs() as logs:
            manager.say(b"".join(message(Event="Numbered", Number=str(i)) for i in range(4)))
            await until(lambda: len(seen) == 3)
        assert seen == ["0", "2", "3"]
        assert [log["event"] for log in logs] == ["ami.callback_failed"]
        assert (client.connected, manager.logins) == (True, 1)


async def test_P11_a_silent_peer_is_noticed_and_left() -> None:
    times = ConnectionTimes(
        answer_s=0.1, ping_every_s=0.05, steady_after_s=30, after_loss=QUICK, after_refusal=QUICK
    )
    async with managing(times=times) as (manager, client):
        await until(lambda: manager.names().count("Ping") >= 3)
        assert manager.logins == 1
        manager.answers["Ping"] = lambda _: None
        with capture_logs() as logs:
            await until(lambda: manager.logins >= 2)
        assert "Ping: no answer" in logs[0]["why"]
        del manager.answers["Ping"]
        await until(lambda: client.connected)


async def test_P12_an_unanswered_action_ends() -> None:
    async with managing() as (manager, client):
        manager.answers["Originate"] = lambda _: None
        with pytest.raises(AmiTimeout, match="Originate"):
            await client.send({"Action": "Originate"}, within_s=0.05)
        manager.say(message(Response="Success", ActionID=manager.actions[-1]["ActionID"]))
        assert (await client.send({"Action": "Ping"})).succeeded


async def test_P12_a_list_that_never_completes_ends() -> None:
    async with managing() as (manager, client):
        manager.answers["CoreShowChannels"] = lambda action: message(
            Response="Success", EventList="start", ActionID=action["ActionID"]
        )
        with pytest.raises(AmiTimeout, match="CoreShowChannels"):
            await client.list({"Action": "CoreShowChannels"}, within_s=0.05)


async def test_P13_a_lost_answer_never_originates_twice() -> None:
    async with managing() as (manager, client):

        def vanish(_: dict[str, str]) -> None:
            manager.cut()

        manager.answers["Originate"] = vanish
        with pytest.raises(AmiConnectionLost, match="Originate"):
            await client.send({"Action": "Originate", "Channel": "PJSIP/1001"})
        await until(lambda: manager.logins == 2 and client.connected)
        manager.say(message(Event="FullyBooted"))
        await client.send({"Action": "Ping"})  # whatever was to be resent has been by now
        assert manager.names().count("Originate") == 1


async def test_P15_sending_before_connecting_says_so() -> None:
    client = AmiClient(AmiAccess("127.0.0.1", 1, "hotline", "secret"))
    with pytest.raises(AmiNotConnected, match="Originate: not connected"):
        await client.send({"Action": "Originate"})
    with pytest.raises(AmiNotConnected, match="no login within"):
        await client.wait_connected(0.01)


async def test_P16_closing_while_reconnecting_stays_closed() -> None:
    async with managing() as (manager, client):
        with capture_logs() as logs:
            manager.answers["Login"] = lambda _: manager.cut()
            manager.cut()
            await until(lambda: len(logs) >= 3)
            await client.close()
            logins, lines = manager.logins, len(logs)
            del manager.answers["Login"]
            # Ten times the longest pause: one more attempt would have come.
            await asyncio.sleep(10 * QUICK.longest_s)
        assert (manager.logins, len(logs)) == (logins, lines)
        assert not client.connected


async def test_P17_a_wrong_password_is_tried_rarely_with_one_line_each() -> None:
    manager = Manager()
    manager.answers["Login"] = lambda action: message(
        Response="Error", ActionID=action["ActionID"], Message="Authentication failed"
    )
    times = ConnectionTimes(
        answer_s=1, after_loss=QUICK, after_refusal=Backoff(first_s=0.2, longest_s=60)
    )
    with capture_logs() as logs:
        async with managing(manager=manager, times=times, wait=False):
            await until(lambda: manager.logins == 3)
    assert [log["failures"] for log in logs] == list(range(1, len(logs) + 1))
    assert all("Authentication failed" in log["why"] for log in logs)
    pauses = [log["retry_in_s"] for log in logs]
    assert pauses[0] >= 0.1
    assert pauses[1] >= 0.2


@pytest.mark.parametrize(
    "action",
    [
        {"Action": "Setvar", "Value": "x\r\n\r\nAction: Originate"},
        {"Action": "Setvar", "Value": "x\nSecret: y"},
        {"Action": "Setvar", "Value": "x\ry"},
        {"Action": "Setvar", "Variable": ["a=1", "b=2\r\nAction: Originate"]},
        {"Action": "Setvar", "Value: x\r\nAction": "Originate"},
        {"Action": "Setvar", "ActionID": "mine"},
        {"Action": "Setvar", "Value": "\ud800"},
    ],
)
async def test_P18_a_value_cannot_become_a_second_action(
    action: dict[str, str | list[str]],
) -> None:
    async with managing() as (manager, client):
        with pytest.raises(UnsafeValue):
            await client.send(action)
        await client.send({"Action": "Ping"})
        assert manager.names() == ["Login", "Ping"]


async def test_P19_events_come_one_at_a_time_in_order() -> None:
    seen: list[str] = []
    inside = 0

    async def note(event: AmiMessage) -> None:
        nonlocal inside
        inside += 1
        assert inside == 1
        await asyncio.sleep(0.01 if event["Number"] == "0" else 0)
        seen.append(event["Number"])
        inside -= 1

    async with managing() as (manager, client):
        client.on(EVERY_EVENT, note)
        manager.say(b"".join(message(Event="Numbered", Number=str(i)) for i in range(200)))
        await until(lambda: len(seen) == 200)
    assert seen == [str(i) for i in range(200)]


async def test_P19_a_slow_callback_costs_bounded_memory_and_is_resynchronised() -> None:
    seen: list[str] = []
    go_on = asyncio.Event()
    synchronised = 0

    async def note(event: AmiMessage) -> None:
        seen.append(event["Number"])
        await go_on.wait()

    async def resynchronise(_: AmiClient) -> None:
        nonlocal synchronised
        synchronised += 1

    async with managing(on_connected=resynchronise, most_events=50) as (manager, client):
        await until(lambda: synchronised == 1)
        client.on("Numbered", note)
        with capture_logs() as logs:
            manager.say(b"".join(message(Event="Numbered", Number=str(i)) for i in range(500)))
            await client.send({"Action": "Ping"})  # answered although the callback is stuck
            assert len(logs) >= 8
            assert {log["event"] for log in logs} == {"events.overrun"}
            go_on.set()
            await until(lambda: synchronised >= 2)
        await until(lambda: seen[-1] == "499")
        assert seen == sorted(seen, key=int)
        assert len(seen) <= 52
        assert manager.logins == 1
