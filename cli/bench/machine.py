"""The machine a measurement was made on, and what its processes cost."""

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PROC = Path("/proc")
# Fields of /proc/PID/stat behind the closing bracket: utime and stime (proc_pid_stat(5)).
UTIME, STIME = 11, 12
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Machine:
    """``load``: processes that wanted to run in the minute before (uptime)."""

    cores: int
    cpu: str
    memory_gib: float
    system: str
    load: float
    at: datetime

    def sentence(self) -> str:
        return (
            f"{self.at:%Y-%m-%d %H:%M} UTC, {self.cores} cores of {self.cpu}, "
            f"{self.memory_gib:.0f} GiB, {self.system}; load average before the run {self.load:.2f}"
        )


def this_machine(now: datetime) -> Machine:
    """``now`` in UTC."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        cpu=_field(PROC / "cpuinfo", "model name") or platform.machine(),
        memory_gib=int(_field(PROC / "meminfo", "MemTotal").split()[0]) / 1024**2,
        system=f"{_release()}, Linux {platform.release()}, Python {platform.python_version()}",
        load=os.getloadavg()[0],
        at=now,
    )


def cpu_s(pid: int) -> float:
    """User and system seconds of a process since its start, ended threads included."""
    stat = (PROC / str(pid) / "stat").read_text()
    fields = stat[stat.rindex(")") + 2 :].split()
    return (int(fields[UTIME]) + int(fields[STIME])) / TICKS_PER_S


def _release() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _field(path: Path, name: str) -> str:
    for line in path.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
