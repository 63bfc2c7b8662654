"""Logins at seats, browser telephones' passwords, states that outlive the engine."""

import signal
from collections.abc import Iterator

import pytest

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.people import Person
from tests.asterisk.sip_socket import SipSocket


@pytest.fixture
def li(hotline: Hotline) -> Iterator[Person]:
    person = Person(hotline, "li", "agent")
    yield person
    for seat in person.ask("GET", "/seats")["seats"]:
        if seat["agent"] == "li" and seat["state"] != "logged_out":
            person.ask("POST", f"/seats/{seat['seat']}/logout")


def becomes(person: Person, seat: str, state: str, reason: str = "", within_s: float = 15) -> None:
    def look() -> bool:
        found = person.seat(seat)
        return found is not None and (found["state"], found["reason"]) == (state, reason)

    until(look, within_s=within_s, saying=lambda: f"seat is {person.seat(seat)}")


def test_a_browser_registers_with_the_password_of_its_login_only(
    hotline: Hotline, li: Person
) -> None:
    given = li.ask("POST", "/seats/1002/login", device="browser")
    phone = given["phone"]
    assert (given["seat"]["state"], given["seat"]["reason"]) == ("paused", "phone_lost")
    assert phone["socket"] == f"ws://127.0.0.1:{hotline.port['http']}/ws"
    assert phone["password"] not in hotline.logs()
    with SipSocket(phone["socket"], phone["user"]) as browser:
        assert browser.register("a guess") == 401
    with SipSocket(phone["socket"], phone["user"]) as browser:
        assert browser.register(phone["password"]) == 200
        browser.answer_options()
        becomes(li, "1002", "ready")
        again = li.ask("POST", "/seats/1002/phone")["phone"]
        assert again["password"] != phone["password"]
    becomes(li, "1002", "paused", "phone_lost")
    li.ask("POST", "/seats/1002/logout")
    with SipSocket(phone["socket"], phone["user"]) as browser:
        assert browser.register(again["password"]) == 401


def test_what_an_agent_may_not_do_is_refused_with_the_reason(hotline: Hotline, li: Person) -> None:
    wang = Person(hotline, "wang", "agent")
    li.ask("POST", "/seats/1003/login", device="phone")
    li.ask("POST", "/seats/1003/login", device="phone")  # a second click changes nothing
    taken = wang.ask("POST", "/seats/1003/login", status=409, device="phone")
    assert taken["error"] == "SeatCannot"
    assert li.ask("POST", "/seats/1002/login", status=409)["error"] == "LoggedInElsewhere"
    other = wang.ask("PUT", "/seats/1003/state", status=403, state="paused", reason="meal")
    assert other["error"] == "NotYourSeat"
    assert wang.ask("POST", "/seats/9999/login", status=404)["error"] == "SeatUnknown"
    assert li.ask("PUT", "/seats/1003/state", status=409, state="ready")["error"] == "TelephoneGone"
    bad = li.ask("PUT", "/seats/1003/state", status=422, state="paused", reason="tired")
    assert "break, meal" in bad["message"]
    assert li.ask("POST", "/seats/1003/wrap-up", status=409, extend_s=30)["allowed"] == [
        "logged_out",
        "paused",
        "ready",
    ]


def test_states_follow_the_call_and_outlive_the_engine(hotline: Hotline, li: Person) -> None:
    with agent(hotline, "1001") as seat, citizen(hotline, "13911190001") as caller:
        li.ask("POST", "/seats/1001/login", device="phone")
        becomes(li, "1001", "ready")
        caller.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        becomes(li, "1001", "talking")
        hotline.signal("engine", signal.SIGKILL)
        until(lambda: _answers(li) or None, within_s=20, saying="the engine did not come back")
        becomes(li, "1001", "talking", within_s=5)
        found = li.seat("1001")
        assert found is not None
        assert found["agent"] == "li"
        caller.pause(1)
        caller.hang_up()
        becomes(li, "1001", "wrap_up")
        li.ask("PUT", "/seats/1001/state", state="paused", reason="meal")
        becomes(li, "1001", "paused", "meal")
        hotline.signal("engine", signal.SIGKILL)
        until(lambda: _answers(li) or None, within_s=20, saying="the engine did not come back")
        becomes(li, "1001", "paused", "meal", within_s=5)
        li.ask("POST", "/seats/1001/logout")


def _answers(person: Person) -> bool:
    try:
        person.ask("GET", "/seats")
    except AssertionError:
        return False
    return True
