"""A hotline of the measurement's own: every role real, on free ports, in a folder that goes after.

Its dialplan gets two more contexts: a bare one that plays the same prompts without us, and one in
which calls do nothing but talk FastAGI.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from asterisk_conf.program import find
from cli.bench.figures import CannotMeasure
from cli.bench.machine import PROC, cpu_s
from cli.ports import NoFreePorts, free_block
from cli.serve import serving_pid
from config import secrets
from config.secrets import Secrets
from config.settings import PROJECT, Settings

STARTS_WITHIN_S = 180.0
PORT_NAMES = ("sip_port", "ami_port", "http_port", "agi_port", "audiosocket_port", "api_port")
RTP = (14000, 19999)
BARE, BARE_RECORDED = "90001", "90002"
VERBS_CONTEXT = "bench-verbs"
# "Ours" answers, writes a slip and records both voices; so does the second bare one.
DIALPLAN = f"""
[from-citizen]
exten => {BARE},1,Answer()
 same => n,Goto(bench-prompts,s,1)
exten => {BARE_RECORDED},1,Answer()
 same => n,Set(FILE=${{RECORDINGS}}/${{UNIQUEID}})
 same => n,MixMonitor(,r(${{FILE}}-caller.wav)t(${{FILE}}-heard.wav))
 same => n,Goto(bench-prompts,s,1)

[bench-prompts]
exten => s,1,Playback(${{SOUNDS}}/greeting)
 same => n,Playback(${{SOUNDS}}/leave-message)
 same => n,Hangup()

[{VERBS_CONTEXT}]
exten => _verbs-X.,1,Answer()
 same => n,AGI(agi://127.0.0.1:${{EXTEN:6}}/bench)
 same => n,Hangup()
exten => verbs-hold,1,Answer()
 same => n,Wait(600)
"""


class System:
    """A context manager; raises `CannotMeasure` when it does not start.

    ``more``: settings of this measurement, such as HOTLINE_LIVE_LEGS.
    """

    def __init__(self, like: Settings, **more: str) -> None:
        self._like = like
        self._home = Path(tempfile.mkdtemp(prefix="hotline-bench-", dir="/var/tmp"))
        self._home.chmod(0o755)
        recognizers = len(os.sched_getaffinity(0))
        try:
            first = free_block(len(PORT_NAMES) + recognizers)
        except NoFreePorts as failure:
            raise CannotMeasure(str(failure)) from None
        self._environment = {
            "HOTLINE_HOME": str(self._home),
            "HOTLINE_NODE": "bench",
            "HOTLINE_RTP_FROM": str(RTP[0]),
            "HOTLINE_RTP_TO": str(RTP[1]),
            "HOTLINE_RECOGNIZERS": str(recognizers),
            **more,
            "HOTLINE_RECOGNIZER_PORT": str(first + len(PORT_NAMES)),
            **{f"HOTLINE_{name.upper()}": str(port) for port, name in enumerate(PORT_NAMES, first)},
        }
        (self._home / "settings.env").write_text(
            "".join(f"{name}={value}\n" for name, value in self._environment.items())
        )

    def __enter__(self) -> "System":
        # Rendered prompts and the model in use are the same: no need to make them again.
        for folder in (self._like.prompts_dir, self._like.models_dir):
            if folder.is_dir():
                shutil.copytree(folder, self._home / folder.name, dirs_exist_ok=True)
        try:
            self._hotline("serve", "--detach")
            config = self.settings.asterisk_dir / "etc" / "asterisk.conf"
            with (config.parent / "extensions.conf").open("a") as dialplan:
                dialplan.write(DIALPLAN)
            find(self.settings.asterisk_root).ask(config, "dialplan reload")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop it and take its folder away."""
        self._hotline("stop")
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def settings(self) -> Settings:
        """As its roles read them, whatever this process's environment says."""
        own = {name.removeprefix("HOTLINE_").lower(): v for name, v in self._environment.items()}
        return Settings.model_validate(own | {"database_url": None, "workflow_database_url": None})

    @property
    def secrets(self) -> Secrets:
        return secrets.load(self._home)

    @property
    def asterisk_pid(self) -> int:
        return int((self.settings.asterisk_dir / "run" / "asterisk.pid").read_text())

    def role_pids(self, role: str) -> list[int]:
        """The processes of one role, such as ``engine``."""
        supervisor = serving_pid(self.settings)
        found = []
        for folder in PROC.glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_text().split("\0")
                status = (folder / "stat").read_text()
            except OSError:
                continue  # it ended meanwhile
            parent = int(status[status.rindex(")") + 2 :].split()[1])
            if parent == supervisor and "role" in words and role in words:
                found.append(int(folder.name))
        return found

    def cpu_s(self) -> float:
        """CPU seconds of Asterisk so far."""
        return cpu_s(self.asterisk_pid)

    def role_cpu_s(self, role: str) -> float:
        """CPU seconds of a role's processes so far."""
        return sum(cpu_s(pid) for pid in self.role_pids(role))

    def _hotline(self, *words: str) -> None:
        # Nothing of the caller's settings: a real hotline's database is not ours to measure on.
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("HOTLINE_")}
        done = subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=PROJECT,
            env=inherited | self._environment,
            capture_output=True,
            text=True,
            timeout=STARTS_WITHIN_S,
            check=False,
        )
        if done.returncode != 0:
            raise CannotMeasure(f"hotline {words[0]} failed: {done.stderr.strip()[-500:]}")
