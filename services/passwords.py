"""Argon2id (RFC 9106), off the event loop and never more than two at a time."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 64 MiB each: a flood of sign-ins must not take the machine's memory.
AT_ONCE = 2


class Passwords:
    """The defaults are RFC 9106's second recommended option (64 MiB, three passes)."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65_536, lanes: int = 4) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes
        )
        self._turns = asyncio.Semaphore(AT_ONCE)
        # Verified against when the name is unknown, so that the answer takes as long.
        self._nobody = self._hasher.hash("the password of nobody at all")

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether this is the password. With no hash the same work is done, for nothing."""
        async with self._turns:
            right = await asyncio.to_thread(self._verify, password_hash or self._nobody, password)
        return right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with other costs than today's."""
        return bool(self._hasher.check_needs_rehash(password_hash))

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return bool(self._hasher.verify(password_hash, password))
        except (VerificationError, InvalidHashError):
            return False
