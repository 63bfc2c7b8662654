"""Started by root, run by nobody in particular: everything of ours goes on as user ``hotline``."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

USER = "hotline"
MOUNT_POINT = Path("/srv/hotline")


class CannotDropPrivileges(Exception):
    """Running on as root is refused; says what is missing."""


def drop(project: Path, home: Path, arguments: list[str]) -> None:
    """Start this command again as ``hotline``; returns only when we are not root.

    A checkout below a folder that others may not enter (``/root``, ``mktemp -d``) is bound to
    ``/srv/hotline`` in a mount namespace of our own, so that nothing on the machine changes.
    """
    if os.geteuid() != 0:
        return
    account = _account()
    home.mkdir(parents=True, exist_ok=True)
    _give(home, account)
    inside = _reachable(project, account)
    command = [
        *(["--reuid", USER, "--regid", str(account.pw_gid), "--init-groups"]),
        *(["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]),
        str((project if inside else MOUNT_POINT) / ".venv/bin/python"),
        *(["-m", "cli", *arguments]),
    ]
    environment = os.environ | {"HOME": str(home), "USER": USER, "LOGNAME": USER}
    if inside:
        environment["HOTLINE_HOME"] = str(home)
        os.chdir(project)
        os.execve(_tool("setpriv"), ["setpriv", *command], environment)
    _exec_bound(project, home, command, environment)


def _exec_bound(project: Path, home: Path, command: list[str], env: dict[str, str]) -> None:
    if home.is_relative_to(project):
        home = MOUNT_POINT / home.relative_to(project)
    env["HOTLINE_HOME"] = str(home)
    MOUNT_POINT.mkdir(parents=True, exist_ok=True)
    script = f'mount --bind "$1" {MOUNT_POINT} && cd {MOUNT_POINT} && shift && exec setpriv "$@"'
    os.execve(
        _tool("unshare"),
        ["unshare", "--mount", "sh", "-c", script, "sh", str(project), *command],
        env,
    )


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        options = ("--system", "--no-create-home", "--home-dir", "/nonexistent")
        nologin = ("--shell", "/usr/sbin/nologin")
        subprocess.run([_tool("useradd"), *options, *nologin, USER], check=True)
        return pwd.getpwnam(USER)


def _give(home: Path, account: pwd.struct_passwd) -> None:
    """What an earlier start as root left in the home folder belongs to us from now on."""
    if home.stat().st_uid != account.pw_uid:
        subprocess.run(["chown", "-R", f"{USER}:", str(home)], check=True)


def _reachable(project: Path, account: pwd.struct_passwd) -> bool:
    as_user = ("--reuid", USER, "--regid", str(account.pw_gid), "--clear-groups")
    wanted = ("-r", str(project / "pyproject.toml"), "-a", "-x", str(project / ".venv/bin/python"))
    run = subprocess.run([_tool("setpriv"), *as_user, "test", *wanted], check=False)
    return run.returncode == 0


def _tool(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
    if found is None:
        sys.stderr.write(f"hotline: {name} is missing\n")
        raise CannotDropPrivileges(
            f"{name} is needed to give up root's rights: apt-get install util-linux passwd"
        )
    return found
