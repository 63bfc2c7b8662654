"""Passwords of browser telephones: fresh at each login, void when they should be."""

from datetime import timedelta

import pytest

from ivr.browser_phones import VALID_FOR, BrowserPhones
from telephony.line import LineError
from tests.unit.ivr.fakes import T0


class FakeAccounts:
    def __init__(self) -> None:
        self.passwords: dict[str, str] = {}
        self.away = False

    async def let_in(self, user: str, password: str) -> None:
        if self.away:
            raise LineError("the switch does not answer")
        self.passwords[user] = password

    async def shut_out(self, user: str) -> None:
        await self.let_in(user, "")


async def test_each_is_new_and_the_one_before_is_void() -> None:
    accounts = FakeAccounts()
    phones = BrowserPhones(accounts)
    first = await phones.give("w1001", T0)
    second = await phones.give("w1001", T0)
    assert first.password != second.password
    assert accounts.passwords == {"w1001": second.password}
    assert second.password not in repr(second)
    await phones.take_back("w1001")
    assert accounts.passwords == {"w1001": ""}


async def test_it_ends_after_a_shift() -> None:
    accounts = FakeAccounts()
    phones = BrowserPhones(accounts)
    given = await phones.give("w1001", T0)
    await phones.expire(T0 + VALID_FOR - timedelta(seconds=1))
    assert accounts.passwords == {"w1001": given.password}
    await phones.expire(T0 + VALID_FOR)
    assert accounts.passwords == {"w1001": ""}


async def test_a_switch_that_started_anew_is_told_again() -> None:
    accounts = FakeAccounts()
    phones = BrowserPhones(accounts)
    given = await phones.give("w1001", T0)
    accounts.passwords.clear()
    accounts.away = True
    await phones.write_again()
    accounts.away = False
    await phones.write_again()
    assert accounts.passwords == {"w1001": given.password}


async def test_a_switch_that_is_away_gives_none() -> None:
    accounts = FakeAccounts()
    accounts.away = True
    with pytest.raises(LineError):
        await BrowserPhones(accounts).give("w1001", T0)
