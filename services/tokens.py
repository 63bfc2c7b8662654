"""API tokens: how machines sign in."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.permissions import refuse_clash, refuse_unit
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.accounts import ApiTokens
from storage.tables.api_token import ApiTokenRow

# Secret scanners find leaked tokens by such a prefix.
PREFIX = "hl_"


@dataclass(frozen=True)
class NewToken:
    """`scopes` are names of roles or of machine scopes; no `expires_at` means for good.

    `unit`: the handling unit whose system it is; "" for all.
    """

    name: str
    scopes: Sequence[str]
    expires_at: datetime | None = None
    unit: str = ""


def token_hash(token: str) -> str:
    """The key under which a token is kept. It has 256 random bits: no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


async def issue_token(
    session: AsyncSession,
    new: NewToken,
    *,
    actor: Actor,
    issuer_roles: Sequence[str],
    now: datetime,
) -> tuple[ApiTokenRow, str]:
    """The row and the token itself, which is kept nowhere.

    Raises `RolesClash` if issuer and token together could do what is kept apart: an
    administrator cannot make himself a token that listens.
    """
    refuse_clash([*issuer_roles, *new.scopes])
    refuse_unit(new.unit, new.scopes)
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiTokenRow(
        name=new.name,
        token_hash=token_hash(token),
        scopes=list(new.scopes),
        unit=new.unit,
        created_by=actor.name,
        created_at=now,
        expires_at=new.expires_at,
    )
    ApiTokens(session).add(row)
    await session.flush()
    deed = Deed(
        "token.issue", "token", str(row.id), detail={"scopes": list(new.scopes), "unit": new.unit}
    )
    write_down(session, actor, deed, now=now)
    return row, token


async def revoke_token(
    session: AsyncSession, token_id: int, *, actor: Actor, now: datetime
) -> ApiTokenRow:
    """Raises `TokenNotFound`. Revoking twice changes nothing."""
    row = await ApiTokens(session).get(token_id)
    if row.revoked_at is None:
        row.revoked_at = now
        write_down(session, actor, Deed("token.revoke", "token", str(token_id)), now=now)
    return row
