"""Every query on accounts, their sessions, failed sign-ins and API tokens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.upsert import insert_into
from storage.tables.account import AccountRow
from storage.tables.api_token import ApiTokenRow
from storage.tables.login_session import LoginSessionRow
from storage.tables.login_throttle import LoginThrottleRow


class AccountNotFound(LookupError):
    """No account has this id."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"no account {account_id}")


class TokenNotFound(LookupError):
    """No API token has this id."""

    def __init__(self, token_id: int) -> None:
        super().__init__(f"no API token {token_id}")


class SessionNotFound(LookupError):
    """No session of this account has this id."""


class Accounts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, account_id: int, *, to_change: bool = False) -> AccountRow:
        """Raises `AccountNotFound`."""
        row = await self._session.get(AccountRow, account_id, with_for_update=to_change or None)
        if row is None:
            raise AccountNotFound(account_id)
        return row

    async def of_name(self, name: str) -> AccountRow | None:
        query = select(AccountRow).where(AccountRow.name == name)
        return (await self._session.scalars(query)).one_or_none()

    async def every(self) -> Sequence[AccountRow]:
        return (await self._session.scalars(select(AccountRow).order_by(AccountRow.name))).all()

    async def is_empty(self) -> bool:
        return (await self._session.scalars(select(AccountRow.id).limit(1))).first() is None

    def add(self, row: AccountRow) -> None:
        self._session.add(row)

    async def add_once(self, row: dict[str, object]) -> bool:
        """False if there is an account of this name, be it since a moment ago."""
        statement = insert_into(self._session, AccountRow).values(**row)
        result = await self._session.execute(
            statement.on_conflict_do_nothing(index_elements=["name"]).returning(AccountRow.id)
        )
        return result.scalar_one_or_none() is not None


class LoginSessions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: LoginSessionRow) -> None:
        self._session.add(row)

    async def with_account(
        self, session_id: str, *, now: datetime
    ) -> tuple[LoginSessionRow, AccountRow] | None:
        """The session and whose it is, if it still counts."""
        query = (
            select(LoginSessionRow, AccountRow)
            .join(AccountRow, AccountRow.id == LoginSessionRow.account_id)
            .where(
                LoginSessionRow.id == session_id,
                LoginSessionRow.revoked_at.is_(None),
                LoginSessionRow.expires_at > now,
                AccountRow.disabled_at.is_(None),
            )
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1])

    async def open_of(self, account_id: int, *, now: datetime) -> Sequence[LoginSessionRow]:
        """Newest first."""
        query = select(LoginSessionRow).where(
            LoginSessionRow.account_id == account_id,
            LoginSessionRow.revoked_at.is_(None),
            LoginSessionRow.expires_at > now,
        )
        return (
            await self._session.scalars(query.order_by(LoginSessionRow.created_at.desc()))
        ).all()

    async def seen(self, session_id: str, *, now: datetime) -> None:
        await self._session.execute(
            update(LoginSessionRow).where(LoginSessionRow.id == session_id).values(last_seen_at=now)
        )

    async def revoke(self, account_id: int, *, now: datetime, only: str | None = None) -> int:
        """End this account's sessions, or `only` one of them; returns how many."""
        query = update(LoginSessionRow).where(
            LoginSessionRow.account_id == account_id, LoginSessionRow.revoked_at.is_(None)
        )
        if only is not None:
            query = query.where(LoginSessionRow.id == only)
        ended = await self._session.scalars(
            query.values(revoked_at=now).returning(LoginSessionRow.id)
        )
        return len(ended.all())


class LoginThrottles:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def locked(self, key: str, *, now: datetime) -> LoginThrottleRow:
        """The row of this key, made if there was none, ours alone until the transaction ends."""
        statement = insert_into(self._session, LoginThrottleRow).values(
            key=key, failures=0, last_failed_at=now, blocked_until=now
        )
        await self._session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        row = await self._session.get(LoginThrottleRow, key, with_for_update=True)
        if row is None:
            raise LookupError(key)
        return row

    async def forget(self, *, failed_before: datetime) -> None:
        await self._session.execute(
            delete(LoginThrottleRow).where(LoginThrottleRow.last_failed_at < failed_before)
        )


class ApiTokens:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: ApiTokenRow) -> None:
        self._session.add(row)

    async def get(self, token_id: int) -> ApiTokenRow:
        """Raises `TokenNotFound`."""
        row = await self._session.get(ApiTokenRow, token_id)
        if row is None:
            raise TokenNotFound(token_id)
        return row

    async def of_hash(self, token_hash: str, *, now: datetime) -> ApiTokenRow | None:
        """The token, if it still counts."""
        query = select(ApiTokenRow).where(
            ApiTokenRow.token_hash == token_hash, ApiTokenRow.revoked_at.is_(None)
        )
        row = (await self._session.scalars(query)).one_or_none()
        if row is None or (row.expires_at is not None and row.expires_at <= now):
            return None
        return row

    async def every(self) -> Sequence[ApiTokenRow]:
        return (await self._session.scalars(select(ApiTokenRow).order_by(ApiTokenRow.id))).all()

    async def seen(self, token_id: int, *, now: datetime) -> None:
        await self._session.execute(
            update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(last_used_at=now)
        )
