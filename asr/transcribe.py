"""Recorded sound → words, through the same recognizer processes as live speech.

ffmpeg opens whatever the file is and streams PCM through a pipe; at most a few seconds of sound
are in memory at any time, however long the file.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from asr.recognizer import Hearing, RecognizerUnavailable, Word

log = structlog.get_logger(__name__)

# Recordings of telephone calls are 8 kHz; anything better is heard at 16 kHz, the highest rate
# that Vosk models are trained with.
_NARROW, _WIDE = 8_000, 16_000
_READ_BYTES = 16_000
_PROBE_S = 30.0
_QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error")
# The file alone: a play list could name other files and addresses.
_FILE_ONLY = ("-protocol_whitelist", "file,pipe")


class AudioUnreadable(Exception):
    """A file that is no sound, or breaks off; ``path`` and ``why`` in plain words."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be read as sound: {why}")
        self.path = path
        self.why = why


@dataclass(frozen=True)
class SoundFile:
    """What ffprobe says of a file: its number of channels and rate in Hz."""

    channels: int
    rate: int


class PacedHearing(Hearing, Protocol):
    """A hearing that tells when it can use more; see `asr.engines.remote.RemoteHearing`."""

    async def room(self) -> None: ...


class PacedRecognizer(Protocol):
    """A recognizer that can be fed faster than people speak."""

    async def open(self, *, rate: int) -> PacedHearing: ...


async def transcribe_file(
    path: Path, recognizer: PacedRecognizer, *, channel: int | None = None
) -> list[Word]:
    """All words of a file, with times from its start. Empty for a file without sound in it.

    ``channel`` counts from 0; None mixes all channels. Raises `AudioUnreadable` for a broken file
    and `RecognizerUnavailable` when recognition fails on the way: nothing partial is returned.
    """
    sound = await probe(path)
    if channel is not None and not 0 <= channel < sound.channels:
        raise AudioUnreadable(path, f"it has {sound.channels} channels, no number {channel}")
    rate = _NARROW if sound.rate < _WIDE else _WIDE
    hearing = await recognizer.open(rate=rate)
    feeding = asyncio.create_task(_feed(path, rate, channel, hearing))
    words: list[Word] = []
    try:
        async for heard in hearing.results():
            words.extend(heard.words)
        await feeding
    except RecognizerUnavailable:
        # Of the two the unreadable file is the cause, where both failed.
        if feeding.done() and not feeding.cancelled():
            await feeding
        raise
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
    return words


async def probe(path: Path) -> SoundFile:
    """Channels and rate of the first sound stream in a file; `AudioUnreadable` if there is none."""
    command = (
        *("ffprobe", "-hide_banner", "-loglevel", "error", *_FILE_ONLY, "-of", "json"),
        *("-select_streams", "a:0", "-show_entries", "stream=channels,sample_rate"),
        f"file:{path}",
    )
    out, problem = await _output(command, path)
    streams = json.loads(out).get("streams", []) if out else []
    if not streams:
        raise AudioUnreadable(path, problem or "there is no sound in it")
    channels, rate = int(streams[0].get("channels", 0)), int(streams[0].get("sample_rate", 0))
    if channels < 1 or rate < 1:
        raise AudioUnreadable(path, "its sound has no channels or no rate")
    return SoundFile(channels, rate)


async def _output(command: tuple[str, ...], path: Path) -> tuple[bytes, str]:
    async with _started(command) as process:
        try:
            async with asyncio.timeout(_PROBE_S):
                out, said = await process.communicate()
        except TimeoutError:
            raise AudioUnreadable(path, f"ffprobe found no end within {_PROBE_S:.0f} s") from None
    return out, _reason(said)


async def _feed(path: Path, rate: int, channel: int | None, hearing: PacedHearing) -> None:
    try:
        async for pcm in _pcm(path, rate, channel):
            await hearing.room()
            await hearing.feed(pcm)
    finally:
        await hearing.finish()


async def _pcm(path: Path, rate: int, channel: int | None) -> AsyncIterator[bytes]:
    """The sound as mono 16-bit PCM at ``rate``, in whole samples."""
    pick = () if channel is None else ("-af", f"pan=mono|c0=c{channel}")
    command = (
        *("ffmpeg", *_QUIET, *_FILE_ONLY, "-i", f"file:{path}", "-map", "0:a:0", *pick),
        *("-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1"),
    )
    async with _started(command) as process:
        if process.stdout is None or process.stderr is None:
            raise AudioUnreadable(path, "ffmpeg gives no pipe")
        said = asyncio.create_task(process.stderr.read())
        odd, decoded = b"", False
        while chunk := await process.stdout.read(_READ_BYTES):
            whole, decoded = odd + chunk, True
            odd = whole[len(whole) // 2 * 2 :]
            yield whole[: len(whole) // 2 * 2]
        problem = _reason(await said)
        if await process.wait() != 0 or (problem and not decoded):
            raise AudioUnreadable(path, problem or "ffmpeg gave up on it")
        if problem:  # a few bad frames in hours of sound: what can be heard is worth having
            log.warning("recording_damaged", file=path.name, why=problem)


@asynccontextmanager
async def _started(command: tuple[str, ...]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _reason(said: bytes) -> str:
    """Ffmpeg's last line without the file name, which the message has already."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].rsplit(": ", 1)[-1] if lines else ""
