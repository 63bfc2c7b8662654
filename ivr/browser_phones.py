"""Passwords of agents' browser telephones: one at each login, known to that browser only."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from telephony.accounts import PhoneAccounts
from telephony.line import LineError

log = structlog.get_logger()

# A shift; the page asks for a new one whenever it is loaded.
VALID_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Credentials:
    user: str
    password: str = field(repr=False)
    expires_at: datetime


class BrowserPhones:
    def __init__(self, accounts: PhoneAccounts) -> None:
        self._accounts = accounts
        self._given: dict[str, Credentials] = {}

    async def give(self, user: str, now: datetime) -> Credentials:
        """A fresh password; the one before is void. Raises `LineError`."""
        fresh = Credentials(user, secrets.token_urlsafe(24), now + VALID_FOR)
        await self._accounts.let_in(user, fresh.password)
        self._given[user] = fresh
        return fresh

    async def take_back(self, user: str) -> None:
        """Registered or not, the user does not register again. Raises `LineError`."""
        self._given.pop(user, None)
        await self._accounts.shut_out(user)

    async def expire(self, now: datetime) -> None:
        """Take back what is too old."""
        for user in [one.user for one in self._given.values() if one.expires_at <= now]:
            await self.take_back(user)

    async def write_again(self) -> None:
        """The switch has started anew and forgot them."""
        for given in list(self._given.values()):
            try:
                await self._accounts.let_in(given.user, given.password)
            except LineError as failure:
                log.warning("browser telephone not let in", user=given.user, why=str(failure))
