"""/tokens: how machines sign in."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.accounts import TokenAnswer, TokenInput, TokenIssued, TokenList, token_values
from api.schemas.failure import failures
from api.schemas.shapes import RowId
from domain.accounts.permissions import Permission
from services.tokens import NewToken, issue_token
from services.tokens import revoke_token as revoke_it
from storage.repositories.accounts import ApiTokens

router = APIRouter(
    prefix="/tokens", tags=["tokens"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Issuer = Annotated[Principal, Depends(Require(Permission.TOKEN_ADMIN))]


@router.get("", summary="List API tokens")
async def list_tokens(_principal: Issuer, backend: BackendHere) -> TokenList:
    """In the order of issue, the revoked ones too; the tokens themselves are kept nowhere."""
    async with backend.database.session() as session:
        rows = await ApiTokens(session).every()
    return TokenList(tokens=[TokenAnswer.of(row, backend.zone) for row in rows])


@router.post("", status_code=201, summary="Issue an API token", responses=failures(413, 422))
async def issue(given: TokenInput, principal: Issuer, backend: BackendHere) -> TokenIssued:
    """Shown here only. Nobody issues a token that could do what he himself is barred from."""
    new = NewToken(given.name, [str(scope) for scope in given.scopes], given.expires_at, given.unit)
    async with backend.database.transaction() as session:
        row, token = await issue_token(
            session,
            new,
            actor=principal.actor,
            issuer_roles=principal.roles,
            now=backend.clock(),
        )
    return TokenIssued(**token_values(row, backend.zone), token=token)


@router.delete("/{token_id}", summary="Revoke an API token", responses=failures(404, 422))
async def revoke(token_id: RowId, principal: Issuer, backend: BackendHere) -> TokenAnswer:
    """For good; at once, in other API processes within a second."""
    async with backend.database.transaction() as session:
        row = await revoke_it(session, token_id, actor=principal.actor, now=backend.clock())
    backend.known_tokens.forget()
    return TokenAnswer.of(row, backend.zone)
