"""``hotline serve``: prepare, start every role on this machine, watch them, end them in order."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import httpx
import structlog
from rich.console import Console

from asterisk_conf.program import Asterisk
from cli.children import Child
from cli.prepare import Prepared, prepare
from config.settings import PROJECT, Settings

log = structlog.get_logger()

HEALTHY_WITHIN_S = 90.0
TICK_S = 0.25
ENDS_BEFORE_HEALTHY = 3


class DidNotStart(Exception):
    """A role did not become healthy; names it and its log."""


class AlreadyRunning(Exception):
    """This home folder is being served by another process."""


def pid_file(settings: Settings) -> Path:
    return settings.run_dir / "serve.pid"


def serving_pid(settings: Settings) -> int | None:
    """The supervisor that serves this home, if it lives.

    It holds a lock, because a number proves nothing: after a power cut, or in the container that
    replaces a killed one, some other process has it, or we have it ourselves.
    """
    try:
        with pid_file(settings).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read())
    except (FileNotFoundError, ValueError):
        pass
    return None


def _take_over(settings: Settings) -> IO[str]:
    """The pid file, ours and locked while it is open."""
    file = pid_file(settings).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        file.close()
        raise AlreadyRunning("another process has just started to serve this home") from taken
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def roles(settings: Settings, prepared: Prepared) -> list[Child]:
    """Every process of one machine, in the order of starting."""
    children = [_asterisk(settings, prepared.asterisk, prepared.asterisk_config)]
    for index in range(settings.recognizers):
        name = f"recognizer-{index}"
        children.append(
            _role(
                settings, name, ["recognizer", str(index)], _port(settings.recognizer_port + index)
            )
        )
    children.append(_role(settings, "engine", ["engine"], _port(settings.agi_port), beats=True))
    children.append(_role(settings, "worker", ["worker"], _beats(settings, "worker"), beats=True))
    children.append(_role(settings, "api", ["api"], _answers(settings)))
    return children


def serve(settings: Settings, console: Console, *, on_ready: Callable[[Prepared], None]) -> None:
    """Stays until SIGTERM or SIGINT."""
    running = serving_pid(settings)
    if running is not None:
        raise AlreadyRunning(f"already running as process {running}; stop it with `make stop`")
    prepared = prepare(settings, console)
    children = roles(settings, prepared)
    lock = _take_over(settings)
    stopping = _stop_signals()
    try:
        _start(children, console, stopping)
        if not stopping:
            on_ready(prepared)
        while not stopping:
            for child in children:
                child.watch()
            time.sleep(TICK_S)
    finally:
        console.print("正在停止 stopping …")
        for child in reversed(children):
            child.end()
        pid_file(settings).unlink(missing_ok=True)
        lock.close()


def _start(children: list[Child], console: Console, stopping: list[int]) -> None:
    for child in children:
        if not child.running():
            child.start()
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    waiting = list(children)
    while waiting and not stopping:
        for child in [one for one in waiting if one.healthy()]:
            waiting.remove(child)
            console.print(f"  [green]✔[/] {child.name}")
        for child in waiting:
            child.watch()
            if time.monotonic() > deadline or child.ends > ENDS_BEFORE_HEALTHY:
                raise DidNotStart(f"{child.name} is not healthy; its log: {child.log_file}")
        time.sleep(0.05)


def _asterisk(settings: Settings, asterisk: Asterisk, config: Path) -> Child:
    """One that survived its supervisor still holds calls: it is taken over, not started anew."""
    child = Child(
        "asterisk",
        asterisk.start_command(config),
        settings.log_dir / "asterisk.log",
        _port(settings.ami_port),
    )
    found = (settings.asterisk_dir / "run" / "asterisk.pid").exists()
    if found and "System uptime" in asterisk.ask(config, "core show uptime"):
        child.adopted_pid = int((settings.asterisk_dir / "run" / "asterisk.pid").read_text())
        asterisk.ask(config, "core reload")
    return child


def _role(
    settings: Settings,
    name: str,
    arguments: list[str],
    healthy: Callable[[], bool],
    *,
    beats: bool = False,
) -> Child:
    # Our own processes end with their supervisor; Asterisk, which holds the calls, does not.
    command = ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-m", "cli", "role"]
    return Child(
        name,
        [*command, *arguments],
        settings.log_dir / f"{name}.log",
        healthy,
        beat=settings.run_dir / f"{name}.beat" if beats else None,
        environment={"HOTLINE_HOME": str(settings.home), "PYTHONPATH": str(PROJECT)},
    )


def _port(port: int) -> Callable[[], bool]:
    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
        except OSError:
            return False
        return True

    return listens


def _beats(settings: Settings, name: str) -> Callable[[], bool]:
    return (settings.run_dir / f"{name}.beat").exists


def _answers(settings: Settings) -> Callable[[], bool]:
    url = f"{settings.api_url}/readyz"

    def ready() -> bool:
        try:
            return httpx.get(url, timeout=2.0, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return ready


def _stop_signals() -> list[int]:
    """A list that fills when we are asked to stop."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: asked.append(got))
    return asked


def tell_starter(ready_file: Path, prepared: Prepared) -> None:
    """All is healthy: let `detach` know, and what only a terminal may show."""
    being_written = ready_file.with_suffix(".new")
    being_written.touch(mode=0o600)
    being_written.write_text(prepared.first_password or "")
    being_written.replace(ready_file)


def detach(settings: Settings, console: Console) -> str | None:
    """Serve in the background; returns when all is healthy, raises `DidNotStart` otherwise.

    The first administrator's password, at the very first start.
    """
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    log_file = settings.log_dir / "serve.log"
    ready = settings.run_dir / "ready"
    ready.unlink(missing_ok=True)
    with log_file.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "serve", "--ready-file", str(ready)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=PROJECT,
            env=os.environ | {"HOTLINE_HOME": str(settings.home)},
        )
    with console.status("正在启动 starting …"):
        deadline = time.monotonic() + HEALTHY_WITHIN_S * 2
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log_file.read_text(errors="replace").splitlines()[-15:]
                raise DidNotStart("\n".join([f"it did not start; {log_file} ends:", *tail]))
            time.sleep(0.1)
    first_password = ready.read_text()
    ready.unlink()
    return first_password or None


def stop(settings: Settings, within_s: float = 40.0) -> bool:
    """Ask the supervisor to end everything; False when nothing was running."""
    pid = serving_pid(settings)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + within_s
    while serving_pid(settings) == pid:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            break
        time.sleep(0.1)
    return True
