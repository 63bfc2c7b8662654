"""The line against dialogues recorded from a real Asterisk 22."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from telephony.agi.line import AgiLine, LineOptions
from telephony.agi.session import AgiSession
from telephony.line import CallerHungUp, LineError, Message, RecordingEnd, Ringing, RingOutcome
from tests.wire.telephony.asterisk_agi import AsteriskCall, replay, serving, spoken

OPTIONS = LineOptions(
    dial_string=lambda seat: f"Local/{seat}@default/n",
    message_folder="/sounds",
    tone="/sounds/tone",
    key_context="ring-keys",
    answered_context="hotline-answered",
)
GONE = "CallerHungUp"


async def play_then_be_cut(line: AgiLine) -> object:
    await line.answer()
    return await line.play(["/sounds/short", "/sounds/long"])


async def use_variables(line: AgiLine) -> object:
    await line.set_variable("X", 'a)b "q" \\ 北京市')
    return (
        await line.get_variable("X"),
        await line.get_variable("NOPE"),
        await line.get_variable("CALLERID(num)"),
    )


async def wait_twice(line: AgiLine) -> object:
    return await line.wait_key(0.3), await line.wait_key(5)


async def wait_with_music(line: AgiLine) -> object:
    await line.music(on=True)
    key = await line.wait_key(5)
    await line.music(on=False)
    return key


async def hang_up_then_wait(line: AgiLine) -> object:
    await line.hang_up()
    return await line.wait_key(3)


def message(max_s: float = 10) -> Callable[[AgiLine], Awaitable[object]]:
    return lambda line: line.take_message("m1", max_s=max_s, silence_s=2, end_keys="#")


def ring(seat: str, for_s: float = 6) -> Callable[[AgiLine], Awaitable[object]]:
    return lambda line: line.ring(seat, for_s=for_s)


CASES = {
    "play-cut-by-key": (play_then_be_cut, "5"),
    "play-to-the-end": (lambda line: line.play(["/sounds/short"] * 2, keys=""), ""),
    "play-hung-up": (lambda line: line.play(["/sounds/long"] * 3), GONE),
    "wait-key": (wait_twice, ("", "5")),
    "music-and-key": (wait_with_music, "5"),
    "variables": (use_variables, ('a)b "q" \\ 北京市', "", "13800000000")),
    "message-silence": (message(), Message(RecordingEnd.SILENCE, 2.71725)),
    "message-length": (message(2), Message(RecordingEnd.LENGTH, 2.0)),
    "message-key": (message(), Message(RecordingEnd.KEY, 2.49725, "#")),
    "message-hung-up": (message(), GONE),
    "ring-no-answer": (ring("agent-deaf", 2), Ringing(RingOutcome.NO_ANSWER)),
    "ring-busy": (ring("agent-busy"), Ringing(RingOutcome.BUSY)),
    "ring-unreachable": (ring("nosuch"), Ringing(RingOutcome.UNREACHABLE)),
    "ring-key": (ring("agent-deaf"), Ringing(RingOutcome.KEY, key="5")),
    "ring-hung-up": (ring("agent-deaf"), GONE),
    "ring-talk-hung-up": (ring("agent-long"), GONE),
    "hang-up": (hang_up_then_wait, GONE),
}


async def outcome_of(
    act: Callable[[AgiLine], Awaitable[object]], said: list[tuple[str, bytes]]
) -> object:
    outcome: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def handler(session: AgiSession) -> None:
        try:
            outcome.set_result(await act(AgiLine(session, OPTIONS)))
        except CallerHungUp:
            outcome.set_result(GONE)
        except LineError as refusal:
            outcome.set_result(str(refusal))

    async with serving(handler) as server:
        assert await replay(server.port, said) == []
        return await asyncio.wait_for(outcome, 5)


@pytest.mark.parametrize("name", CASES)
async def test_recorded_dialogue(name: str) -> None:
    act, expected = CASES[name]
    _, said = spoken(name)
    assert await outcome_of(act, said) == expected


async def test_a_missing_sound_is_not_a_hang_up() -> None:
    _, said = spoken("play-missing-sound")
    refusal = await outcome_of(lambda line: line.play(["/sounds/nothere"]), said)
    assert refusal == "STREAM FILE: cannot play /sounds/nothere"


async def test_talking_time_is_the_seats_not_the_callers() -> None:
    _, said = spoken("ring-answered")
    ringing = await outcome_of(ring("agent-answers"), said)
    assert isinstance(ringing, Ringing)
    assert ringing.outcome is RingOutcome.ANSWERED
    # The seat waits 1 s, answers, talks 2 s; ANSWEREDTIME of that call said 3.
    assert ringing.talked_s == pytest.approx(2.02, abs=0.001)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", ".hidden", "a b", "x\n"])
async def test_a_message_is_written_under_a_plain_name_only(name: str) -> None:
    act = lambda line: line.take_message(name, max_s=1, silence_s=0, end_keys="#")  # noqa: E731
    _, said = spoken("play-hung-up")
    header = [line for line in said if line[1].startswith(b"agi_") or line[1] == b"\n"]
    assert "not a file name" in str(await outcome_of(act, header))


@pytest.mark.parametrize("seat", ["1001,60,g", "1001 x", "1001^", ""])
async def test_a_seat_cannot_bring_options_of_its_own(seat: str) -> None:
    refused: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    options = LineOptions(dial_string=lambda name: name, message_folder="/m")

    async def handler(session: AgiSession) -> None:
        try:
            await AgiLine(session, options).ring(seat, for_s=5)
        except LineError as refusal:
            refused.set_result(str(refusal))

    async with serving(handler) as server:
        await AsteriskCall.dial(server.port)
        assert "not a seat" in await asyncio.wait_for(refused, 5)


@pytest.mark.parametrize("status", ["", "INVALIDARGS", "TORTURE"])
async def test_a_ringing_that_failed_oddly_is_an_error(status: str) -> None:
    refused: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    options = LineOptions(dial_string=lambda seat: f"PJSIP/{seat}", message_folder="/m")

    async def handler(session: AgiSession) -> None:
        try:
            await AgiLine(session, options).ring("1001", for_s=20)
        except LineError as refusal:
            refused.set_result(str(refusal))

    async with serving(handler) as server:
        call = await AsteriskCall.dial(server.port)
        dial = await call.answers(b"200 result=0\n")
        assert dial == b'EXEC "Dial" "PJSIP/1001,20,gm(default)"\n'
        await call.answers(f"200 result=1 ({status})\n".encode())
        assert status in await asyncio.wait_for(refused, 5)
