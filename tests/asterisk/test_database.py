"""On PostgreSQL: the same call becomes the same draft; a dead database delays and loses nothing."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.asterisk.conftest import citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.speech import heard_right, say, speakable
from tests.db.postgres import as_ordinary_user, programs

SAID = "我家停水两天了"


class Server:
    """A PostgreSQL that can be killed and started again on the same files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self._process: subprocess.Popen[bytes] | None = None
        initdb = [str(programs() / "initdb"), "-D", str(self.store), "-U", "hotline"]
        options = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(as_ordinary_user([*initdb, *options]), check=True, capture_output=True)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://hotline@/postgres?host={self.folder}"

    def start(self) -> None:
        postgres = [str(programs() / "postgres"), "-D", str(self.store), "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                as_ordinary_user([*postgres, "-clisten_addresses="]), stdout=log, stderr=log
            )
        until(self.answers, within_s=30, saying="PostgreSQL did not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)
            self._process = None

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(host=str(self.folder), user="hotline", dbname="postgres").close()
            return True
        return False


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="hotline-pg-", dir="/tmp") as name:
        folder = Path(name)
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres:", name], check=True)
        folder.chmod(0o755)
        one = Server(folder)
        one.start()
        try:
            yield one
        finally:
            one.kill()


def test_killed_database_delays_and_loses_nothing(server: Server, tmp_path: Path) -> None:
    hotline = Hotline(HOTLINE_DATABASE_URL=server.url)
    try:
        hotline.start()
        wav, length_s = speakable(say(SAID, tmp_path / "water.wav"), tmp_path)
        speak_to(hotline, "13911160001", wav, length_s)
        assert heard_right(SAID, hotline.draft_of("13911160001")["caller_text"])
        server.kill()
        for number in ("13911160002", "13911160003"):
            speak_to(hotline, number, wav, length_s)
        server.start()
        for number in ("13911160002", "13911160003"):
            assert heard_right(SAID, hotline.draft_of(number, within_s=90)["caller_text"])
        reconciled = hotline.run("recordings", "reconcile")
        assert reconciled.returncode == 0, reconciled.stdout
    finally:
        hotline.remove()


def speak_to(hotline: Hotline, number: str, wav: Path, length_s: float) -> None:
    """One call that is taken down by the machine."""
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "message")
        phone.pause(1.0)
        phone.speak(wav)
        phone.pause(length_s + 1)
        phone.hang_up()
