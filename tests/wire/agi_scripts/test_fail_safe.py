"""The local script of the static fallback, as Asterisk starts it: a dialogue on its pipes."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "agi_scripts" / "fail_safe.py"
CALLER = "13800000000"
ENVIRONMENT = f"agi_request: fail_safe.py\nagi_callerid: {CALLER}\nagi_uniqueid: hl1-1.1\n\n"
ACCEPTED = ENVIRONMENT + "200 result=1\n"


def run(*arguments: str, dialogue: str = ACCEPTED) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        input=dialogue,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


@pytest.fixture
def slip(tmp_path: Path) -> Path:
    slip = tmp_path / "hl1-1.1.slip"
    slip.write_text(f"1763843556 12345 {CALLER}\n")
    return slip


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def test_an_engine_that_is_back_is_told_to_the_dialplan(slip: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        done = run(str(slip), str(engine.getsockname()[1]))
    assert (done.returncode, done.stdout) == (0, 'SET VARIABLE "ENGINE_BACK" "1"\n')
    first, fallback = slip.read_text().splitlines()
    assert first == f"1763843556 12345 {CALLER}"
    word, epoch = fallback.split(" ")
    assert word == "fallback"
    assert 0 <= time.time() - int(epoch) < 60


def test_an_engine_that_is_away(slip: Path) -> None:
    done = run(str(slip), closed_port())
    assert (done.returncode, done.stdout) == (0, 'SET VARIABLE "ENGINE_BACK" "0"\n')


def test_nothing_of_the_caller_reaches_the_switchs_log(slip: Path) -> None:
    assert run(str(slip), closed_port()).stderr == ""


def test_a_slip_that_cannot_be_written_hides_no_engine(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        done = run(str(tmp_path / "gone" / "x.slip"), str(engine.getsockname()[1]))
    assert done.stdout == 'SET VARIABLE "ENGINE_BACK" "1"\n'
    assert done.returncode != 0
    assert done.stderr.startswith("fail_safe: ")


@pytest.mark.parametrize(
    "dialogue",
    [
        "",
        ENVIRONMENT,
        ENVIRONMENT + "200 result=-1\n",
        ENVIRONMENT + "200 result=0 (hangup)\n",
        ENVIRONMENT + "HANGUP\n",
        ENVIRONMENT + "510 Invalid or unknown command\n",
        ENVIRONMENT + "511 Command Not Permitted on a dead channel\n",
    ],
)
def test_a_caller_who_goes_ends_it_in_one_line(slip: Path, dialogue: str) -> None:
    done = run(str(slip), closed_port(), dialogue=dialogue)
    assert done.returncode == 1
    assert done.stderr.startswith("fail_safe: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["one"], ["one", "two", "three"], ["/dev/null", "x"]])
def test_wrong_arguments_end_it_in_one_line(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
