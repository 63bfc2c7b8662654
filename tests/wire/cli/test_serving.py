"""Who serves a home folder: told by a lock, not by a number that anybody may come to have."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.serve import pid_file, serving_pid, stop
from config.settings import Settings

SUPERVISOR = """\
import sys
from pathlib import Path
from cli.serve import _take_over
from config.settings import Settings
lock = _take_over(Settings.load(Path(sys.argv[1])))
print("serving", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings.load(tmp_path)
    settings.run_dir.mkdir(parents=True)
    return settings


def supervisor(settings: Settings) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", SUPERVISOR, str(settings.home)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"serving\n"
    return process


def test_a_supervisor_is_known_while_it_lives_and_no_longer(settings: Settings) -> None:
    with supervisor(settings) as first:
        assert serving_pid(settings) == first.pid
        first.kill()
    assert pid_file(settings).read_text() == str(first.pid)  # nobody was there to tidy up
    assert serving_pid(settings) is None


def test_a_number_left_by_a_killed_container_is_not_believed(settings: Settings) -> None:
    """Process numbers start anew in each container: the old supervisor had the one we have."""
    pid_file(settings).write_text(str(os.getpid()))
    assert serving_pid(settings) is None
    assert not stop(settings)


def test_a_second_supervisor_is_refused(settings: Settings) -> None:
    with supervisor(settings) as first:
        second = subprocess.run(
            [sys.executable, "-c", SUPERVISOR, str(settings.home)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert second.returncode != 0
        assert "AlreadyRunning" in second.stderr
        assert serving_pid(settings) == first.pid
        first.kill()
