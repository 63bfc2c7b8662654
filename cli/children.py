"""The processes of a running hotline: started, watched, started again, ended in order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

log = structlog.get_logger()

STALLED_AFTER_S = 5.0
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_AFTER_S = 30.0


@dataclass
class Child:
    """One process and how it is watched.

    ``beat``: a file into which it writes its monotonic clock (one for the whole machine, unmoved
    when somebody sets the time); a process that stops doing so is killed.
    """

    name: str
    command: Sequence[str]
    log_file: Path
    healthy: Callable[[], bool]
    beat: Path | None = None
    ending: signal.Signals = signal.SIGTERM
    ends_within_s: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    adopted_pid: int | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    ends: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self.beat is not None:
            self.beat.unlink(missing_ok=True)
        with self.log_file.open("ab") as output:
            # A session of its own: Ctrl-C reaches only the supervisor, which ends all in order.
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=os.environ | self.environment,
            )
        self.adopted_pid = None
        self.started_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None else self.adopted_pid

    def running(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        return self.adopted_pid is not None and alive(self.adopted_pid)

    def watch(self) -> None:
        """Once a tick: kill it when stalled, start it again when gone, ever less often."""
        now = time.monotonic()
        if self.running():
            if self._stalled():
                log.error("process stalled, killing it", process=self.name, pid=self.pid)
                self.send(signal.SIGKILL)
            if now - self.started_at > STEADY_AFTER_S:
                self.pause_s = FIRST_PAUSE_S
            return
        if self.start_again_at == 0.0:
            log.error("process ended", process=self.name, status=self._status())
            self.ends += 1
            self.start_again_at = now + self.pause_s
            self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)
        if now >= self.start_again_at:
            self.start_again_at = 0.0
            self.start()

    def send(self, what: signal.Signals) -> None:
        if self.pid is not None and self.running():
            with contextlib.suppress(ProcessLookupError):  # it ended this very moment
                os.kill(self.pid, what)

    def end(self) -> None:
        """Politely, then not."""
        self.send(self.ending)
        deadline = time.monotonic() + self.ends_within_s
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def _stalled(self) -> bool:
        """A process that has never beaten yet is still starting."""
        if self.beat is None:
            return False
        try:
            beaten_at = float(self.beat.read_text())
        except (FileNotFoundError, ValueError):
            return False
        return time.monotonic() - beaten_at > STALLED_AFTER_S

    def _status(self) -> int | None:
        return self.process.returncode if self.process is not None else None


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, and is somebody else's
        return True
    return True
