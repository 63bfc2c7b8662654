"""Accounts, sessions and tokens as they are sent and received."""

from datetime import datetime, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from api.schemas.shapes import (
    Input,
    Output,
    ShortText,
    Text,
    clean_text,
    example,
    input_example,
    local,
    local_or_none,
)
from domain.accounts.permissions import MachineScope, Role
from storage.tables.account import AccountRow
from storage.tables.api_token import ApiTokenRow
from storage.tables.login_session import LoginSessionRow

AccountName = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$")
]
# Longer than any good password, short enough to cost no time.
Typed = Annotated[str, Field(max_length=400)]
Unit = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    AfterValidator(clean_text),
    Field(description="Handling unit: only its tickets are seen and worked on; empty: all"),
]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
EXAMPLE_ACCOUNT: dict[str, Any] = {
    "id": 2,
    "name": "li.hong",
    "display_name": "李红",
    "roles": ["agent"],
    "unit": "",
    "disabled": False,
    "must_change_password": True,
    "totp": False,
    "created_at": "2026-11-22T09:00:00+08:00",
}


class SignInInput(Input):
    """`code`: the one-time code, for accounts that use one."""

    model_config = input_example(name="li.hong", password="three random words")  # noqa: S106

    name: Typed
    password: Typed
    code: Typed = ""


class Me(Output):
    """Who is signed in. `csrf_token` goes into the header X-CSRF-Token of every change."""

    model_config = example(
        name="li.hong",
        display_name="李红",
        roles=["agent"],
        permissions=["ticket.read", "ticket.edit"],
        must_change_password=False,
        csrf_token="5f0c…",  # noqa: S106
    )

    name: str
    display_name: str
    roles: list[str]
    permissions: list[str]
    must_change_password: bool
    csrf_token: str = Field(description="Empty for API tokens, which need none")


class PasswordInput(Input):
    model_config = input_example(present="three random words", wanted="four other random words")

    present: Typed
    wanted: Typed


class CodeInput(Input):
    model_config = input_example(code="123456")

    code: Code


class TotpAnswer(Output):
    """Show `address` as a QR code or type `secret` into an authenticator, then confirm a code."""

    model_config = example(
        secret="JBSWY3DPEHPK3PXP",  # noqa: S106
        address="otpauth://totp/12345:li.hong?secret=JBSWY3DPEHPK3PXP&issuer=12345",
    )

    secret: str
    address: str


class SessionAnswer(Output):
    model_config = example(
        id="9f86d081…",
        created_at="2026-11-22T09:00:00+08:00",
        last_seen_at="2026-11-22T15:28:00+08:00",
        expires_at="2026-11-22T21:00:00+08:00",
        address="10.1.2.3",
        user_agent="Firefox",
        current=True,
    )

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    current: bool = Field(description="The one that asks")

    @classmethod
    def of(cls, row: LoginSessionRow, zone: tzinfo, *, current: bool) -> "SessionAnswer":
        return cls(
            id=row.id,
            created_at=local(row.created_at, zone),
            last_seen_at=local(row.last_seen_at, zone),
            expires_at=local(row.expires_at, zone),
            address=row.address,
            user_agent=row.user_agent,
            current=current,
        )


class AccountInput(Input):
    """Without `password` one is made up and shown once. It has to be changed at first use."""

    model_config = input_example(name="li.hong", display_name="李红", roles=["agent"])

    name: AccountName
    display_name: ShortText = ""
    roles: list[Role] = Field(min_length=1, max_length=len(Role))
    unit: Unit = ""
    password: Typed | None = None


class AccountPatch(Input):
    """What to change; what is left out stays. New roles or a lock end the open sessions."""

    model_config = input_example(roles=["agent", "dispatcher"])

    display_name: ShortText | None = None
    roles: list[Role] | None = Field(default=None, min_length=1, max_length=len(Role))
    unit: Unit | None = None
    disabled: bool | None = None


class AccountAnswer(Output):
    model_config = example(**EXAMPLE_ACCOUNT)

    id: int
    name: str
    display_name: str
    roles: list[str]
    unit: str
    disabled: bool
    must_change_password: bool
    totp: bool = Field(description="Signing in needs a one-time code")
    created_at: datetime

    @classmethod
    def of(cls, row: AccountRow, zone: tzinfo) -> "AccountAnswer":
        return cls.model_validate(account_values(row, zone))


def account_values(row: AccountRow, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "display_name": row.display_name,
        "roles": row.roles,
        "unit": row.unit,
        "disabled": row.disabled_at is not None,
        "must_change_password": row.must_change_password,
        "totp": row.totp_confirmed_at is not None,
        "created_at": local(row.created_at, zone),
    }


class AccountWithPassword(AccountAnswer):
    """The password is shown here and never again."""

    model_config = example(**EXAMPLE_ACCOUNT, password="mN3v…")  # noqa: S106

    password: str | None = Field(description="null if it was given in the request")


class AccountList(Output):
    model_config = example(accounts=[EXAMPLE_ACCOUNT])

    accounts: list[AccountAnswer]


class SessionList(Output):
    model_config = example(
        sessions=[
            {
                "id": "9f86d081…",
                "created_at": "2026-11-22T09:00:00+08:00",
                "last_seen_at": "2026-11-22T15:28:00+08:00",
                "expires_at": "2026-11-22T21:00:00+08:00",
                "address": "10.1.2.3",
                "user_agent": "Firefox",
                "current": True,
            }
        ]
    )

    sessions: list[SessionAnswer]


EXAMPLE_TOKEN: dict[str, Any] = {
    "id": 1,
    "name": "city-backend",
    "scopes": ["drafts"],
    "unit": "",
    "created_by": "account:admin",
    "created_at": "2026-11-22T09:00:00+08:00",
    "expires_at": "2027-11-22T09:00:00+08:00",
    "last_used_at": None,
    "revoked": False,
}


class TokenInput(Input):
    """Scopes are names of roles, or `drafts` (drafts with numbers in clear), or `live`."""

    model_config = input_example(
        name="city-backend", scopes=["drafts"], expires_at="2027-11-22T09:00:00+08:00"
    )

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    scopes: list[Role | MachineScope] = Field(min_length=1, max_length=20)
    unit: Unit = ""
    expires_at: AwareDatetime | None = None


class TokenAnswer(Output):
    model_config = example(**EXAMPLE_TOKEN)

    id: int
    name: str
    scopes: list[str]
    unit: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked: bool

    @classmethod
    def of(cls, row: ApiTokenRow, zone: tzinfo) -> "TokenAnswer":
        return cls.model_validate(token_values(row, zone))


def token_values(row: ApiTokenRow, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "scopes": row.scopes,
        "unit": row.unit,
        "created_by": row.created_by,
        "created_at": local(row.created_at, zone),
        "expires_at": local_or_none(row.expires_at, zone),
        "last_used_at": local_or_none(row.last_used_at, zone),
        "revoked": row.revoked_at is not None,
    }


class TokenIssued(TokenAnswer):
    """The token is shown here and never again."""

    model_config = example(**EXAMPLE_TOKEN, token="hl_…")  # noqa: S106

    token: str


class TokenList(Output):
    model_config = example(tokens=[EXAMPLE_TOKEN])

    tokens: list[TokenAnswer]
