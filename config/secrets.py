"""Passwords of our own parts among themselves: generated at the first start, never a default."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

FILE = "secrets.json"


class Secrets(BaseModel):
    """Every value is random and belongs to this home folder only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ami: SecretStr
    ari: SecretStr
    citizen_phone: SecretStr
    agent_phones: dict[str, SecretStr]
    api_token: SecretStr
    """Machine token of the command line (`hotline call`, `hotline doctor`)."""
    session_key: SecretStr
    """Keys the CSRF tokens of browser sessions."""


class SecretsUnreadable(Exception):
    """The secrets file is there but cannot be used; says what to do."""


def ensure(home: Path, agents: tuple[str, ...]) -> Secrets:
    """Read ``<home>/secrets.json`` (mode 0600), making it or adding what new agents lack."""
    path = home / FILE
    known: dict[str, Any] = _read(path) if path.exists() else {}
    phones: dict[str, str] = known.get("agent_phones") or {}
    wanted = {key: known.get(key) or _password() for key in Secrets.model_fields}
    wanted["agent_phones"] = {agent: _password() for agent in agents} | phones
    found = _valid(path, wanted)
    if wanted != known:
        _write(path, wanted)
    return found


def load(home: Path) -> Secrets:
    """The secrets of a home that has been started before."""
    path = home / FILE
    if not path.exists():
        raise SecretsUnreadable(f"{path} does not exist yet: start once with `make run`")
    return _valid(path, _read(path))


def _password() -> str:
    return secrets.token_urlsafe(18)


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as failure:
        raise _unreadable(path, type(failure).__name__) from None


def _valid(path: Path, values: dict[str, Any]) -> Secrets:
    try:
        return Secrets.model_validate(values)
    except ValidationError as failure:
        # Pydantic's own text shows the values: passwords.
        wrong = {".".join(map(str, fault["loc"])): fault["msg"] for fault in failure.errors()}
        raise _unreadable(path, str(wrong)) from None


def _unreadable(path: Path, why: str) -> SecretsUnreadable:
    return SecretsUnreadable(
        f"{path}: {why}. Restore it from a backup, or delete it to get new passwords "
        "(softphones must then be set up again)"
    )


def _write(path: Path, values: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
