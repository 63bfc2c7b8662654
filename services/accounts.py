"""What administrators do with accounts, and people with their own."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.passwords import refuse_weak
from domain.accounts.permissions import Role, refuse_clash, refuse_unit
from services import totp
from services.actor import SYSTEM, Actor
from services.audit import Deed, write_down
from services.logins import normal_name
from services.passwords import Passwords
from storage.database import Database
from storage.repositories.accounts import Accounts, LoginSessions
from storage.tables.account import AccountRow

FIRST_ADMINISTRATOR = "admin"


class NameTaken(Exception):
    """Another account has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is already an account {name}")


class OwnAccount(Exception):
    """Nobody changes his own roles or locks himself out."""

    def __init__(self) -> None:
        super().__init__("nobody changes the roles or the state of his own account")


class WrongPassword(Exception):
    """The present password, asked for before a change, was wrong."""

    def __init__(self) -> None:
        super().__init__("the present password is wrong")


class WrongCode(Exception):
    """The one-time code does not fit, or none was asked for."""

    def __init__(self) -> None:
        super().__init__("the one-time code is wrong or was used before")


@dataclass(frozen=True)
class NewAccount:
    """`password_hash` of a first password, which the person has to change; `unit` as stored."""

    name: str
    display_name: str
    password_hash: str
    roles: Sequence[Role]
    unit: str = ""


async def ensure_first_administrator(
    database: Database, *, passwords: Passwords, now: datetime
) -> str | None:
    """Make the account `admin` if there is no account at all; its password, which is kept nowhere.

    None if there are accounts already. The caller prints the password once.
    """
    async with database.session() as session:
        if not await Accounts(session).is_empty():
            return None
    password = secrets.token_urlsafe(15)
    password_hash = await passwords.hash(password)
    async with database.transaction() as session:
        row = {
            "name": FIRST_ADMINISTRATOR,
            "display_name": "系统管理员",
            "password_hash": password_hash,
            "must_change_password": False,
            "roles": [Role.ADMINISTRATOR.value],
            "created_at": now,
        }
        if not await Accounts(session).add_once(row):
            return None  # another process was faster
        write_down(session, SYSTEM, Deed("account.create", "account", FIRST_ADMINISTRATOR), now=now)
    return password


async def create_account(
    session: AsyncSession, new: NewAccount, *, actor: Actor, now: datetime
) -> AccountRow:
    """Raises `NameTaken`, `RolesClash` or `UnitNotForRole`."""
    name = normal_name(new.name)
    roles = [role.value for role in new.roles]
    refuse_clash(roles)
    refuse_unit(new.unit, roles)
    if await Accounts(session).of_name(name) is not None:
        raise NameTaken(name)
    row = AccountRow(
        name=name,
        display_name=new.display_name,
        password_hash=new.password_hash,
        must_change_password=True,  # two people know it
        roles=roles,
        unit=new.unit,
        created_at=now,
    )
    Accounts(session).add(row)
    try:
        await session.flush()
    except IntegrityError:  # another administrator was faster
        raise NameTaken(name) from None
    write_down(
        session,
        actor,
        Deed("account.create", "account", name, detail={"roles": roles, "unit": new.unit}),
        now=now,
    )
    return row


@dataclass(frozen=True)
class AccountEdit:
    """What to change; None leaves it. A new `password_hash` turns codes off."""

    display_name: str | None = None
    roles: Sequence[Role] | None = None
    disabled: bool | None = None
    password_hash: str | None = None
    unit: str | None = None


