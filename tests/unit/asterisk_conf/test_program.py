"""Which Asterisk is used: the host's if it is good enough, else the private root's."""

from pathlib import Path

import pytest

from asterisk_conf import program
from asterisk_conf.program import Asterisk, NoAsterisk, find
from asterisk_conf.render import Root


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def private_root(prefix: Path, script: str) -> Path:
    """A root whose dynamic loader is a script: what it is asked to start, it only says."""
    executable(prefix / "lib64/ld-linux-x86-64.so.2", script)
    executable(prefix / "usr/sbin/asterisk", "exit 1")
    (prefix / "usr/lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True)
    return prefix


@pytest.fixture(autouse=True)
def no_asterisk_on_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_host", lambda: None)


def host_has(monkeypatch: pytest.MonkeyPatch, command: Path) -> Asterisk:
    found = Asterisk((str(command),), Root(Path("/"), Path("/modules"), Path("/share")))
    monkeypatch.setattr(program, "_host", lambda: found)
    return found


@pytest.mark.parametrize(
    "said",
    [
        "Asterisk 22.10.1+dfsg-1",
        "Asterisk 20.6.0~dfsg+~cs6.13.40431414-2build5",
        "Asterisk 20.0.0",
        "Asterisk 23.1",
    ],
)
def test_a_recent_one_is_taken(tmp_path: Path, said: str) -> None:
    root = private_root(tmp_path, f'echo "{said}"')
    found = find(root)
    assert found.version() == said
    assert found.root.modules == root / "usr/lib/x86_64-linux-gnu/asterisk/modules"


@pytest.mark.parametrize(
    "script",
    [
        'echo "Asterisk 18.20.0"',
        'echo "Asterisk 19.8.1"',
        'echo "Asterisk GIT-master-1234"',
        "true",
        "echo libjansson.so.4 is missing >&2; exit 127",
    ],
)
def test_one_that_is_too_old_or_does_not_start_is_not(tmp_path: Path, script: str) -> None:
    with pytest.raises(NoAsterisk, match="make setup"):
        find(private_root(tmp_path, script))


@pytest.mark.parametrize("missing", ["lib64", "usr/sbin", "usr/lib"])
def test_a_root_that_is_not_whole_is_none(tmp_path: Path, missing: str) -> None:
    root = private_root(tmp_path, 'echo "Asterisk 22.0.0"')
    (root / missing).rename(tmp_path / "elsewhere")
    with pytest.raises(NoAsterisk):
        find(root)


def test_the_hosts_own_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = host_has(monkeypatch, executable(tmp_path / "asterisk", 'echo "Asterisk 20.6.0"'))
    assert find(private_root(tmp_path / "root", 'echo "Asterisk 22.0.0"')) == own


@pytest.mark.parametrize("script", ['echo "Asterisk 16.28.0"', "exit 127"])
def test_a_host_whose_own_cannot_be_used_uses_the_private_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    host_has(monkeypatch, executable(tmp_path / "asterisk", script))
    root = private_root(tmp_path / "root", 'echo "Asterisk 22.0.0"')
    assert find(root).root.prefix == root


def test_it_starts_in_the_foreground_with_its_own_libraries(tmp_path: Path) -> None:
    root = private_root(tmp_path, 'echo "Asterisk 22.0.0"; echo "$@" >&2')
    command = find(root).start_command(Path("/etc/asterisk.conf"))
    loader, option, search, asterisk, *rest = command
    assert (loader, option) == (str(root / "lib64/ld-linux-x86-64.so.2"), "--library-path")
    assert str(root / "usr/lib/x86_64-linux-gnu/asterisk") in search.split(":")
    assert asterisk == str(root / "usr/sbin/asterisk")
    assert rest == ["-C", "/etc/asterisk.conf", "-f", "-n"]


def test_a_console_command_is_answered(tmp_path: Path) -> None:
    found = find(private_root(tmp_path, '[ "$4" = -C ] && echo "$7" || echo "Asterisk 22.0.0"'))
    assert found.ask(Path("/etc/asterisk.conf"), "core show uptime").strip() == "core show uptime"
