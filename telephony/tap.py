"""Listening in on one party of a call, as the rest of the program sees it."""

from collections.abc import AsyncIterator
from typing import Protocol


class TapUnavailable(Exception):
    """The switch does not let us listen now. The call itself goes on."""


class VoiceTap(Protocol):
    async def open(self, channel: str) -> AsyncIterator[bytes]:
        """What the party on this channel says: 8 kHz 16-bit mono PCM in real time, until it goes.

        Raises `TapUnavailable`.
        """
        ...
