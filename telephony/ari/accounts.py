"""`telephony.accounts.PhoneAccounts` by ARI push configuration (sorcery.conf: auth in memory)."""

from contextlib import suppress

from telephony.ari.client import AriClient
from telephony.ari.errors import ChannelGone


class PushedAccounts:
    def __init__(self, ari: AriClient) -> None:
        self._ari = ari

    async def let_in(self, user: str, password: str) -> None:
        fields = {"auth_type": "userpass", "username": user, "password": password}
        await self._ari.put_object("auth", user, fields)

    async def shut_out(self, user: str) -> None:
        with suppress(ChannelGone):
            await self._ari.delete_object("auth", user)
