"""Find an Asterisk and tell how to start it: the host's own, or a private Debian root.

A private root needs neither chroot nor root rights: its own dynamic loader starts it with its own
libraries, so the AGI scripts it starts still run on the host's Python.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import structlog

from asterisk_conf.render import Root

log = structlog.get_logger()

MINIMUM = (20, 0)  # AudioSocket and MixMonitor r()t(): Ubuntu 24.04 has 20.6


class NoAsterisk(Exception):
    """Neither the host nor the private root has an Asterisk that can be used."""


@dataclass(frozen=True)
class Asterisk:
    """An installed Asterisk: ``command`` starts it, options follow."""

    command: tuple[str, ...]
    root: Root

    def version(self) -> str:
        """The version as it prints it, e.g. ``Asterisk 22.10.1``."""
        run = subprocess.run([*self.command, "-V"], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise NoAsterisk(f"{self.command[-1]} does not start: {run.stderr.strip()}")
        return run.stdout.strip()

    def start_command(self, config: Path) -> list[str]:
        """In the foreground, so that its parent knows when it ends."""
        return [*self.command, "-C", str(config), "-f", "-n"]

    def ask(self, config: Path, order: str) -> str:
        """The answer of the running Asterisk to one console command."""
        run = subprocess.run(
            [*self.command, "-C", str(config), "-rx", order],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        return run.stdout


def find(private_root: Path) -> Asterisk:
    """The host's Asterisk if it has a usable one, else the one below ``private_root``."""
    for candidate in (_host(), _private(private_root)):
        if candidate is not None and _recent_enough(candidate):
            return candidate
    raise NoAsterisk(
        f"no Asterisk ≥ {MINIMUM[0]} on this machine and none below {private_root}: "
        "run `make setup`"
    )


def _host() -> Asterisk | None:
    program = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    for modules in sorted(Path("/usr/lib").glob("**/asterisk/modules")):
        return Asterisk((program,), Root(Path("/"), modules, Path("/usr/share/asterisk")))
    return None


def _private(prefix: Path) -> Asterisk | None:
    program = prefix / "usr/sbin/asterisk"
    loaders = sorted(prefix.glob("lib*/ld-linux-*.so.*"))
    folders = sorted(prefix.glob("usr/lib/*/asterisk/modules"))
    if not (program.exists() and loaders and folders):
        return None
    libraries = folders[0].parent.parent
    search = ":".join(str(libraries / part) for part in ("", "asterisk", "pulseaudio"))
    return Asterisk(
        (str(loaders[0]), "--library-path", search, str(program)),
        Root(prefix, folders[0], prefix / "usr/share/asterisk"),
    )


def _recent_enough(found: Asterisk) -> bool:
    """``Asterisk 22.10.1+dfsg…`` → (22, 10). One that does not start is none."""
    try:
        number = found.version().split()[-1].split("+")[0].split("~")[0]
    except (NoAsterisk, OSError, IndexError) as failure:
        log.warning("this Asterisk cannot be used", program=found.command[-1], why=str(failure))
        return False
    parts = tuple(int(part) for part in number.split(".")[:2] if part.isdigit())
    return parts >= MINIMUM
