"""Signing in and out.

A password takes about 60 ms to check. That must not happen inside a transaction (SQLite has one
writer), so `sign_in` is the one use case that holds two: the attempt is counted as failed before
the check, and taken back after it. Guesses sent side by side are all counted that way.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.throttle import PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, Allowance, wait_after
from services import totp
from services.actor import Actor
from services.audit import Deed, write_down
from services.passwords import Passwords
from storage.database import Database
from storage.repositories.accounts import Accounts, LoginSessions, LoginThrottles, SessionNotFound
from storage.tables.account import AccountRow
from storage.tables.login_session import LoginSessionRow

# A shift of eight hours with its hand-over; signing in once a day is enough.
SESSION_LASTS = timedelta(hours=12)


class SignInRefused(Exception):
    """Wrong name or password, or the account is disabled: on purpose nobody learns which."""

    def __init__(self) -> None:
        super().__init__("wrong name or password")


class CodeNeeded(Exception):
    """The password is right; the account also wants a one-time code (`given`: a wrong one came)."""

    def __init__(self, *, given: bool) -> None:
        self.given = given
        super().__init__("wrong one-time code" if given else "this account needs a one-time code")


class TooManyAttempts(Exception):
    """Wait until `wait` has passed."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"too many failed attempts, try again in {wait.total_seconds():.0f} s")


@dataclass(frozen=True)
class Attempt:
    """What somebody typed, and where from."""

    name: str
    password: str
    code: str
    address: str
    user_agent: str


@dataclass(frozen=True)
class SignedIn:
    """`cookie` goes to the browser and is kept nowhere."""

    account: AccountRow
    session: LoginSessionRow
    cookie: str


@dataclass(frozen=True)
class _Found:
    """What is known of the name before the password is checked."""

    account_id: int | None
    password_hash: str | None


def session_id(cookie: str) -> str:
    """The key under which a cookie's session is kept."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def normal_name(name: str) -> str:
    """Account names are case-blind."""
    return name.strip().lower()


async def sign_in(
    database: Database, attempt: Attempt, *, passwords: Passwords, now: datetime
) -> SignedIn:
    """A new session. Raises `SignInRefused`, `CodeNeeded` or `TooManyAttempts`."""
    async with database.transaction() as session:
        found = await _count_as_failed(session, attempt, now=now)
    right = await passwords.matches(attempt.password, found.password_hash)
    renewed = None
    if right and found.password_hash and passwords.is_outdated(found.password_hash):
        renewed = await passwords.hash(attempt.password)
    async with database.transaction() as session:
        outcome = await _decide(session, attempt, found if right else None, now=now)
        if isinstance(outcome, SignedIn) and renewed is not None:
            outcome.account.password_hash = renewed
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


async def _count_as_failed(session: AsyncSession, attempt: Attempt, *, now: datetime) -> _Found:
    for key, allowance in _throttle_keys(attempt).items():
        row = await LoginThrottles(session).locked(key, now=now)
        if row.last_failed_at > now:
            # The clock was set back: a wait until then could take years. The failures still count.
            row.blocked_until = now
        if row.blocked_until > now:
            raise TooManyAttempts(row.blocked_until - now)
        if row.last_failed_at < now - allowance.forgotten_after:
            row.failures = 0
        row.failures += 1
        row.last_failed_at = now
        row.blocked_until = now + wait_after(row.failures, allowance)
    account = await Accounts(session).of_name(normal_name(attempt.name))
    if account is None or account.disabled_at is not None:
        return _Found(None, None)
    return _Found(account.id, account.password_hash)


async def _decide(
    session: AsyncSession, attempt: Attempt, found: _Found | None, *, now: datetime
) -> SignedIn | SignInRefused | CodeNeeded:
    actor = Actor(f"account:{normal_name(attempt.name)[:64]}", attempt.address)
    if found is None or found.account_id is None:
        write_down(session, actor, Deed("sign_in.refused"), now=now)
        return SignInRefused()
    account = await Accounts(session).get(found.account_id, to_change=True)
    if account.password_hash != found.password_hash or account.disabled_at is not None:
        write_down(session, actor, Deed("sign_in.refused"), now=now)
        return SignInRefused()
    if account.totp_confirmed_at is not None and account.totp_secret is not None:
        step = totp.accepted_step(
            account.totp_secret, attempt.code, now=now, last_step=account.totp_last_step
        )
        if step is None:
            if attempt.code:
                write_down(session, actor, Deed("sign_in.wrong_code"), now=now)
            else:  # asking for the code is no failed guess
                await _take_back(session, attempt, now=now)
            return CodeNeeded(given=bool(attempt.code))
        account.totp_last_step = step
    await _take_back(session, attempt, now=now, entirely=True)
    write_down(session, actor, Deed("sign_in"), now=now)
    return _open_session(session, account, attempt, now=now)


def _open_session(
    session: AsyncSession, account: AccountRow, attempt: Attempt, *, now: datetime
) -> SignedIn:
    cookie = secrets.token_urlsafe(32)
    row = LoginSessionRow(
        id=session_id(cookie),
        account_id=account.id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + SESSION_LASTS,
        address=attempt.address[:64],
        user_agent=attempt.user_agent[:200],
    )
    LoginSessions(session).add(row)
    return SignedIn(account, row, cookie)


async def _take_back(
    session: AsyncSession, attempt: Attempt, *, now: datetime, entirely: bool = False
) -> None:
    """The attempt was no failure. `entirely`: neither were the earlier ones at this account."""
    for key, allowance in _throttle_keys(attempt).items():
        row = await LoginThrottles(session).locked(key, now=now)
        own = allowance is PER_ACCOUNT_AND_ADDRESS
        row.failures = 0 if entirely and own else max(0, row.failures - 1)
        row.blocked_until = now


def _throttle_keys(attempt: Attempt) -> dict[str, Allowance]:
    # Hashed: the trail of a mistyped password in the name box should not be readable.
    pair = f"{normal_name(attempt.name)}|{attempt.address}"
    return {
        hashlib.sha256(f"address|{attempt.address}".encode()).hexdigest(): PER_ADDRESS,
        hashlib.sha256(f"pair|{pair}".encode()).hexdigest(): PER_ACCOUNT_AND_ADDRESS,
    }


async def sign_out(
    session: AsyncSession, account_id: int, only: str, *, actor: Actor, now: datetime
) -> None:
    """End one session of this account. Raises `SessionNotFound`."""
    if not await LoginSessions(session).revoke(account_id, now=now, only=only):
        raise SessionNotFound("no such session")
    write_down(session, actor, Deed("sign_out", "session", only[:12]), now=now)
