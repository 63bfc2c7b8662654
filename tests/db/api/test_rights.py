from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from api.backend import Backend
from domain.accounts.permissions import OF_ROLE, Permission, Role
from services.webhooks import is_genuine, sign
from tests.db.api.people import Clock, SignIn, browser, given_account, given_token

OPEN = {"/healthz", "/readyz", "/metrics", "/auth/login"}
FILLED = {
    "{ticket_id}": "261122000000",
    "{call_id}": "hl1-1.1",
    "{account_id}": "1",
    "{token_id}": "1",
    "{endpoint_id}": "1",
    "{entry_id}": "1",
    "{session_id}": "0" * 64,
    "{rule_id}": "1",
    "{review_id}": "1",
    "{search_id}": "1",
    "{kind}": "pdf",
    "{hold_id}": "1",
    "{deletion_id}": "1",
}
NEEDED = {
    "/tickets": Permission.TICKET_READ,
    "/calls": Permission.CALL_READ,
    "/calls/hl1-1.1/recording": Permission.RECORDING_LISTEN,
    "/knowledge?q=a": Permission.KNOWLEDGE_READ,
    "/accounts": Permission.ACCOUNT_ADMIN,
    "/tokens": Permission.TOKEN_ADMIN,
    "/webhooks": Permission.WEBHOOK_ADMIN,
    "/audit": Permission.AUDIT_READ,
    "/listening": Permission.AUDIT_READ,
    "/calls/hl1-1.1/recording/peaks": Permission.RECORDING_LISTEN,
    "/review/calls": Permission.REVIEW_SCORE,
    "/review/calls/hl1-1.1": Permission.REVIEW_SCORE,
    "/review/work": Permission.REVIEW_SCORE,
    "/review/forms": Permission.REVIEW_SCORE,
    "/review/sampling": Permission.REVIEW_LEAD,
    "/review/calibrations": Permission.REVIEW_SCORE,
    "/review/agreement": Permission.REVIEW_LEAD,
    "/review/own": Permission.REVIEW_OWN,
    "/retention/rules": Permission.RECORDING_DELETE,
    "/retention/due": Permission.RECORDING_DELETE,
    "/retention/deletions": Permission.RECORDING_DELETE,
    "/retention/holds": Permission.RECORDING_HOLD,
}


def operations(app: FastAPI) -> list[tuple[str, str]]:
    found = []
    for path, methods in app.openapi()["paths"].items():
        for pattern, value in FILLED.items():
            path = path.replace(pattern, value)
        found += [(method.upper(), path) for method in methods]
    return found


async def test_nobody_gets_in_without_signing_in(app: FastAPI, anyone: AsyncClient) -> None:
    closed = [found for found in operations(app) if found[1] not in OPEN]
    assert len(closed) > 25
    for method, path in closed:
        answer = await anyone.request(method, path, json={})
        assert answer.status_code in {401, 422}, (method, path)
        if answer.status_code == 422:  # a body at fault is told before the door is tried
            assert method in {"POST", "PATCH"}, path


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_reaches_what_its_permissions_say(sign_in: SignIn, role: Role) -> None:
    person = await sign_in(role)
    for path, permission in NEEDED.items():
        answer = await person.get(path)
        allowed = permission in OF_ROLE[role]
        assert (answer.status_code != 403) == allowed, (path, answer.status_code)


async def test_roles_that_are_kept_apart_are_never_given_together(
    backend: Backend, sign_in: SignIn
) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    both = {"name": "wang", "roles": ["administrator", "agent"]}
    refused = await administrator.send("POST", "/accounts", json=both)
    assert (refused.status_code, refused.json()["error"]) == (422, "RolesClash")
    account = await given_account(backend, "li", Role.AGENT)
    patch = {"roles": ["agent", "auditor"]}
    refused = await administrator.send("PATCH", f"/accounts/{account}", json=patch)
    assert refused.status_code == 422
    assert (await administrator.get(f"/accounts/{account}")).json()["roles"] == ["agent"]


async def test_nobody_changes_his_own_roles(sign_in: SignIn) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR, name="root")
    (own,) = (await administrator.get("/accounts")).json()["accounts"]
    for patch in ({"roles": ["agent"]}, {"disabled": True}):
        answer = await administrator.send("PATCH", f"/accounts/{own['id']}", json=patch)
        assert (answer.status_code, answer.json()["error"]) == (403, "OwnAccount")
    answer = await administrator.send("POST", f"/accounts/{own['id']}/reset")
    assert answer.status_code == 403


async def test_lost_rights_end_the_sessions_at_once(backend: Backend, sign_in: SignIn) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    agent = await sign_in(Role.AGENT, name="li")
    accounts = (await administrator.get("/accounts")).json()["accounts"]
    (account,) = [found["id"] for found in accounts if found["name"] == "li"]
    await administrator.send("PATCH", f"/accounts/{account}", json={"disabled": True})
    assert (await agent.get("/tickets")).status_code == 401
    back = await administrator.send("PATCH", f"/accounts/{account}", json={"disabled": False})
    assert back.json()["disabled"] is False
    assert (await agent.get("/tickets")).status_code == 401


