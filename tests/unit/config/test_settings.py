"""What an operator may set, from where, and what is refused."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import Settings


@pytest.fixture(autouse=True)
def nothing_set_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HOTLINE_")]:
        monkeypatch.delenv(name)


def set_in_file(home: Path, /, **values: str) -> None:
    lines = [f"HOTLINE_{name.upper()}={value}\n" for name, value in values.items()]
    (home / "settings.env").write_text("".join(lines))


def test_defaults_reach_nobody_outside_this_machine(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path)
    assert (settings.sip_bind, settings.api_host) == ("127.0.0.1", "127.0.0.1")
    assert settings.trunk_hosts == ()
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path}/hotline.db"
    assert settings.workflow_database == f"sqlite:///{tmp_path}/workflows.db"


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_in_file(tmp_path, city="heze", sip_port="5070", unheard_of="x")
    monkeypatch.setenv("HOTLINE_SIP_PORT", "5080")
    settings = Settings.load(tmp_path)
    assert (settings.city, settings.sip_port, settings.agi_port) == ("heze", 5080, 4573)


def test_the_home_folder_is_the_given_one_whatever_else_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_in_file(tmp_path, home="/elsewhere")
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "from-environment"))
    assert Settings.load(tmp_path).home == tmp_path
    assert Settings.load().home == tmp_path / "from-environment"


@pytest.mark.parametrize(
    ("text", "agents"),
    [
        ("1001,1002", ("1001", "1002")),
        (" 1001 , 1002 ,", ("1001", "1002")),
        ("1001", ("1001",)),
        ("", ()),
    ],
)
def test_lists_are_written_with_commas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, agents: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HOTLINE_AGENTS", text)
    set_in_file(tmp_path, trunk_hosts="192.0.2.1, 192.0.2.2")
    settings = Settings.load(tmp_path)
    assert settings.agents == agents
    assert settings.trunk_hosts == ("192.0.2.1", "192.0.2.2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("node", "HL 1"),
        ("hotline_number", "12345;"),
        ("sip_port", "many"),
        ("recognizers", "0"),
        ("agents", "1001,PJSIP/999@trunk"),
        ("agents", "_X."),
        ("live_legs", "-1"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"HOTLINE_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings.load(tmp_path)


def test_one_postgresql_serves_calls_and_workflows_and_its_password_is_not_shown(
    tmp_path: Path,
) -> None:
    set_in_file(tmp_path, database_url="postgresql+psycopg://hotline:hunter2@db/hotline")
    settings = Settings.load(tmp_path)
    assert settings.database == "postgresql+psycopg://hotline:hunter2@db/hotline"
    assert settings.workflow_database == "postgresql://hotline:hunter2@db/hotline"
    assert "hunter2" not in repr(settings)


def test_an_emergency_number_has_its_line_or_none(tmp_path: Path) -> None:
    set_in_file(tmp_path, emergency_110="PJSIP/110@trunk")
    settings = Settings.load(tmp_path)
    assert settings.emergency_target("110") == "PJSIP/110@trunk"
    assert settings.emergency_target("120") == ""


def test_a_relative_home_stays_the_same_when_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.load(Path("var"))
    monkeypatch.chdir("/")
    assert settings.home == tmp_path / "var"


def test_recognizers_and_their_legs() -> None:
    settings = Settings(recognizers=2, recognizer_port=2700)
    assert settings.recognizer_urls == ["ws://127.0.0.1:2700", "ws://127.0.0.1:2701"]
    assert settings.live_leg_limit == 32
    assert Settings(recognizers=2, live_legs=5).live_leg_limit == 5
