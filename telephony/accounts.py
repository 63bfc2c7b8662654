"""Passwords of browser telephones as the rest of the program sees them. No Asterisk here."""

from typing import Protocol


class PhoneAccounts(Protocol):
    """Both raise `telephony.line.LineError` where the switch does not answer."""

    async def let_in(self, user: str, password: str) -> None:
        """From now on this user registers with this password, and with no other."""
        ...

    async def shut_out(self, user: str) -> None:
        """Nobody registers as this user any more; one who is not known is no failure."""
        ...
