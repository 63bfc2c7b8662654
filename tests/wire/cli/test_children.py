"""Processes of a running hotline: started again ever less often, killed when they stall."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import children
from cli.children import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    STALLED_AFTER_S,
    STEADY_AFTER_S,
    Child,
    alive,
)


class FakeTime:
    """Stands still but for `sleep` and `pass_s`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    pass_s = sleep


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    clock = FakeTime()
    monkeypatch.setattr(children, "time", clock)
    return clock


class Family:
    """Children that are gone when the test is over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[Child] = []

    def child(self, script: str, *, beat: Path | None = None, **environment: str) -> Child:
        child = Child(
            "engine",
            [sys.executable, "-c", script],
            self._folder / "log" / "engine.log",
            lambda: True,
            beat=beat,
            environment=environment,
        )
        self._children.append(child)
        return child

    def log(self) -> str:
        return (self._folder / "log" / "engine.log").read_text()

    def bury(self) -> None:
        for child in self._children:
            if child.process is not None:
                child.process.kill()
                child.process.wait()


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    family = Family(tmp_path)
    yield family
    family.bury()


ENDS = "raise SystemExit(3)"
STAYS = "import signal; signal.pause()"


def ended(child: Child) -> Child:
    assert child.process is not None
    child.process.wait(timeout=10)
    return child


def test_one_that_ends_is_started_again_ever_less_often(clock: FakeTime, family: Family) -> None:
    child = family.child("pass")
    child.start()
    pauses = []
    while len(pauses) < 8:
        before = ended(child).process
        child.watch()
        due = child.start_again_at
        clock.now = due - 0.01
        child.watch()
        assert child.process is before  # not yet
        clock.now = due
        child.watch()
        assert child.process is not before
        pauses.append(round(due - child.started_at + child.pause_s, 6))
    assert child.ends == 8
    expected = [min(FIRST_PAUSE_S * 2 ** (n + 1), LONGEST_PAUSE_S) for n in range(8)]
    assert pauses == pytest.approx(expected)


def test_one_that_was_steady_is_started_again_at_once(clock: FakeTime, family: Family) -> None:
    child = family.child(STAYS)
    child.pause_s = LONGEST_PAUSE_S
    child.start()
    clock.pass_s(STEADY_AFTER_S + 1)
    child.watch()
    assert child.process is not None
    child.process.kill()
    ended(child).watch()
    assert child.start_again_at == clock.now + FIRST_PAUSE_S


def test_one_whose_heart_has_stopped_is_killed_and_started_again(
    clock: FakeTime, family: Family, tmp_path: Path
) -> None:
    beat = tmp_path / "engine.beat"
    child = family.child(STAYS, beat=beat)
    child.start()
    beat.write_text(str(clock.now))
    clock.pass_s(STALLED_AFTER_S - 0.1)
    child.watch()
    assert child.running()
    clock.pass_s(0.2)
    child.watch()
    assert ended(child).process is not None
    assert child.process.returncode == -signal.SIGKILL
    child.watch()
    clock.pass_s(FIRST_PAUSE_S)
    child.watch()
    assert child.running()
    assert not beat.exists()  # the old one's last beat does not count against the new one
    child.watch()
    assert child.running()


@pytest.mark.parametrize("text", [None, "", "soon"])
def test_one_that_has_not_beaten_yet_is_still_starting(
    clock: FakeTime, family: Family, tmp_path: Path, text: str | None
) -> None:
    beat = tmp_path / "engine.beat"
    child = family.child(STAYS, beat=beat)
    child.start()
    if text is not None:
        beat.write_text(text)
    clock.pass_s(STALLED_AFTER_S * 10)
    child.watch()
    assert child.running()


def test_ending_is_polite_first(clock: FakeTime, family: Family) -> None:
    child = family.child(STAYS)
    child.start()
    child.end()
    assert ended(child).process is not None
    assert child.process.returncode == -signal.SIGTERM


def test_one_that_does_not_listen_is_killed_in_the_end(clock: FakeTime, family: Family) -> None:
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)\n"
    child = family.child(script + "while True: signal.pause()")
    child.start()
    assert child.process is not None
    while "1" not in family.log():
        assert child.running()
        os.sched_yield()
    asked_at = clock.now
    child.end()
    assert child.process.returncode == -signal.SIGKILL
    assert clock.now - asked_at >= child.ends_within_s


def test_ending_what_never_ran_or_has_ended_is_nothing(family: Family) -> None:
    child = family.child(ENDS)
    child.end()
    child.start()
    ended(child).end()
    child.send(signal.SIGTERM)
    assert not child.running()


def test_it_has_its_environment_its_session_and_its_log(family: Family) -> None:
    script = "import json, os, sys; print(json.dumps([os.environ['HOTLINE_HOME'], os.getsid(0)]))"
    child = family.child(script, HOTLINE_HOME="/srv/hotline")
    pids = []
    for _ in range(2):  # what an earlier one said stays
        child.start()
        pids.append(child.pid)
        ended(child)
    lines = [json.loads(line) for line in family.log().splitlines()]
    assert lines == [["/srv/hotline", pid] for pid in pids]


def test_one_that_outlived_its_supervisor_is_watched_and_replaced(
    clock: FakeTime, family: Family
) -> None:
    child = family.child(STAYS)
    with subprocess.Popen([sys.executable, "-c", STAYS]) as orphan:
        child.adopted_pid = orphan.pid
        child.watch()
        assert (child.running(), child.pid) == (True, orphan.pid)
        orphan.kill()
    child.watch()
    clock.pass_s(FIRST_PAUSE_S)
    child.watch()
    assert child.running()
    assert child.pid != orphan.pid


def test_who_is_alive() -> None:
    assert alive(os.getpid())
    assert alive(1)  # somebody else's, perhaps
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    assert not alive(gone.pid)
