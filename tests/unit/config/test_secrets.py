"""Passwords among our own parts: made once, for their owner only, never shown."""

import json
from pathlib import Path

import pytest

from config.secrets import FILE, Secrets, SecretsUnreadable, ensure, load

AGENTS = ("1001", "1002")


def values(secrets: Secrets) -> dict[str, str]:
    phones = {name: phone.get_secret_value() for name, phone in secrets.agent_phones.items()}
    others = set(Secrets.model_fields) - {"agent_phones"}
    return phones | {name: getattr(secrets, name).get_secret_value() for name in others}


def test_they_are_made_at_the_first_start_and_stay(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = ensure(home, AGENTS)
    written = (home / FILE).stat()
    assert written.st_mode & 0o777 == 0o600
    assert ensure(home, AGENTS) == first == load(home)
    assert (home / FILE).stat().st_mtime_ns == written.st_mtime_ns
    assert list(home.iterdir()) == [home / FILE]


def test_every_one_is_long_and_like_no_other_of_this_or_another_home(tmp_path: Path) -> None:
    all_of_them = [
        value
        for home in ("one", "two")
        for value in values(ensure(tmp_path / home, AGENTS)).values()
    ]
    assert len(set(all_of_them)) == len(all_of_them) == 2 * 7
    assert min(map(len, all_of_them)) >= 24


def test_a_new_agent_gets_a_password_and_nobody_else_a_new_one(tmp_path: Path) -> None:
    before = values(ensure(tmp_path, AGENTS))
    after = values(ensure(tmp_path, ("1002", "1003")))
    assert set(after) - set(before) == {"1003"}
    assert {name: after[name] for name in before} == before  # one who left may come back
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_secret_that_an_older_version_did_not_have_is_added(tmp_path: Path) -> None:
    before = values(ensure(tmp_path, AGENTS))
    known = json.loads((tmp_path / FILE).read_text())
    del known["session_key"]
    (tmp_path / FILE).write_text(json.dumps(known))
    after = values(ensure(tmp_path, AGENTS))
    assert {name for name in before if after[name] != before[name]} == {"session_key"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        "7",
        '{"ami": ["hunter2"], "ari": "x"}',
        '{"ami": "hunter2", "agent_phones": {"1001": 7}}',
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_its_passwords_are_not(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(SecretsUnreadable, match="Restore it from a backup") as refused:
        load(tmp_path)
    assert str(tmp_path / FILE) in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_broken_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"ami": "hun')
    with pytest.raises(SecretsUnreadable):
        ensure(tmp_path, AGENTS)
    assert (tmp_path / FILE).read_text() == '{"ami": "hun'


def test_before_the_first_start_there_are_none(tmp_path: Path) -> None:
    with pytest.raises(SecretsUnreadable, match="start once"):
        load(tmp_path)


def test_they_are_not_shown(tmp_path: Path) -> None:
    secrets = ensure(tmp_path, AGENTS)
    shown = repr(secrets) + str(secrets)
    assert all(value not in shown for value in values(secrets).values())
