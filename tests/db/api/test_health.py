import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from httpx import AsyncClient

from api.app import create_app
from api.backend import Backend
from storage.database import Database
from tests.db.api.people import browser


async def well() -> str | None:
    return None


async def silent() -> str | None:
    await asyncio.Event().wait()
    return None


async def broken() -> str | None:
    raise OSError("no such socket")


async def test_ready_names_what_fails(backend: Backend) -> None:
    checks = {"recognizer": well, "engine": silent, "asterisk": broken}
    async with browser(create_app(replace(backend, checks=checks))) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["failing"]) == {"engine", "asterisk"}
    assert "no such socket" in answer.json()["failing"]["asterisk"]


async def test_ready_when_all_is_well(backend: Backend) -> None:
    async with browser(create_app(replace(backend, checks={"recognizer": well}))) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "failing": {}})


async def test_without_a_database_the_process_lives_and_says_what_is_wrong(
    backend: Backend,
) -> None:
    gone = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    async with browser(create_app(replace(backend, database=gone))) as client:
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, set(ready.json()["failing"])) == (503, {"database"})
        assert (await client.get("/metrics")).status_code == 200
        tickets = await client.get("/tickets", headers={"Authorization": "Bearer hl_x"})
        assert (tickets.status_code, tickets.json()["error"]) == (503, "DatabaseUnavailable")
        assert "127.0.0.1" not in tickets.text
        assert tickets.headers["retry-after"] == "2"
    await gone.close()


async def test_figures(machine: AsyncClient) -> None:
    made = (await machine.post("/tickets", json={"caller": "13800000000"})).json()
    await machine.get(f"/tickets/{made['ticket_id']}")
    await machine.get("/no/such/path")
    text = (await machine.get("/metrics")).text
    assert "hotline_tickets_registered_total 1.0" in text
    assert 'hotline_tickets{status="draft"} 1.0' in text
    assert 'method="GET",route="/tickets/{ticket_id}",status="200"' in text
    assert 'route="unknown",status="404"' in text
    assert made["ticket_id"] not in text
    assert "13800000000" not in text


async def test_a_large_body_is_refused_announced_or_not(machine: AsyncClient) -> None:
    announced = await machine.post("/tickets", content=b"x" * 1024 * 1025)
    assert (announced.status_code, announced.json()["error"]) == (413, "BodyTooLarge")

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65536

    unannounced = await machine.post(
        "/tickets", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert unannounced.status_code == 413


async def test_every_answer_has_security_headers(anyone: AsyncClient) -> None:
    for path in ("/healthz", "/tickets", "/no/such/path", "/docs"):
        headers = (await anyone.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers


async def test_unknown_paths_and_methods_have_the_one_shape(anyone: AsyncClient) -> None:
    missing = await anyone.get("/no/such/path")
    assert (missing.status_code, missing.json()["message_zh"]) == (404, "没有这个地址")
    wrong = await anyone.put("/tickets")
    assert (wrong.status_code, wrong.json()["message_zh"]) == (405, "不支持这种请求方法")
