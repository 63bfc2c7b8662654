import asyncio

import pyotp
import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from api.app import create_app
from api.backend import Backend
from domain.accounts.permissions import Role
from services.accounts import ensure_first_administrator
from tests.db.api.people import PASSWORD, Clock, SignIn, browser, given_account, given_token


async def attempt(client: AsyncClient, name: str, password: str, code: str = "") -> int:
    body = {"name": name, "password": password, "code": code}
    return (await client.post("/auth/login", json=body)).status_code


async def test_the_first_administrator_is_made_once(backend: Backend, anyone: AsyncClient) -> None:
    made = await asyncio.gather(
        *(
            ensure_first_administrator(
                backend.database, passwords=backend.passwords, now=backend.clock()
            )
            for _ in range(3)
        )
    )
    (password,) = [password for password in made if password]
    assert await attempt(anyone, "admin", password) == 200
    assert await attempt(anyone, "admin", password + "x") == 401


async def test_the_cookie_is_for_our_pages_only(backend: Backend, anyone: AsyncClient) -> None:
    await given_account(backend, "li", Role.AGENT)
    answer = await anyone.post("/auth/login", json={"name": " LI ", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert "ticket.edit" in answer.json()["permissions"]


async def test_with_tls_the_cookie_never_leaves_it(backend: Backend) -> None:
    await given_account(backend, "li", Role.AGENT)
    secure = Backend(**{**backend.__dict__, "https": True})
    async with browser(create_app(secure)) as client:
        answer = await client.post("/auth/login", json={"name": "li", "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith("__Host-hotline_session=")
        assert "Secure" in answer.headers["set-cookie"]
        assert "max-age" in answer.headers["strict-transport-security"]


async def test_unknown_names_disabled_accounts_and_wrong_passwords_look_alike(
    backend: Backend, sign_in: SignIn, anyone: AsyncClient
) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    locked = await given_account(backend, "locked", Role.AGENT)
    await given_account(backend, "li", Role.AGENT)
    await administrator.send("PATCH", f"/accounts/{locked}", json={"disabled": True})
    answers = [
        await anyone.post("/auth/login", json={"name": name, "password": password})
        for name, password in (("nobody", PASSWORD), ("locked", PASSWORD), ("li", "wrong"))
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_each_wrong_password_after_the_third_costs_a_longer_wait(
    backend: Backend, anyone: AsyncClient, clock: Clock
) -> None:
    await given_account(backend, "li", Role.AGENT)
    for _ in range(3):
        assert await attempt(anyone, "li", "wrong") == 401
    refused = await anyone.post("/auth/login", json={"name": "li", "password": PASSWORD})
    assert (refused.status_code, refused.json()["error"]) == (429, "TooManyAttempts")
    waits = []
    for _ in range(3):
        clock.advance(seconds=int(refused.headers["retry-after"]))
        assert await attempt(anyone, "li", "wrong") == 401
        refused = await anyone.post("/auth/login", json={"name": "li", "password": "wrong"})
        waits.append(int(refused.headers["retry-after"]) - 1)
    assert waits == [2, 4, 8]
    clock.advance(seconds=10)
    assert await attempt(anyone, "li", PASSWORD) == 200
    assert await attempt(anyone, "li", "wrong") == 401  # the count began anew
    assert await attempt(anyone, "li", PASSWORD) == 200


async def test_a_clock_set_back_leaves_nobody_outside_until_it_comes_round_again(
    backend: Backend, anyone: AsyncClient, clock: Clock
) -> None:
    await given_account(backend, "li", Role.AGENT)
    for _ in range(3):
        assert await attempt(anyone, "li", "wrong") == 401
    assert await attempt(anyone, "li", PASSWORD) == 429
    clock.advance(days=-365)
    assert await attempt(anyone, "li", "wrong") == 401
    refused = await anyone.post("/auth/login", json={"name": "li", "password": PASSWORD})
    # The failures before still count.
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
    clock.advance(seconds=3)
    assert await attempt(anyone, "li", PASSWORD) == 200


async def test_guesses_side_by_side_are_all_counted(backend: Backend, anyone: AsyncClient) -> None:
    await given_account(backend, "li", Role.AGENT)
    answers = await asyncio.gather(*(attempt(anyone, "li", f"guess {n}") for n in range(12)))
    assert sorted(answers) == [401] * 3 + [429] * 9


async def test_throttling_one_address_leaves_the_person_at_another_alone(
    backend: Backend, app: FastAPI, anyone: AsyncClient
) -> None:
    await given_account(backend, "li", Role.AGENT)
    for _ in range(4):
        await attempt(anyone, "li", "wrong")
    async with browser(app, address="10.0.0.2") as elsewhere:
        assert await attempt(elsewhere, "li", PASSWORD) == 200


async def test_trying_many_names_from_one_address_is_slowed_down(anyone: AsyncClient) -> None:
    answers = [await attempt(anyone, f"name{n}", "wrong") for n in range(31)]
    assert answers == [401] * 30 + [429]


async def test_one_time_codes(backend: Backend, sign_in: SignIn, clock: Clock) -> None:
    person = await sign_in(Role.AGENT, name="li")
    enrolled = (await person.send("POST", "/auth/totp")).json()
    generator = pyotp.TOTP(enrolled["secret"])
    wrong = await person.send("POST", "/auth/totp/confirm", json={"code": "000000"})
    assert wrong.status_code == 403
    code = generator.at(clock.now)
    confirmed = await person.send("POST", "/auth/totp/confirm", json={"code": code})
    assert confirmed.status_code == 204

    asked = await person.client.post("/auth/login", json={"name": "li", "password": PASSWORD})
    assert (asked.status_code, asked.json()["error"]) == (401, "CodeNeeded")
    assert await attempt(person.client, "li", PASSWORD, code) == 401  # each code is good once
    clock.advance(seconds=30)
    assert await attempt(person.client, "li", PASSWORD, generator.at(clock.now)) == 200
    clock.advance(seconds=30)
    me = (await person.get("/auth/me")).json()
    off = await person.client.post(
        "/auth/totp/disable",
        json={"code": generator.at(clock.now)},
        headers={"X-CSRF-Token": me["csrf_token"]},
    )
    assert off.status_code == 204
    assert await attempt(person.client, "li", PASSWORD) == 200


async def test_asking_for_the_code_is_no_failed_guess(
    backend: Backend, sign_in: SignIn, clock: Clock
) -> None:
    person = await sign_in(Role.AGENT, name="li")
    secret = (await person.send("POST", "/auth/totp")).json()["secret"]
    code = pyotp.TOTP(secret).at(clock.now)
    await person.send("POST", "/auth/totp/confirm", json={"code": code})
    asked = [await attempt(person.client, "li", PASSWORD) for _ in range(6)]
    assert asked == [401] * 6
    guesses = [await attempt(person.client, "li", PASSWORD, f"{n:06d}") for n in range(5)]
    assert guesses == [401, 401, 401, 429, 429]


async def test_a_given_password_has_to_be_changed_first(
    backend: Backend, sign_in: SignIn, anyone: AsyncClient
) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    made = await administrator.send(
        "POST", "/accounts", json={"name": "Wang", "roles": ["agent"], "display_name": "王"}
    )
    assert made.status_code == 201
    password = made.json()["password"]
    signed_in = await anyone.post("/auth/login", json={"name": "wang", "password": password})
    csrf = {"X-CSRF-Token": signed_in.json()["csrf_token"]}
    assert signed_in.json()["must_change_password"] is True
    refused = await anyone.get("/tickets")
    assert (refused.status_code, refused.json()["error"]) == (403, "PasswordMustChange")
    for wanted, field in (("short", "password"), ("wang wang wang", "password")):
        weak = await anyone.post(
            "/auth/password", json={"present": password, "wanted": wanted}, headers=csrf
        )
        assert (weak.status_code, weak.json()["details"][0]["field"]) == (422, field)
    wrong = {"present": "not this one", "wanted": PASSWORD}
    assert (await anyone.post("/auth/password", json=wrong, headers=csrf)).status_code == 403
    right = {"present": password, "wanted": PASSWORD}
    assert (await anyone.post("/auth/password", json=right, headers=csrf)).status_code == 204
    assert (await anyone.get("/tickets")).status_code == 200


async def test_a_changed_password_ends_the_other_sessions(
    app: FastAPI, backend: Backend, sign_in: SignIn
) -> None:
    person = await sign_in(Role.AGENT, name="li")
    async with browser(app) as other:
        assert await attempt(other, "li", PASSWORD) == 200
        change = {"present": PASSWORD, "wanted": "four other random words"}
        assert (await person.send("POST", "/auth/password", json=change)).status_code == 204
        assert (await other.get("/auth/me")).status_code == 401
    assert (await person.get("/auth/me")).status_code == 200


async def test_sessions_are_listed_and_ended(app: FastAPI, sign_in: SignIn) -> None:
    person = await sign_in(Role.AGENT, name="li")
    async with browser(app, address="10.0.0.9") as other:
        await attempt(other, "li", PASSWORD)
        sessions = (await person.get("/auth/sessions")).json()["sessions"]
        (foreign,) = [session for session in sessions if not session["current"]]
        assert foreign["address"] == "10.0.0.9"
        ended = await person.send("DELETE", f"/auth/sessions/{foreign['id']}")
        assert ended.status_code == 204
        assert (await other.get("/auth/me")).status_code == 401
        again = await person.send("DELETE", f"/auth/sessions/{foreign['id']}")
        assert again.status_code == 404


async def test_nobody_ends_the_session_of_another(sign_in: SignIn) -> None:
    one, other = await sign_in(Role.AGENT), await sign_in(Role.AGENT)
    session = (await one.get("/auth/sessions")).json()["sessions"][0]["id"]
    assert (await other.send("DELETE", f"/auth/sessions/{session}")).status_code == 404
    assert (await one.get("/auth/me")).status_code == 200


async def test_signing_out_ends_the_session_everywhere(sign_in: SignIn) -> None:
    person = await sign_in(Role.AGENT)
    cookie = person.client.cookies["hotline_session"]
    assert (await person.send("POST", "/auth/logout")).status_code == 204
    stolen = await person.client.get("/auth/me", headers={"Cookie": f"hotline_session={cookie}"})
    assert stolen.status_code == 401


async def test_a_session_ends_by_itself(sign_in: SignIn, clock: Clock) -> None:
    person = await sign_in(Role.AGENT)
    clock.advance(hours=11.9)
    assert (await person.get("/auth/me")).status_code == 200
    clock.advance(hours=0.2)
    assert (await person.get("/auth/me")).status_code == 401


async def test_a_page_of_somebody_else_changes_nothing(sign_in: SignIn) -> None:
    person = await sign_in(Role.AGENT)
    other = await sign_in(Role.AGENT)
    token = person.me["csrf_token"]
    attacks = [
        {},
        {"X-CSRF-Token": "wrong"},
        {"X-CSRF-Token": other.me["csrf_token"]},
        {"X-CSRF-Token": token, "Origin": "http://evil.test"},
        {"X-CSRF-Token": token, "Origin": "null"},
    ]
    for headers in attacks:
        answer = await person.client.post("/tickets", json={}, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (403, "ForgedRequest")
    own = {"X-CSRF-Token": token, "Origin": "http://hotline.test"}
    assert (await person.client.post("/tickets", json={}, headers=own)).status_code == 201
    login = await person.client.post(
        "/auth/login", json={"name": "a", "password": "b"}, headers={"Origin": "http://evil.test"}
    )
    assert login.status_code == 403


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer hl_wrong", "Basic YTpi", "x" * 99])
async def test_no_token_no_entry(anyone: AsyncClient, header: str) -> None:
    answer = await anyone.get("/tickets", headers={"Authorization": header})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_tokens_end(backend: Backend, anyone: AsyncClient, clock: Clock) -> None:
    token = await given_token(backend, "drafts", expires_at=clock.now.replace(hour=9))
    headers = {"Authorization": f"Bearer {token}"}
    assert (await anyone.get("/tickets", headers=headers)).status_code == 200
    clock.advance(hours=2)
    assert (await anyone.get("/tickets", headers=headers)).status_code == 401


async def test_a_machine_cannot_use_what_is_for_people(machine: AsyncClient) -> None:
    assert (await machine.get("/auth/me")).json()["name"] == "token:machine"
    assert (await machine.get("/auth/sessions")).status_code == 401
    assert (await machine.post("/auth/totp")).status_code == 401
