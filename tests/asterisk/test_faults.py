"""Killed, stalled, attacked: no call dropped that Asterisk holds, no draft lost, none doubled."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.speech import heard_right, say, speakable

SAID = "我家停水两天了"
KILLS = 24 if os.environ.get("HOTLINE_SOAK") else 3


def test_engine_killed_while_the_citizen_speaks(hotline: Hotline, tmp_path: Path) -> None:
    """The session resumes where it was; what was said before is in the draft too."""
    wav, length_s = speakable(say(SAID, tmp_path / "water.wav"), tmp_path)
    number = "13911130001"
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "message")
        phone.pause(1.0)
        phone.speak(wav)
        phone.pause(length_s + 0.5)
        steps = len(hotline.journal(number))
        hotline.signal("engine", signal.SIGKILL)
        until(
            lambda: len(hotline.journal(number)) > steps or None,
            within_s=15,
            saying="the session did not resume" + hotline.logs(),
        )
        assert hotline.node_of(number) == "message"
        phone.pause(1)
        phone.press("#")
        phone.pause(1)
        phone.hang_up()
    call = hotline.call_of(number)
    assert call["outcome"] == "message"
    assert heard_right(SAID, hotline.draft_of(number)["caller_text"][: len(SAID)])


def test_engine_killed_during_a_conversation(hotline: Hotline, tmp_path: Path) -> None:
    """They talk on; afterwards the caller is asked to rate, not rung through again."""
    wav, length_s = speakable(say(SAID, tmp_path / "water.wav"), tmp_path)
    number = "13911130002"
    with agent(hotline, "1001") as seat, citizen(hotline, number) as phone:
        phone.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        hotline.signal("engine", signal.SIGKILL)
        phone.pause(0.5)
        phone.speak(wav)
        phone.pause(length_s + 0.5)
        assert phone.in_call()
        assert seat.in_call()
        seat.hang_up()
        hotline.at_node(number, "survey", within_s=25)
        phone.hang_up()
    call = hotline.call_of(number)
    assert (call["outcome"], call["seat"]) == ("agent", "1001")
    assert heard_right(SAID, hotline.draft_of(number)["caller_text"])


def test_stalled_engine_is_noticed_and_replaced(hotline: Hotline) -> None:
    number = "13911130003"
    [stalled] = hotline.pids("engine")
    os.kill(stalled, signal.SIGSTOP)
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "message", within_s=30)
        phone.hang_up()
    assert stalled not in hotline.pids("engine")
    assert hotline.draft_of(number)["caller"] == number


def test_recognizers_killed_in_mid_sentence(hotline: Hotline, tmp_path: Path) -> None:
    text = "小区里的路灯坏了半个月了晚上黑漆漆的"
    wav, length_s = speakable(say(text, tmp_path / "lamp.wav"), tmp_path)
    number = "13911130004"
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "message")
        phone.pause(1.0)
        phone.speak(wav)
        phone.pause(length_s / 2)
        hotline.signal("recognizer", signal.SIGKILL)
        phone.pause(length_s / 2 + 1)
        phone.hang_up()
    assert heard_right(text, hotline.draft_of(number)["caller_text"])


@pytest.mark.timeout(60 + 20 * KILLS)
def test_worker_killed_again_and_again(hotline: Hotline, tmp_path: Path) -> None:
    """One draft, whatever moment the worker dies in."""
    wav, length_s = speakable(say(SAID, tmp_path / "water.wav"), tmp_path)
    for place in range(KILLS):
        number = f"139111301{place:02d}"
        with citizen(hotline, number) as phone:
            phone.dial("12345")
            hotline.at_node(number, "message")
            phone.pause(1.0)
            phone.speak(wav)
            phone.pause(length_s + 1)
            phone.hang_up()
        time.sleep(0.05 + 0.15 * (place % 8))
        hotline.signal("worker", signal.SIGKILL)
        assert heard_right(SAID, hotline.draft_of(number, within_s=60)["caller_text"])
        assert hotline.call_of(number)["recording"] is not None


@pytest.mark.parametrize("port", ["agi", "audiosocket", "ami", "http", "api", "recognizer"])
def test_garbage_on_a_port_changes_nothing(hotline: Hotline, port: str) -> None:
    where = ("127.0.0.1", hotline.port[port])
    for garbage in (b"", b"\x00" * 4096, b"GET / HTTP/1.1\r\n\r\n", os.urandom(65536), b"\xff" * 9):
        with socket.create_connection(where, timeout=5) as attacker:
            try:
                attacker.sendall(garbage)
                attacker.shutdown(socket.SHUT_WR)
                attacker.settimeout(0.2)
                attacker.recv(1024)
            except OSError:
                pass  # cut off or ignored: both are right
    idle = [socket.create_connection(where, timeout=5) for _ in range(50)]
    try:
        number = f"1391114{hotline.port[port] % 10_000:04d}"
        with citizen(hotline, number) as phone:
            phone.dial("12345")
            hotline.at_node(number, "message")
            phone.hang_up()
        assert hotline.draft_of(number)["caller"] == number
    finally:
        for one in idle:
            one.close()
