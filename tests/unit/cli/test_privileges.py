"""Giving up root's rights: what is started instead, as far as it shows without being root."""

from pathlib import Path

import pytest

from cli import privileges
from cli.privileges import CannotDropPrivileges, drop


class Replaced(Exception):
    """Stands for a process that has become another program."""

    def __init__(self, program: str, arguments: list[str], environment: dict[str, str]) -> None:
        super().__init__(program)
        self.arguments = arguments
        self.environment = environment


@pytest.fixture
def becoming(monkeypatch: pytest.MonkeyPatch) -> None:
    def become(program: str, arguments: list[str], environment: dict[str, str]) -> None:
        raise Replaced(program, arguments, environment)

    monkeypatch.setattr(privileges.os, "execve", become)


def test_who_is_not_root_goes_on_as_he_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privileges.os, "geteuid", lambda: 1000)
    drop(tmp_path, tmp_path / "var", ["serve"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("becoming")
@pytest.mark.parametrize(("home", "seen_as"), [("project/var", "mnt/var"), ("other", "other")])
def test_a_checkout_that_others_may_not_enter_is_bound_to_where_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str, seen_as: str
) -> None:
    monkeypatch.setattr(privileges, "MOUNT_POINT", tmp_path / "mnt")
    with pytest.raises(Replaced) as replaced:
        privileges._exec_bound(
            tmp_path / "project", tmp_path / home, ["--reuid", "hotline", "python"], {}
        )
    assert replaced.value.arguments[:4] == ["unshare", "--mount", "sh", "-c"]
    script, name, project, *command = replaced.value.arguments[4:]
    assert name == "sh"
    assert script.startswith(f'mount --bind "$1" {tmp_path / "mnt"} && cd ')
    assert project == str(tmp_path / "project")
    assert command == ["--reuid", "hotline", "python"]
    assert replaced.value.environment == {"HOTLINE_HOME": str(tmp_path / seen_as)}


def test_a_missing_tool_is_named_with_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(privileges.shutil, "which", lambda *_args, **_options: None)
    with pytest.raises(CannotDropPrivileges, match="apt-get install util-linux"):
        privileges._tool("setpriv")
    assert "setpriv is missing" in capsys.readouterr().err
