"""A recognizer process of one's own, for as long as it is needed: tools, tests, measurements."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from asr.child import module_command, module_environment
from asr.recognizer import RecognizerUnavailable

_START_S = 600.0  # a model of gigabytes from a cold disk


@dataclass(frozen=True)
class RecognizerProcess:
    """A running recognizer: where it listens, and its process id."""

    url: str
    pid: int


@asynccontextmanager
async def recognizer_process(
    model_dir: Path, *, max_connections: int = 64
) -> AsyncIterator[RecognizerProcess]:
    """Start a recognizer for ``model_dir`` on a free loopback port; stop it on leaving.

    It ends with us too, even by kill -9: its stdin is a pipe of ours. Raises
    `RecognizerUnavailable` with what it said when it does not start.
    """
    started = await asyncio.create_subprocess_exec(
        *module_command("asr.engines.vosk_server", str(model_dir), "--until-stdin-ends"),
        *("--max-connections", str(max_connections)),
        env=module_environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    talk = asyncio.create_task(_last_words(started))
    try:
        port = await _port(started, talk, model_dir)
        yield RecognizerProcess(f"ws://127.0.0.1:{port}", started.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.kill()  # it holds nothing that needs an orderly end
        await started.wait()
        await talk


async def _port(
    started: asyncio.subprocess.Process, talk: "asyncio.Task[str]", model_dir: Path
) -> int:
    if started.stdout is None:
        raise RecognizerUnavailable("the recognizer's stdout is not a pipe")
    try:
        async with asyncio.timeout(_START_S):
            line = await started.stdout.readline()
    except TimeoutError:
        raise RecognizerUnavailable(f"{model_dir} did not load within {_START_S:.0f} s") from None
    if not line:
        raise RecognizerUnavailable(f"the recognizer did not start: {await talk}")
    return int(json.loads(line)["port"])


async def _last_words(started: asyncio.subprocess.Process) -> str:
    """Keep stderr flowing; its last line, for a message."""
    last = ""
    if started.stderr is not None:
        async for line in started.stderr:
            last = line.decode("utf-8", "replace").strip() or last
    return last or f"exit status {await started.wait()}"
