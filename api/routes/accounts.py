"""/accounts: for administrators."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.accounts import (
    AccountAnswer,
    AccountInput,
    AccountList,
    AccountPatch,
    AccountWithPassword,
    account_values,
)
from api.schemas.failure import failures
from api.schemas.shapes import RowId
from domain.accounts.passwords import refuse_weak
from domain.accounts.permissions import Permission
from services.accounts import AccountEdit, NewAccount, create_account, edit_account
from storage.repositories.accounts import Accounts

router = APIRouter(
    prefix="/accounts",
    tags=["accounts"],
    dependencies=SCHEMES,
    responses=failures(401, 403, 503),
)
Administrator = Annotated[Principal, Depends(Require(Permission.ACCOUNT_ADMIN))]
FIRST_PASSWORD_BYTES = 12


@router.get("", summary="List accounts")
async def list_accounts(_principal: Administrator, backend: BackendHere) -> AccountList:
    """By name."""
    async with backend.database.session() as session:
        rows = await Accounts(session).every()
    return AccountList(accounts=[AccountAnswer.of(row, backend.zone) for row in rows])


@router.post("", status_code=201, summary="Make an account", responses=failures(409, 413, 422))
async def create(
    given: AccountInput, principal: Administrator, backend: BackendHere
) -> AccountWithPassword:
    """Without `password` one is made up and shown here only; either has to be changed at once."""
    password = given.password or secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    refuse_weak(password, name=given.name)
    new = NewAccount(
        name=given.name,
        display_name=given.display_name,
        password_hash=await backend.passwords.hash(password),
        roles=given.roles,
        unit=given.unit,
    )
    async with backend.database.transaction() as session:
        row = await create_account(session, new, actor=principal.actor, now=backend.clock())
    shown = None if given.password else password
    return AccountWithPassword(**account_values(row, backend.zone), password=shown)


@router.get("/{account_id}", summary="One account", responses=failures(404, 422))
async def get_account(
    account_id: RowId, _principal: Administrator, backend: BackendHere
) -> AccountAnswer:
    """Its roles and state."""
    async with backend.database.session() as session:
        row = await Accounts(session).get(account_id)
    return AccountAnswer.of(row, backend.zone)


@router.patch(
    "/{account_id}", summary="Change roles, name or state", responses=failures(404, 413, 422)
)
async def change(
    account_id: RowId, given: AccountPatch, principal: Administrator, backend: BackendHere
) -> AccountAnswer:
    """Not one's own roles or state. New roles and a lock end the account's sessions."""
    edit = AccountEdit(given.display_name, given.roles, given.disabled, unit=given.unit)
    async with backend.database.transaction() as session:
        row = await edit_account(
            session, account_id, edit, actor=principal.actor, now=backend.clock()
        )
    return AccountAnswer.of(row, backend.zone)


@router.post(
    "/{account_id}/reset", summary="Reset password and one-time codes", responses=failures(404, 422)
)
async def reset(
    account_id: RowId, principal: Administrator, backend: BackendHere
) -> AccountWithPassword:
    """A new password, shown here only, to be changed at first use; one-time codes are off."""
    password = secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    edit = AccountEdit(password_hash=await backend.passwords.hash(password))
    async with backend.database.transaction() as session:
        row = await edit_account(
            session, account_id, edit, actor=principal.actor, now=backend.clock()
        )
    return AccountWithPassword(**account_values(row, backend.zone), password=password)