async def edit_account(
    session: AsyncSession, account_id: int, edit: AccountEdit, *, actor: Actor, now: datetime
) -> AccountRow:
    """Lost rights end open sessions.

    Raises `AccountNotFound`, `OwnAccount`, `RolesClash` or `UnitNotForRole`.
    """
    account = await Accounts(session).get(account_id, to_change=True)
    touches_rights = any(each is not None for each in (edit.roles, edit.disabled, edit.unit))
    if actor.name == f"account:{account.name}" and (touches_rights or edit.password_hash):
        raise OwnAccount
    changed: dict[str, object] = {}
    if edit.display_name is not None:
        account.display_name = edit.display_name
        changed["display_name"] = edit.display_name
    if edit.roles is not None:
        roles = [role.value for role in edit.roles]
        refuse_clash(roles)
        changed["roles"] = {"before": account.roles, "after": roles}
        account.roles = roles
    if edit.unit is not None:
        changed["unit"] = {"before": account.unit, "after": edit.unit}
        account.unit = edit.unit
    refuse_unit(account.unit, account.roles)
    if edit.disabled is not None:
        account.disabled_at = (account.disabled_at or now) if edit.disabled else None
        changed["disabled"] = edit.disabled
    if edit.password_hash is not None:
        account.password_hash = edit.password_hash
        account.must_change_password = True
        account.totp_secret = None  # who lost the password has often lost the telephone too
        account.totp_confirmed_at = None
        changed["password_was_reset"] = True
    if touches_rights or edit.password_hash is not None:
        await LoginSessions(session).revoke(account.id, now=now)
    write_down(
        session, actor, Deed("account.edit", "account", account.name, detail=changed), now=now
    )
    return account


@dataclass(frozen=True)
class PasswordChange:
    """`present` is checked against the account; `session_id` is the one that stays open."""

    account_id: int
    present: str
    wanted: str
    session_id: str


async def change_own_password(
    database: Database,
    change: PasswordChange,
    *,
    passwords: Passwords,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises `WrongPassword` or `PasswordTooWeak`. Every other session of the account ends.

    Two transactions, for the same reason as `services.logins.sign_in`.
    """
    async with database.session() as session:
        account = await Accounts(session).get(change.account_id)
    refuse_weak(change.wanted, name=account.name)
    right = await passwords.matches(change.present, account.password_hash)
    wanted_hash = await passwords.hash(change.wanted) if right else ""
    async with database.transaction() as session:
        current = await Accounts(session).get(change.account_id, to_change=True)
        stands = right and current.password_hash == account.password_hash
        if stands:
            current.password_hash = wanted_hash
            current.must_change_password = False
            for other in await LoginSessions(session).open_of(current.id, now=now):
                if other.id != change.session_id:
                    await LoginSessions(session).revoke(current.id, now=now, only=other.id)
        action = "account.password" if stands else "account.password.refused"
        write_down(session, actor, Deed(action, "account", account.name), now=now)
    if not stands:
        raise WrongPassword


async def begin_totp(session: AsyncSession, account_id: int) -> tuple[str, str]:
    """A new secret and its otpauth:// address; it counts once `confirm_totp` was called.

    Raises `WrongCode` if a secret is in force: that one has to be disabled first.
    """
    account = await Accounts(session).get(account_id, to_change=True)
    if account.totp_confirmed_at is not None:
        raise WrongCode
    account.totp_secret = totp.new_secret()
    account.totp_last_step = None
    return account.totp_secret, totp.enrolment_address(account.totp_secret, name=account.name)


async def confirm_totp(
    session: AsyncSession, account_id: int, code: str, *, actor: Actor, now: datetime
) -> None:
    """From now on signing in needs a code. Raises `WrongCode`."""
    account = await _with_right_code(session, account_id, code, now=now)
    account.totp_confirmed_at = now
    write_down(session, actor, Deed("account.totp.on", "account", account.name), now=now)


async def disable_totp(
    session: AsyncSession, account_id: int, code: str, *, actor: Actor, now: datetime
) -> None:
    """No more codes. Raises `WrongCode`."""
    account = await _with_right_code(session, account_id, code, now=now)
    account.totp_secret = None
    account.totp_confirmed_at = None
    write_down(session, actor, Deed("account.totp.off", "account", account.name), now=now)


async def _with_right_code(
    session: AsyncSession, account_id: int, code: str, *, now: datetime
) -> AccountRow:
    account = await Accounts(session).get(account_id, to_change=True)
    if account.totp_secret is None:
        raise WrongCode
    step = totp.accepted_step(account.totp_secret, code, now=now, last_step=account.totp_last_step)
    if step is None:
        raise WrongCode
    account.totp_last_step = step
    return account
