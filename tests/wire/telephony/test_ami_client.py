"""The AMI client beside the defect table: lists, resynchronisation, garbage."""

import pytest
from structlog.testing import capture_logs

from telephony.ami.client import AmiClient
from telephony.ami.errors import AmiRefused
from telephony.ami.message import AmiMessage
from tests.wire.telephony.asterisk_ami import Fields, Manager, managing, message
from tests.wire.telephony.waiting import until


def channel_list(action: Fields) -> bytes:
    number = action["ActionID"]
    return (
        message(Response="Success", EventList="start", ActionID=number)
        + message(Event="CoreShowChannel", Channel="PJSIP/1001-1", ActionID=number)
        + message(Event="Newchannel", Channel="PJSIP/1003-1")
        + message(Event="CoreShowChannel", Channel="PJSIP/1002-1", ActionID=number)
        + message(Event="CoreShowChannelsComplete", EventList="Complete", ActionID=number)
    )


async def test_a_list_is_collected_and_foreign_events_pass_by() -> None:
    seen: list[str] = []

    async def note(event: AmiMessage) -> None:
        seen.append(event["channel"])

    async with managing() as (manager, client):
        client.on("newchannel", note)
        manager.answers["CoreShowChannels"] = channel_list
        channels = await client.list({"Action": "CoreShowChannels"})
        assert [one["Channel"] for one in channels] == ["PJSIP/1001-1", "PJSIP/1002-1"]
        await until(lambda: seen == ["PJSIP/1003-1"])


async def test_a_refused_action_says_why() -> None:
    async with managing() as (manager, client):
        manager.answers["Hangup"] = lambda action: message(
            Response="Error", ActionID=action["ActionID"], Message="No such channel"
        )
        with pytest.raises(AmiRefused, match="Hangup: No such channel"):
            await client.send({"Action": "Hangup", "Channel": "PJSIP/1001-1"})


async def test_after_every_login_the_state_is_read_ahead_of_later_events() -> None:
    order: list[str] = []

    async def resynchronise(client: AmiClient) -> None:
        manager.say(message(Event="Newchannel", Channel="late"))
        order.append(f"{len(await client.list({'Action': 'CoreShowChannels'}))} channels")

    async def note(event: AmiMessage) -> None:
        order.append(event["Channel"])

    manager = Manager()
    manager.answers["CoreShowChannels"] = channel_list
    async with managing(on_connected=resynchronise, manager=manager) as (manager, client):
        client.on("Newchannel", note)
        await until(lambda: len(order) >= 3)
        assert order == ["2 channels", "late", "PJSIP/1003-1"]
        manager.cut()
        await until(lambda: order.count("2 channels") == 2)


async def test_a_hook_that_fails_is_logged_and_events_go_on() -> None:
    seen: list[str] = []

    async def broken(_: AmiClient) -> None:
        raise RuntimeError("broken hook")

    async def note(event: AmiMessage) -> None:
        seen.append(event.event)

    with capture_logs() as logs:
        async with managing(on_connected=broken) as (manager, client):
            client.on("Hangup", note)
            manager.say(message(Event="Hangup"))
            await until(lambda: seen == ["Hangup"])
    assert "events.consumer_failed" in [log["event"] for log in logs]


async def test_comes_back_when_asterisk_does() -> None:
    async with managing() as (manager, client):
        await manager.stop()
        await until(lambda: not client.connected)
        await manager.start()
        await until(lambda: client.connected)
        assert (await client.send({"Action": "Ping"})).succeeded


@pytest.mark.parametrize(
    "garbage", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 1000, b"SSH-2.0-x\r\n", b"A" * 9000]
)
async def test_garbage_instead_of_a_banner_is_left_and_tried_again(garbage: bytes) -> None:
    manager = Manager()
    manager.banner = garbage
    async with managing(manager=manager, wait=False) as (manager, client):
        with capture_logs() as logs:
            await until(lambda: len(logs) >= 4)
        assert {log["event"] for log in logs} == {"ami.closed", "link.down"}
        assert not client.connected
        manager.banner = b"Asterisk Call Manager/12.0.0\r\n"
        await until(lambda: client.connected)


async def test_a_message_without_end_is_left() -> None:
    async with managing() as (manager, client):
        manager.say(b"Event: X\r\nValue: " + b"x" * 2_000_000)
        await until(lambda: manager.logins == 2 and client.connected)


async def test_the_secret_is_not_in_the_repr() -> None:
    async with managing() as (_, client):
        assert "secret" not in repr(vars(client)["_access"])
