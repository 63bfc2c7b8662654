"""Who is asking, and may he.

Browsers bring the session's cookie, and on every request that changes something the header
`X-CSRF-Token`; machines bring `Authorization: Bearer hl_…` and need no CSRF token, since no
browser sends that header by itself.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from api.backend import Backend, backend_of
from api.errors import ForgedRequest, NotAllowed, NotSignedIn, PasswordMustChange
from domain.accounts.permissions import Permission, permissions_of
from services.actor import Actor
from services.audit import Deed, write_down
from services.logins import session_id
from services.tokens import token_hash
from storage.repositories.accounts import ApiTokens, LoginSessions
from storage.repositories.cases import Cases
from storage.repositories.tickets import TicketNotFound
from storage.tables.api_token import ApiTokenRow

log = structlog.get_logger()

COOKIE = "hotline_session"
CSRF_HEADER = "X-CSRF-Token"
TICKET = "ticket_id"  # what a path calls a ticket's number
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# "Last seen" is for people: writing it at every request would make each read a write.
SEEN_EVERY = timedelta(minutes=1)

cookie_scheme = APIKeyCookie(
    name=COOKIE, auto_error=False, description="Set by POST /auth/login; changes need X-CSRF-Token"
)
token_scheme = HTTPBearer(auto_error=False, description="An API token, for machines")
SCHEMES: list[Any] = [Depends(cookie_scheme), Depends(token_scheme)]


@dataclass(frozen=True)
class Principal:
    """Who is asking. `account_id` and `session_id` are None for machines."""

    actor: Actor
    roles: tuple[str, ...]
    account_id: int | None = None
    session_id: str | None = None
    must_change_password: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    @property
    def sees_clear(self) -> bool:
        """Whether personal data is shown without masking and without asking why."""
        return Permission.PERSONAL_CLEAR in self.permissions


def cookie_name(*, https: bool) -> str:
    # The prefix makes browsers refuse the cookie from a sub-domain or without TLS
    # (RFC 6265bis, 4.1.3.2).
    return f"__Host-{COOKIE}" if https else COOKIE


def csrf_token(secret: bytes, session: str) -> str:
    """The token of this session: only our own page can read it and send it back."""
    return hmac.new(secret, f"csrf|{session}".encode(), hashlib.sha256).hexdigest()


def address_of(connection: HTTPConnection) -> str:
    """Where the request came from, as the server was told (uvicorn: `--forwarded-allow-ips`)."""
    return connection.client.host if connection.client else ""


def is_own_origin(connection: HTTPConnection) -> bool:
    """Whether the page that asks was served by us. Programs send no Origin and pass."""
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")


async def principal_of(connection: HTTPConnection) -> Principal:
    """Raises `NotSignedIn`."""
    backend = backend_of(connection)
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await _machine(backend, token.strip(), address_of(connection))
    cookie = connection.cookies.get(cookie_name(https=backend.https))
    if cookie is None:
        raise NotSignedIn
    return await _person(backend, session_id(cookie), address_of(connection))


async def _machine(backend: Backend, token: str, address: str) -> Principal:
    now = backend.clock()
    row = backend.known_tokens.find(token_hash(token), now=now)
    if row is None:
        row = await _look_up(backend, token_hash(token), now)
    return Principal(Actor(f"token:{row.name}", address, row.unit), tuple(row.scopes))


async def _look_up(backend: Backend, hashed: str, now: datetime) -> ApiTokenRow:
    async with backend.database.session() as session:
        row = await ApiTokens(session).of_hash(hashed, now=now)
    if row is None:
        raise NotSignedIn
    if row.last_used_at is None or now - row.last_used_at >= SEEN_EVERY:
        async with backend.database.transaction() as session:
            await ApiTokens(session).seen(row.id, now=now)
    backend.known_tokens.keep(row, now=now)
    return row


async def _person(backend: Backend, session: str, address: str) -> Principal:
    now = backend.clock()
    async with backend.database.session() as reading:
        found = await LoginSessions(reading).with_account(session, now=now)
    if found is None:
        raise NotSignedIn
    row, account = found
    if now - row.last_seen_at >= SEEN_EVERY:
        async with backend.database.transaction() as writing:
            await LoginSessions(writing).seen(session, now=now)
    return Principal(
        Actor(f"account:{account.name}", address, account.unit),
        tuple(account.roles),
        account_id=account.id,
        session_id=session,
        must_change_password=account.must_change_password,
    )


async def backend_here(connection: HTTPConnection) -> Backend:
    """A coroutine: FastAPI sends other dependencies through a thread, 0.2 ms for each request."""
    return backend_of(connection)


class Require:
    """A dependency: the principal, if he has all permissions (none given: whoever is signed in).

    `with_old_password` lets in those who have yet to change the password somebody gave them.
    """

    def __init__(self, *permissions: Permission, with_old_password: bool = False) -> None:
        self._permissions = permissions
        self._with_old_password = with_old_password

    async def __call__(self, request: Request) -> Principal:
        principal = await principal_of(request)
        if principal.session_id is not None and request.method not in SAFE_METHODS:
            _refuse_forgery(request, principal.session_id)
        if principal.must_change_password and not self._with_old_password:
            raise PasswordMustChange
        for permission in self._permissions:
            await refuse_without(request, principal, permission)
        if principal.actor.unit and TICKET in request.path_params:
            await _refuse_other_units(request, principal)
        return principal


async def _refuse_other_units(request: Request, principal: Principal) -> None:
    """Another unit's ticket is not there for him; who tried is written down."""
    ticket_id = request.path_params[TICKET]
    backend = backend_of(request)
    async with backend.database.session() as session:
        if await Cases(session).concern(ticket_id, principal.actor.unit):
            return
    await _write_down_refusal(request, principal, Permission.TICKET_READ)
    raise TicketNotFound(ticket_id)


async def _write_down_refusal(
    connection: HTTPConnection, principal: Principal, permission: Permission
) -> None:
    """Auditors see who knocked at which door without the right to."""
    backend = backend_of(connection)
    path = connection.url.path[:120]
    deed = Deed("refused", "route", path, detail={"permission": permission.value})
    async with backend.database.transaction() as session:
        write_down(session, principal.actor, deed, now=backend.clock())


async def refuse_without(
    connection: HTTPConnection, principal: Principal, permission: Permission
) -> None:
    """Raise `NotAllowed` unless the permission is there; a refusal is in the trail and the log."""
    if permission not in principal.permissions:
        await _write_down_refusal(connection, principal, permission)
        log.warning("refused", actor=principal.actor.name, permission=permission.value)
        raise NotAllowed(permission)


def _refuse_forgery(request: Request, session: str) -> None:
    expected = csrf_token(backend_of(request).secret, session)
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(expected.encode(), given.encode()) or not is_own_origin(request):
        raise ForgedRequest


SignedIn = Annotated[Principal, Depends(Require())]
BackendHere = Annotated[Backend, Depends(backend_here)]
