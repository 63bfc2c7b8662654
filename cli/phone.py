"""A softphone that a program can use: baresip, told what to do over its control port.

Used by ``hotline call`` and by the tests; what it speaks is switched while the call runs.
"""

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from cli.ports import NoFreePorts, free_block

# Even ones, as RTP wants them.
PORTS = range(30_000, 60_000, 2)
MODULES = Path("/usr/lib/baresip/modules")
CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{sip}
audio_source aufile,{folder}/quiet.wav
audio_path /nonexistent
audio_buffer 20-160
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
rtp_ports {rtp}-{rtp_end}
rtp_stats no
module_path {modules}
module g711.so
module aufile.so
module sndfile.so
snd_path {folder}
module_tmp account.so
module_app menu.so
module ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""


class PhoneFailed(Exception):
    """The softphone did not start, or the call was not taken; says why."""


@dataclass(frozen=True)
class Line:
    """Where to register or call: ``shown`` is the number the other side sees."""

    server: str
    user: str
    password: str
    shown: str
    register: bool = False
    answer: bool = False


class Phone:
    """One baresip process with one account. A context manager; leaving it ends the process."""

    def __init__(self, line: Line, folder: Path | None = None) -> None:
        self._line = line
        self._own = tempfile.TemporaryDirectory() if folder is None else None
        self.folder = Path(self._own.name) if self._own else folder or Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._buffer = b""

    def __enter__(self) -> "Phone":
        program = shutil.which("baresip")
        if program is None:
            raise PhoneFailed("baresip is missing: run `make setup`")
        # baresip takes the port after the SIP port too (TLS), and two for each stream.
        try:
            control = free_block(26, PORTS)
        except NoFreePorts as failure:
            raise PhoneFailed(str(failure)) from None
        sip, rtp = control + 2, control + 4
        text = CONFIG.format(
            sip=sip, control=control, rtp=rtp, rtp_end=rtp + 20, folder=self.folder, modules=MODULES
        )
        (self.folder / "config").write_text(text)
        (self.folder / "accounts").write_text(self._account() + "\n")
        silence(self.folder / "quiet.wav", 600.0)
        with (self.folder / "log").open("wb") as output:
            self._process = subprocess.Popen(
                [program, "-f", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._control = self._connect(control)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._control is not None:
            with suppress(OSError):
                self._send("quit")
        if self._process is not None:
            try:
                self._process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._control is not None:
            self._control.close()
        if self._own is not None:
            self._own.cleanup()

    @property
    def pid(self) -> int | None:
        """The process that runs the telephone."""
        return self._process.pid if self._process is not None else None

    def dial(self, number: str, within_s: float = 15.0) -> None:
        """Call, and return when the other side has answered; `PhoneFailed` when it does not."""
        self._send("dial", f"sip:{number}@{self._line.server}")
        event = self.wait("CALL_ESTABLISHED", "CALL_CLOSED", within_s=within_s)
        if event["type"] == "CALL_CLOSED":
            raise PhoneFailed(f"{number} did not take the call: {event.get('param', '')}")

    def speak(self, wav: Path) -> None:
        """Say what is in an 8 kHz mono wav from now on (see `speech`)."""
        self._send("ausrc", f"aufile,{wav}")

    def heard(self) -> Path | None:
        """What the telephone hears in its latest call, as a WAV that grows; None before one."""
        dumps = sorted(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        return dumps[-1] if dumps else None

    def press(self, keys: str) -> None:
        """Send keys as tones."""
        self._send("sndcode", keys)

    def hang_up(self, within_s: float = 5.0) -> None:
        """End the call; returns when it has ended: a baresip that quits before sends no BYE."""
        self._send("hangup")
        with suppress(PhoneFailed):  # the other side was faster
            self.wait("CALL_CLOSED", within_s=within_s)

    def pause(self, length_s: float) -> None:
        """Say nothing, or go on saying what was begun, for so long."""
        time.sleep(length_s)

    def wait(self, *types: str, within_s: float) -> dict[str, Any]:
        """The next event of one of these types; `PhoneFailed` when none comes."""
        deadline = time.monotonic() + within_s
        while (left_s := deadline - time.monotonic()) > 0:
            event = self._next_event(left_s)
            if event is not None and event.get("type") in types:
                return event
        raise PhoneFailed(f"no {' or '.join(types)} within {within_s:g} s")

    def in_call(self) -> bool:
        """Whether the other side has not hung up (as far as events have been read)."""
        while (event := self._next_event(0.0)) is not None:
            if event.get("type") == "CALL_CLOSED":
                return False
        return True

    def _account(self) -> str:
        line = self._line
        options = [f"auth_user={line.user}", f"auth_pass={line.password}"]
        options += ["regint=60" if line.register else "regint=0"]
        options += ["answermode=auto"] if line.answer else []
        return f"<sip:{line.shown}@{line.server}>;" + ";".join(options)

    def _connect(self, port: int) -> socket.socket:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(OSError):
                return socket.create_connection(("127.0.0.1", port), timeout=5)
            time.sleep(0.05)
        raise PhoneFailed("baresip did not start: " + (self.folder / "log").read_text()[-500:])

    def _send(self, command: str, params: str = "") -> None:
        text = json.dumps({"command": command, "params": params}).encode()
        if self._control is not None:
            self._control.sendall(b"%d:%s," % (len(text), text))

    def _next_event(self, within_s: float) -> dict[str, Any] | None:
        """One netstring (https://cr.yp.to/proto/netstrings.txt) from the control port."""
        deadline = time.monotonic() + within_s
        while True:
            length, colon, rest = self._buffer.partition(b":")
            if colon and len(rest) > int(length):
                text, self._buffer = rest[: int(length)], rest[int(length) + 1 :]
                return dict(json.loads(text))
            if not self._read(deadline - time.monotonic()):
                return None

    def _read(self, within_s: float) -> bool:
        if self._control is None:
            return False
        self._control.settimeout(max(within_s, 0.001))
        try:
            more = self._control.recv(65536)
        except TimeoutError:
            return False
        self._buffer += more
        return bool(more)


def speech(source: Path, target: Path, run: Callable[..., Any] = subprocess.run) -> float:
    """Any sound file → 8 kHz mono wav that can be spoken, with silence after it; its length in s.

    Raises `PhoneFailed` for a file that is not sound.
    """
    convert = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(source)]
    tail = ["-ac", "1", "-ar", "8000", "-c:a", "pcm_s16le"]
    bare = target.with_suffix(".bare.wav")
    done = run([*convert, *tail, str(bare)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PhoneFailed(f"{source} cannot be read as sound: {done.stderr.strip()[-300:]}")
    # baresip hangs up at the end of its source: silence follows, longer than any call here.
    padded = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(bare)]
    run([*padded, "-af", "apad=pad_dur=120", *tail, str(target)], capture_output=True, check=True)
    return max(bare.stat().st_size - 44, 0) / 16_000


def silence(target: Path, length_s: float) -> None:
    """A wav of digital silence."""
    source = ["-f", "lavfi", "-t", str(length_s), "-i", "anullsrc=r=8000:cl=mono"]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *source, "-c:a", "pcm_s16le"]
    subprocess.run([*command, str(target)], check=True)
