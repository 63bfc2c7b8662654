"""The API describes itself completely: whoever connects needs no other paper."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.backend import Backend
from api.docs import page
from services.passwords import Passwords
from storage.database import Database
from storage.vault.keyring import KeyRing
from storage.vault.shelf import DiskShelf
from storage.vault.vault import Vault

OPEN = {"/healthz", "/readyz", "/metrics", "/auth/login"}
NO_EXAMPLE = {
    "audio/wav",
    "application/zip",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def nothing() -> AsyncIterator[dict[str, Any]]:
    for event in ():
        yield event


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    never = Path("never-opened")
    backend = Backend(
        database=Database("sqlite+aiosqlite:///never-opened.sqlite"),
        vault=Vault(DiskShelf(never), KeyRing(never), never),
        secret=b"",
        live=nothing,
        zone=UTC,
        city="hangzhou",
        clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        passwords=Passwords(time_cost=1, memory_kib=8, lanes=1),
    )
    return create_app(backend).openapi()


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", path, operation


def contents(schema: dict[str, Any], answer: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(content type, content) with the schema's reference followed."""
    for kind, content in answer.get("content", {}).items():
        reference = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        model = schema["components"]["schemas"].get(reference, {})
        yield kind, {**content, "model": model}


def test_every_route_says_what_it_does(schema: dict[str, Any]) -> None:
    for name, _, operation in operations(schema):
        assert operation["summary"], name
        assert operation.get("description"), name
        assert operation["tags"], name


def test_no_two_routes_share_a_name(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(schema)]
    assert len(names) == len(set(names))


def test_every_answer_has_a_model_and_an_example(schema: dict[str, Any]) -> None:
    for name, _, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if status in {"204", "304"}:
                continue
            found = list(contents(schema, answer))
            assert found, f"{name} {status}"
            for kind, content in found:
                has_example = content["model"].get("examples") or content.get("example")
                assert kind in NO_EXAMPLE or has_example, f"{name} {status} {kind}"


def test_every_body_has_a_model_and_an_example(schema: dict[str, Any]) -> None:
    bodies = 0
    for name, _, operation in operations(schema):
        if "requestBody" in operation:
            for _, content in contents(schema, operation["requestBody"]):
                bodies += 1
                assert content["model"].get("examples"), name
                assert content["model"].get("additionalProperties") is False, name
    assert bodies >= 12


def test_every_closed_route_tells_how_to_get_in_and_how_it_refuses(schema: dict[str, Any]) -> None:
    for name, path, operation in operations(schema):
        if path in OPEN:
            continue
        schemes = {scheme for way in operation["security"] for scheme in way}
        assert schemes == {"APIKeyCookie", "HTTPBearer"}, name
        assert "401" in operation["responses"], name
        takes_input = "requestBody" in operation or operation.get("parameters")
        if takes_input:
            assert operation["responses"]["422"]["content"]["application/json"]["schema"][
                "$ref"
            ].endswith("/Failure"), name


def test_every_example_fits_its_model(schema: dict[str, Any]) -> None:
    for name, model in schema["components"]["schemas"].items():
        for example in model.get("examples", []):
            unknown = set(example) - set(model["properties"])
            # FastAPI leaves nulls out of the schema it writes, examples included.
            may_be_null = {
                key
                for key, shape in model["properties"].items()
                if {"type": "null"} in shape.get("anyOf", [])
            }
            missing = set(model.get("required", [])) - set(example) - may_be_null
            assert not unknown, f"{name}: {unknown}"
            assert not missing, f"{name}: {missing}"


def test_the_plain_page_names_every_route_and_loads_nothing(schema: dict[str, Any]) -> None:
    text = page(schema)
    for path in schema["paths"]:
        assert f"<code>{path}</code>" in text
    assert "<script" not in text
    assert "src=" not in text
    assert "http" not in text.replace("application/http", "")