async def test_a_reset_password_is_shown_once_and_has_to_be_changed(
    app: FastAPI, backend: Backend, sign_in: SignIn
) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    account = await given_account(backend, "li", Role.AGENT)
    password = (await administrator.send("POST", f"/accounts/{account}/reset")).json()["password"]
    async with browser(app) as client:
        answer = await client.post("/auth/login", json={"name": "li", "password": password})
    assert answer.json()["must_change_password"] is True


async def test_names_are_given_once(sign_in: SignIn) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR, name="root")
    again = {"name": "ROOT", "roles": ["agent"]}
    answer = await administrator.send("POST", "/accounts", json=again)
    assert (answer.status_code, answer.json()["error"]) == (409, "NameTaken")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "a b"}, "name"),
        ({"name": "<script>"}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles.0"),
        ({"roles": ["drafts"]}, "roles.0"),
        ({"password": "short"}, "password"),
    ],
)
async def test_bad_accounts(sign_in: SignIn, changes: dict[str, Any], field: str) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    given = {"name": "wang", "roles": ["agent"], **changes}
    answer = await administrator.send("POST", "/accounts", json=given)
    assert answer.status_code == 422
    assert answer.json()["details"][0]["field"] == field


async def test_a_token_does_what_its_scopes_say_until_revoked(
    app: FastAPI, sign_in: SignIn, clock: Clock
) -> None:
    supervisor = await sign_in(Role.SUPERVISOR)
    given = {"name": "backend", "scopes": ["drafts"], "expires_at": "2027-01-01T00:00:00+08:00"}
    issued = (await supervisor.send("POST", "/tokens", json=given)).json()
    async with browser(app) as client:
        client.headers["Authorization"] = f"Bearer {issued['token']}"
        assert (await client.get("/tickets")).status_code == 200
        assert (await client.get("/accounts")).status_code == 403
        listed = (await supervisor.get("/tokens")).json()["tokens"]
        assert listed[0]["last_used_at"] is not None
        assert "token" not in listed[0]
        revoked = await supervisor.send("DELETE", f"/tokens/{issued['id']}")
        assert revoked.json()["revoked"] is True
        assert (await client.get("/tickets")).status_code == 401


async def test_nobody_issues_a_token_that_may_do_what_he_must_not(sign_in: SignIn) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    supervisor = await sign_in(Role.SUPERVISOR)
    for scope in ("recording_reviewer", "drafts"):
        ear = {"name": "ear", "scopes": [scope]}
        answer = await administrator.send("POST", "/tokens", json=ear)
        assert (answer.status_code, answer.json()["error"]) == (422, "RolesClash")
        assert (await supervisor.send("POST", "/tokens", json=ear)).status_code == 201


async def test_the_trail_is_for_auditors_and_pages(sign_in: SignIn, clock: Clock) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR, name="root")
    for turn in range(3):
        clock.advance(minutes=1)
        given = {"name": f"person{turn}", "roles": ["agent"]}
        await administrator.send("POST", "/accounts", json=given)
    auditor = await sign_in(Role.AUDITOR)
    question: dict[str, Any] = {"action": "account.create", "limit": 2}
    first = (await auditor.get("/audit", params=question)).json()
    second = (await auditor.get("/audit", params={**question, "after": first["after"]})).json()
    names = [entry["object_id"] for page in (first, second) for entry in page["entries"]]
    assert names == ["person2", "person1", "person0"]
    assert second["after"] is None
    assert first["entries"][0]["detail"] == {"roles": ["agent"], "unit": ""}
    recent = {"action": "account.create", "at_from": "2026-11-22T15:31:21+08:00"}
    assert len((await auditor.get("/audit", params=recent)).json()["entries"]) == 1
    assert (
        await auditor.get("/audit?after=MjAyNi0xMS0yMlQwMDowMDowMCswMDowMHx4")
    ).status_code == 422


async def test_webhook_endpoints(sign_in: SignIn, clock: Clock) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    given = {"url": "http://127.0.0.1:9/drafts"}
    made = (await administrator.send("POST", "/webhooks", json=given)).json()
    assert is_genuine(
        made["secret"], sign(made["secret"], b"x", now=clock.now), b"x", now=clock.now
    )
    again = await administrator.send("POST", "/webhooks", json=given)
    assert (again.status_code, again.json()["error"]) == (409, "UrlTaken")
    patch = {"enabled": False, "url": "https://backend.example/x"}
    changed = (await administrator.send("PATCH", f"/webhooks/{made['id']}", json=patch)).json()
    assert (changed["enabled"], changed["url"]) == (False, "https://backend.example/x")
    assert "secret" not in (await administrator.get("/webhooks")).json()["endpoints"][0]
    sent = await administrator.get(f"/webhooks/{made['id']}/deliveries")
    assert sent.json() == {"deliveries": []}
    assert (await administrator.get("/webhooks/99/deliveries")).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "//a.example",
        "http://user:pw@a.example/",
        "http://169.254.169.254/latest",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://a.example/#x",
        "http://[::1",
        "http://a.example:99999/",
    ],
)
async def test_where_drafts_are_never_sent(sign_in: SignIn, url: str) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    answer = await administrator.send("POST", "/webhooks", json={"url": url})
    (fault,) = answer.json()["details"]
    assert (answer.status_code, fault["field"]) == (422, "url")
    assert fault["reason_zh"]


async def test_a_wallboard_watches_but_reads_nothing(app: FastAPI, backend: Backend) -> None:
    token = await given_token(backend, "live")
    async with browser(app) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/tickets")).status_code == 403
