import pytest
from typer.testing import CliRunner

from cli.text import app


def told(command: str, typed: str | bytes) -> str:
    result = CliRunner().invoke(app, [command], input=typed)
    assert result.exit_code == 0
    return result.stdout_bytes.decode()


def test_each_line_gives_one_line() -> None:
    typed = "晚上十一点半\n\n文明一路三号\r\n最后三十二路"
    assert told("itn", typed) == "晚上11点半\n\n文明一路3号\r\n最后32路"


def test_private_words_are_masked() -> None:
    assert told("redact", "我姓张\n电话13800112233\n") == "我姓[姓名]\n电话[电话号码]\n"


@pytest.mark.parametrize("command", ["itn", "redact"])
def test_odd_lines_stay_lines(command: str) -> None:
    assert told(command, "") == ""
    assert told(command, "\n\n") == "\n\n"
    assert told(command, b"\xff\x0c\xe8\xb7\xaf\n").count("\n") == 1
