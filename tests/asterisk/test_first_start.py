"""What a newcomer sees: everything starts, one real call is placed, Ctrl-C ends it all."""

import json
import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk.hotline import HOTLINE, Hotline, until
from tests.asterisk.speech import SHARED


@pytest.fixture
def fresh() -> Iterator[Hotline]:
    system = Hotline(quick=False)
    yield system
    system.remove()


@pytest.mark.timeout(300)
def test_the_first_start_shows_a_draft_and_ctrl_c_ends_everything(fresh: Hotline) -> None:
    out = fresh.home / "terminal"
    with out.open("wb") as terminal:
        running = subprocess.Popen(
            [HOTLINE, "serve"],
            env=fresh.environment(),
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
        )
    try:
        until(
            lambda: (fresh.home / "first-call-done").exists() or None,
            within_s=150,
            saying="no sample call was placed" + fresh.logs(),
        )
        until(
            lambda: '"recording"' in out.read_text() or None,
            within_s=10,
            saying="the draft was not shown",
        )
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in pids_of(fresh)}
        if os.getuid() == 0:
            assert owners == {pwd.getpwnam("hotline").pw_uid}, "something still runs as root"
        # Like Ctrl-C in a terminal: the foreground process is told.
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 0
    finally:
        running.kill()
        running.wait()
    shown = out.read_text()
    assert "管理员 administrator" in shown
    assert "文明路" in shown
    assert pids_of(fresh) == []
    again = fresh.start()
    assert len(again.calls_of("13800000000")) == 1, "the sample call is for the first start only"


def test_make_call_prints_the_draft_as_its_last_line(hotline: Hotline) -> None:
    wav = SHARED / "asr-lab" / "samples" / "plain_2.wav"
    if not wav.exists():
        pytest.skip("the speech lab's samples are not beside this checkout")
    done = hotline.run("call", str(wav), "--from", "13911170001")
    assert done.returncode == 0, done.stderr
    draft = json.loads(done.stdout.splitlines()[-1])
    wanted = {"ticket_id", "call_id", "caller", "category", "summary", "caller_text"}
    assert wanted | {"agent_text", "fields", "recording"} <= set(draft)
    assert (draft["caller"], draft["caller_text"]) == ("13911170001", "我想咨询社保卡怎么办理")
    assert draft["category"] == "咨询"


def test_make_call_says_why_there_is_no_draft(hotline: Hotline, tmp_path: Path) -> None:
    nothing = hotline.run("call", str(tmp_path / "missing.wav"))
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "there is no such file" in nothing.stderr
    text = tmp_path / "text.wav"
    text.write_text("not sound at all")
    refused = hotline.run("call", str(text))
    assert refused.returncode == 1
    assert "cannot be read as sound" in refused.stderr


def test_doctor_says_that_emergency_lines_are_drills(hotline: Hotline) -> None:
    seen = hotline.run("doctor")
    assert seen.returncode == 0, seen.stdout
    assert "119 只是演练录音" in seen.stdout
    assert "running, every role is ready" in seen.stdout


def pids_of(hotline: Hotline) -> list[int]:
    roles = ("asterisk", "engine", "recognizer", "worker", "api")
    return [pid for role in roles for pid in hotline.pids(role)]
