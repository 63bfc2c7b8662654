"""SIPp: many callers at once, and the other end of an emergency line."""

import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from cli.ports import free_block
from tests.asterisk.keypad import write_capture

MEDIA_PORTS = 400  # of one SIPp
SCENARIOS = Path(__file__).parent / "scenarios"


class EmergencyCentre:
    """Answers every call to it and counts them."""

    scenario = "emergency_centre.xml"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket(type=socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "EmergencyCentre":
        program = shutil.which("sipp")
        assert program is not None, "sipp is missing: run `make test`"
        self._process = subprocess.Popen(
            [program, "-sf", str(self.written()), "-i", "127.0.0.1"]
            + ["-p", str(self.port), "-trace_msg", "-message_file", str(self._log), "-nostdin"],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def written(self) -> Path:
        """The scenario to play."""
        return SCENARIOS / self.scenario

    def answered(self) -> int:
        """Calls that were taken and acknowledged."""
        if not self._log.exists():
            return 0
        return self._log.read_text(errors="replace").count("\nACK sip:")

    @property
    def _log(self) -> Path:
        return self._folder / "messages.log"


class Presser:
    """A telephone that dials 12345 and presses its keys, whatever it hears; a context manager.

    ``presses``: (seconds after the answer, key). The flow hangs up, or the telephone at the end.
    """

    def __init__(
        self,
        folder: Path,
        line: tuple[str, str],
        number: str,
        presses: Sequence[tuple[float, str]],
        length_s: float,
    ) -> None:
        server, password = line
        folder.mkdir()
        capture, scenario, data = (folder / name for name in ("keys.pcap", "keys.xml", "keys.csv"))
        write_capture(capture, presses, length_s)
        text = (SCENARIOS / "caller.xml").read_text().replace("LISTENS_AFTER_MS", "0")
        text = text.replace('rtp_stream="SOUND,1,8,PCMA/8000"', f'play_pcap_audio="{capture}"')
        scenario.write_text(text.replace("SPEAKS_MS", str(round(length_s * 1000))))
        login = f"[authentication username=citizen password={password}]"
        data.write_text(f"SEQUENTIAL\n{number};{login}\n")
        program = shutil.which("sipp")
        assert program is not None, "sipp is missing: run `make test`"
        self._command = [program, server, "-sf", str(scenario), "-inf", str(data)]
        self._command += ["-i", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "60s"]
        self._command += ["-mp", str(free_block(4, range(10_000, 18_000, 10)))]
        self._folder = folder

    def __enter__(self) -> "Presser":
        with (self._folder / "sipp.out").open("wb") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Its status says nothing: to be hung up on counts as a failed call there."""
        try:
            self._process.wait(timeout=60)
        finally:
            self._process.kill()
            self._process.wait()


class RungCitizen(EmergencyCentre):
    """A citizen's telephone behind the trunk; rings ``rings_s`` before it is answered."""

    scenario = "rung_citizen.xml"

    def __init__(self, folder: Path, rings_s: float) -> None:
        super().__init__(folder)
        self._rings_s = rings_s

    def written(self) -> Path:
        text = (SCENARIOS / self.scenario).read_text()
        path = self._folder / self.scenario
        path.write_text(text.replace("RINGS_MS", str(round(self._rings_s * 1000))))
        return path

    def rung(self) -> set[str]:
        """The Call-IDs of all calls that ever came; one that was sent again is the same."""
        if not self._log.exists():
            return set()
        parts = self._log.read_text(errors="replace").split("\nINVITE sip:")[1:]
        return {
            line.partition(":")[2].strip()
            for part in parts
            for line in part.split("\n\n")[0].splitlines()
            if line.lower().startswith("call-id")
        }


def call_all(
    folder: Path,
    server: str,
    password: str,
    callers: Sequence[tuple[str, Path, float]],
    *,
    per_second: float,
    listens_after_s: float,
) -> None:
    """Each caller dials 12345, waits, speaks a raw A-law file of so many seconds, hangs up.

    Returns when all are through; fails when SIPp counts one call as failed.
    """
    within_s = 180 + round(len(callers) / per_second)
    program = shutil.which("sipp")
    assert program is not None, "sipp is missing: run `make test`"
    groups: dict[tuple[Path, float], list[str]] = {}
    for number, sound, length_s in callers:
        groups.setdefault((sound, length_s), []).append(number)
    media_port = free_block(MEDIA_PORTS * len(groups), range(10_000, 18_000, 50))
    running: list[subprocess.Popen[bytes]] = []
    for place, ((sound, length_s), numbers) in enumerate(groups.items()):
        text = (SCENARIOS / "caller.xml").read_text()
        text = text.replace("LISTENS_AFTER_MS", str(round(listens_after_s * 1000)))
        text = text.replace("SPEAKS_MS", str(round(length_s * 1000 + 1200)))
        text = text.replace("SOUND", str(sound))
        scenario = folder / f"caller-{place}.xml"
        scenario.write_text(text)
        data = folder / f"callers-{place}.csv"
        lines = [
            f"{number};[authentication username=citizen password={password}]" for number in numbers
        ]
        data.write_text("\n".join(["SEQUENTIAL", *lines]) + "\n")
        command = [program, server, "-sf", str(scenario), "-inf", str(data), "-i", "127.0.0.1"]
        command += [
            "-m",
            str(len(numbers)),
            "-nostdin",
            "-timeout",
            f"{within_s}s",
            "-timeout_error",
        ]
        command += ["-r", "1", "-rp", str(round(1000 * len(groups) / per_second))]
        command += ["-trace_err", "-error_file", str(folder / f"errors-{place}.log")]
        command += ["-mp", str(media_port + MEDIA_PORTS * place)]
        with (folder / f"sipp-{place}.out").open("wb") as output:
            running.append(
                subprocess.Popen(
                    command,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
        time.sleep(1 / per_second)
    try:
        statuses = [process.wait(timeout=within_s + 60) for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    for place, status in enumerate(statuses):
        errors = folder / f"errors-{place}.log"
        output = errors if errors.exists() else folder / f"sipp-{place}.out"
        said = output.read_text(errors="replace")[-2000:]
        assert status == 0, f"SIPp {place} counted failed calls (status {status}): {said}"
