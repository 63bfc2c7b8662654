"""A whole hotline of a test's own: real Asterisk, engine, recognizers, worker, API; own ports."""

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx

from asterisk_conf.program import find
from cli.ports import free_block

PROJECT = Path(__file__).parents[2]
T = TypeVar("T")
HOTLINE = PROJECT / ".venv" / "bin" / "hotline"
# Where an unprivileged user can reach it: pytest's own folders below /tmp are for root only.
HOMES = Path("/var/tmp")
SHORT = ("greeting", "leave-message", "satisfaction", "message-thanks", "goodbye")


def until(look: Callable[[], T | None], *, within_s: float, saying: str | Callable[[], str]) -> T:
    """The first result that is not None or False; fails with ``saying`` after the time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = look()
        if found is not None and found is not False:
            return found
        time.sleep(0.05)
    said = saying if isinstance(saying, str) else saying()
    raise AssertionError(f"{said} within {within_s:g} s")


class Hotline:
    """One running system. ``quick``: prompts of a third of a second instead of real ones."""

    def __init__(self, *, quick: bool = True, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="hotline-test-", dir=HOMES))
        self.home.chmod(0o755)
        port = free_block(16)
        names = ("sip", "ami", "http", "agi", "audiosocket", "api", "recognizer")
        self.port = {name: port + 2 * place for place, name in enumerate(names)}
        self.spare_port = port + 15
        rtp = random.randrange(30_000, 60_000, 1000)
        values = {
            **{f"HOTLINE_{name.upper()}_PORT": str(number) for name, number in self.port.items()},
            "HOTLINE_RTP_FROM": str(rtp),
            "HOTLINE_RTP_TO": str(rtp + 800),
            "HOTLINE_RECOGNIZERS": "2",
            **settings,
        }
        text = "".join(f"{name}={value}\n" for name, value in values.items())
        (self.home / "settings.env").write_text(text)
        self.started = ""  # what the terminal showed at each start
        if quick:
            self._shorten_prompts()

    def start(self) -> "Hotline":
        done = subprocess.run(
            [HOTLINE, "serve", "--detach"],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        assert done.returncode == 0, done.stderr + self.logs()
        self.started += done.stderr
        return self

    def stop(self) -> None:
        subprocess.run(
            [HOTLINE, "stop"], env=self.environment(), timeout=90, check=False, capture_output=True
        )

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "HOTLINE_" not in name}
        return kept | {"HOTLINE_HOME": str(self.home)}

    def run(self, *arguments: str, within_s: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [HOTLINE, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )

    @property
    def secrets(self) -> dict[str, Any]:
        return dict(json.loads((self.home / "secrets.json").read_text()))

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.port['sip']}"

    def get(self, path: str, **query: str) -> Any:
        """The API's answer as this machine's own command line gets it; None for 404."""
        answer = httpx.get(
            f"http://127.0.0.1:{self.port['api']}{path}",
            params=query,
            headers={"Authorization": f"Bearer {self.secrets['api_token']}"},
            timeout=20,
            trust_env=False,
        )
        return None if answer.status_code == 404 else answer.raise_for_status().json()

    def calls_of(self, caller: str) -> list[dict[str, Any]]:
        return list(self.get("/calls", caller=caller)["calls"])

    def call_of(self, caller: str, *, ended: bool = True, within_s: float = 30) -> dict[str, Any]:
        """The only call of this caller, with its transcript, once it has ended."""

        def look() -> dict[str, Any] | None:
            found = self.calls_of(caller)
            assert len(found) <= 1, "one call became several"
            if not found or (ended and found[0]["ended_at"] is None):
                return None
            return dict(self.get(f"/calls/{found[0]['call_id']}"))

        return until(
            look, within_s=within_s, saying=lambda: f"no ended call of {caller}" + self.logs()
        )

    def draft_of(self, caller: str, *, within_s: float = 60) -> dict[str, Any]:
        """The only draft of this caller's only call."""

        def look() -> dict[str, Any] | None:
            found = self.get("/tickets", caller=caller)["tickets"]
            assert len(found) <= 1, "one call became several tickets"
            return dict(self.get(f"/tickets/{found[0]['ticket_id']}")) if found else None

        return until(look, within_s=within_s, saying=lambda: f"no draft of {caller}" + self.logs())

    def pids(self, role: str) -> list[int]:
        """Processes of this system, by what their command line says."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
                environment = (folder / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            words = command.split("\0")
            ours = f"HOTLINE_HOME={self.home}\0" in environment or str(self.home) in command
            named = role in words if role != "asterisk" else "asterisk.conf" in command
            if ours and named and "setpriv" not in words[0]:
                found.append(int(folder.name))
        return found

    def asterisk(self, order: str) -> str:
        """The answer to one console command."""
        config = self.home / "asterisk" / "etc" / "asterisk.conf"
        return find(PROJECT / ".build" / "asterisk-root").ask(config, order)

    def bridge_of(self, channel: str) -> str | None:
        """The bridge in which a channel of this name is; "" while in none, None without one."""
        for line in self.asterisk("core show channels concise").splitlines():
            if line.startswith(f"{channel}-"):
                return line.split("!")[-2]
        return None

    def telephone_is(self, seat: str, state: str) -> None:
        """Wait until Asterisk says so of the seat's telephone ("Not in use", "Unavailable")."""
        until(
            lambda: state in self.asterisk(f"pjsip show endpoint {seat}") or None,
            within_s=20,
            saying=f"the telephone of {seat} did not become {state!r}",
        )

    def signal(self, role: str, what: signal.Signals) -> None:
        """To a role that runs; one that is being started again is waited for."""
        for pid in until(lambda: self.pids(role) or None, within_s=20, saying=f"no process {role}"):
            os.kill(pid, what)

    def hold_down(self, role: str) -> "HeldDown":
        """Keep a role from running for a while."""
        return HeldDown(self, role)

    def logs(self) -> str:
        parts = []
        for path in sorted((self.home / "log").glob("*.log")):
            lines = path.read_text(errors="replace").splitlines()[-12:]
            parts.append(f"--- {path.name}\n" + "\n".join(line[:400] for line in lines))
        return "\n" + "\n".join(parts)

    def journal(self, caller: str) -> list[list[Any]]:
        """The journal's lines of this caller's calls."""
        lines = [
            json.loads(line)
            for path in sorted((self.home / "journal").glob("*.jsonl"))
            for line in path.read_text().splitlines()
        ]
        ids = {one[0] for one in lines if one[3] == "started" and one[4]["caller"] == caller}
        return [one for one in lines if one[0] in ids]

    def node_of(self, caller: str) -> str | None:
        """Where the flow stands for this caller."""
        steps = [one[4]["state"]["path"] for one in self.journal(caller) if one[3] == "stepped"]
        return str(steps[-1][-1]) if steps else None

    def at_node(self, caller: str, node: str, within_s: float = 20) -> None:
        until(
            lambda: self.node_of(caller) == node or None,
            within_s=within_s,
            saying=lambda: (
                f"{caller} never came to {node}, but to {self.node_of(caller)}" + self.logs()
            ),
        )

    def _shorten_prompts(self) -> None:
        """Recorded files win over the synthetic voice: short tones in their place."""
        folder = self.home / "recorded-prompts" / "zh-CN"
        folder.mkdir(parents=True)
        for key in SHORT:
            tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=8000:duration=0.4"]
            target = str(folder / f"{key}.wav")
            command = ["ffmpeg", "-loglevel", "error", *tone, "-filter:a", "volume=0.5", target]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


class HeldDown:
    """While this context lasts, the role is dead and nobody starts it again.

    Its supervisor is paused for that: otherwise the role would be back in a moment.
    """

    def __init__(self, hotline: Hotline, role: str) -> None:
        self._hotline = hotline
        self._role = role

    def __enter__(self) -> None:
        self._serve = int((self._hotline.home / "run" / "serve.pid").read_text())
        os.kill(self._serve, signal.SIGSTOP)
        self._hotline.signal(self._role, signal.SIGKILL)

    def __exit__(self, *_: object) -> None:
        os.kill(self._serve, signal.SIGCONT)
