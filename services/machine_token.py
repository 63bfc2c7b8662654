"""The token by which this machine's own command line signs in."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.permissions import MachineScope
from services.actor import SYSTEM
from services.audit import Deed, write_down
from services.tokens import token_hash
from storage.repositories.accounts import ApiTokens
from storage.tables.api_token import ApiTokenRow

NAME = "command line"
SCOPES = (MachineScope.DRAFTS, MachineScope.LIVE)


async def ensure_machine_token(session: AsyncSession, token: str, *, now: datetime) -> None:
    """Let ``token`` in. It comes from the secrets file of the home folder and is kept hashed."""
    if await ApiTokens(session).of_hash(token_hash(token), now=now) is not None:
        return
    row = ApiTokenRow(
        name=NAME,
        token_hash=token_hash(token),
        scopes=list(SCOPES),
        created_by=SYSTEM.name,
        created_at=now,
    )
    ApiTokens(session).add(row)
    await session.flush()
    write_down(session, SYSTEM, Deed("token.issue", "token", str(row.id)), now=now)
