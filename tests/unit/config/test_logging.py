"""One JSON object a line; personal data never among them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config.logging import set_up

NUMBER = "13800000000"


@pytest.fixture(autouse=True)
def as_it_was_before() -> Iterator[None]:
    yield
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_who_when_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("engine")
    structlog.get_logger().info("call ended", call="hl1-1.1", seconds=3.5, 结果="留言")
    (line,) = logged(capsys)
    moment = line.pop("timestamp")
    assert moment.endswith("Z")
    assert line == {
        "event": "call ended",
        "level": "info",
        "role": "engine",
        "call": "hl1-1.1",
        "seconds": 3.5,
        "结果": "留言",
    }


def test_personal_data_is_hidden_and_its_key_stays(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("engine")
    log = structlog.get_logger().bind(pii_caller=NUMBER)
    log.warning("refused", pii_words=["路灯", NUMBER])
    (line,) = logged(capsys)
    assert (line["pii_caller"], line["pii_words"]) == ("***", "***")


def test_a_traceback_shows_no_variables(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("engine")

    def look_up(caller: str) -> int:
        return len(caller) // 0

    try:
        look_up(NUMBER)
    except ZeroDivisionError:
        structlog.get_logger().exception("failed")
    output = capsys.readouterr().err
    assert "look_up" in output
    assert NUMBER not in output


def test_what_is_below_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("engine", "WARNING")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert [line["event"] for line in logged(capsys)] == ["loud"]


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        set_up("engine", "LOUD")
