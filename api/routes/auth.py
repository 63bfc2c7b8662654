"""/auth: sign in and out, one's own password, one-time codes and sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.auth import (
    SCHEMES,
    BackendHere,
    Principal,
    Require,
    SignedIn,
    address_of,
    cookie_name,
    csrf_token,
    is_own_origin,
)
from api.backend import Backend
from api.errors import ForgedRequest, NotSignedIn
from api.schemas.accounts import (
    CodeInput,
    Me,
    PasswordInput,
    SessionAnswer,
    SessionList,
    SignInInput,
    TotpAnswer,
)
from api.schemas.failure import failures
from domain.accounts.permissions import permissions_of
from services.accounts import (
    PasswordChange,
    begin_totp,
    change_own_password,
    confirm_totp,
    disable_totp,
)
from services.logins import SESSION_LASTS, Attempt, CodeNeeded, SignInRefused, TooManyAttempts
from services.logins import sign_in as sign_in_with
from services.logins import sign_out as end_session
from storage.repositories.accounts import Accounts, LoginSessions
from storage.tables.account import AccountRow

router = APIRouter(prefix="/auth", tags=["auth"], responses=failures(503))
WithOldPassword = Annotated[Principal, Depends(Require(with_old_password=True))]
SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.post("/login", summary="Sign in", responses=failures(401, 403, 413, 422, 429))
async def sign_in(
    given: SignInInput, request: Request, response: Response, backend: BackendHere
) -> Me:
    """Sets the session's cookie. After three wrong passwords each further one costs a wait."""
    if not is_own_origin(request):
        raise ForgedRequest
    attempt = Attempt(
        name=given.name,
        password=given.password,
        code=given.code,
        address=address_of(request),
        user_agent=request.headers.get("user-agent", ""),
    )
    outcomes = request.app.state.metrics.sign_ins
    try:
        signed_in = await sign_in_with(
            backend.database, attempt, passwords=backend.passwords, now=backend.clock()
        )
    except (SignInRefused, CodeNeeded, TooManyAttempts) as failure:
        outcomes.labels(type(failure).__name__).inc()
        raise
    outcomes.labels("SignedIn").inc()
    response.set_cookie(
        cookie_name(https=backend.https),
        signed_in.cookie,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=backend.https,
        path="/",
    )
    return _me(backend, signed_in.account, signed_in.session.id)


@router.get("/me", summary="Who am I", dependencies=SCHEMES, responses=failures(401))
async def me(principal: WithOldPassword, backend: BackendHere) -> Me:
    """Also the way for a freshly loaded page to get its CSRF token."""
    if principal.account_id is None or principal.session_id is None:
        return Me(
            name=principal.actor.name,
            display_name="",
            roles=list(principal.roles),
            permissions=sorted(principal.permissions),
            must_change_password=False,
            csrf_token="",
        )
    async with backend.database.session() as session:
        account = await Accounts(session).get(principal.account_id)
    return _me(backend, account, principal.session_id)


@router.post(
    "/logout",
    status_code=204,
    summary="Sign out",
    dependencies=SCHEMES,
    responses=failures(401, 403),
)
async def sign_out(principal: WithOldPassword, backend: BackendHere, response: Response) -> None:
    """The session ends here and in the database."""
    account_id, session_id = _person(principal)
    async with backend.database.transaction() as session:
        await end_session(
            session, account_id, session_id, actor=principal.actor, now=backend.clock()
        )
    response.delete_cookie(
        cookie_name(https=backend.https), path="/", secure=backend.https, httponly=True
    )


@router.post(
    "/password",
    status_code=204,
    summary="Change my password",
    dependencies=SCHEMES,
    responses=failures(401, 403, 413, 422),
)
async def change_password(
    given: PasswordInput, principal: WithOldPassword, backend: BackendHere
) -> None:
    """All my other sessions end."""
    account_id, session_id = _person(principal)
    change = PasswordChange(account_id, given.present, given.wanted, session_id)
    await change_own_password(
        backend.database,
        change,
        passwords=backend.passwords,
        actor=principal.actor,
        now=backend.clock(),
    )


@router.post(
    "/totp",
    summary="Begin to use one-time codes",
    dependencies=SCHEMES,
    responses=failures(401, 403),
)
async def enrol(principal: SignedIn, backend: BackendHere) -> TotpAnswer:
    """Nothing changes until a code was confirmed."""
    account_id, _ = _person(principal)
    async with backend.database.transaction() as session:
        secret, address = await begin_totp(session, account_id)
    return TotpAnswer(secret=secret, address=address)


@router.post(
    "/totp/confirm",
    status_code=204,
    summary="Confirm the first one-time code",
    dependencies=SCHEMES,
    responses=failures(401, 403, 413, 422),
)
async def confirm(given: CodeInput, principal: SignedIn, backend: BackendHere) -> None:
    """From now on signing in needs a code."""
    account_id, _ = _person(principal)
    async with backend.database.transaction() as session:
        await confirm_totp(
            session, account_id, given.code, actor=principal.actor, now=backend.clock()
        )


@router.post(
    "/totp/disable",
    status_code=204,
    summary="Stop using one-time codes",
    dependencies=SCHEMES,
    responses=failures(401, 403, 413, 422),
)
async def disable(given: CodeInput, principal: SignedIn, backend: BackendHere) -> None:
    """Needs a code: an unlocked screen is not enough."""
    account_id, _ = _person(principal)
    async with backend.database.transaction() as session:
        await disable_totp(
            session, account_id, given.code, actor=principal.actor, now=backend.clock()
        )


@router.get(
    "/sessions", summary="Where I am signed in", dependencies=SCHEMES, responses=failures(401, 403)
)
async def list_sessions(principal: SignedIn, backend: BackendHere) -> SessionList:
    """Newest first."""
    account_id, current = _person(principal)
    async with backend.database.session() as session:
        rows = await LoginSessions(session).open_of(account_id, now=backend.clock())
    return SessionList(
        sessions=[SessionAnswer.of(row, backend.zone, current=row.id == current) for row in rows]
    )


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    summary="End one of my sessions",
    dependencies=SCHEMES,
    responses=failures(401, 403, 404, 422),
)
async def revoke_session(session_id: SessionId, principal: SignedIn, backend: BackendHere) -> None:
    """At once: the next request of that browser gets 401, its live connection closes."""
    account_id, _ = _person(principal)
    async with backend.database.transaction() as session:
        await end_session(
            session, account_id, session_id, actor=principal.actor, now=backend.clock()
        )


def _person(principal: Principal) -> tuple[int, str]:
    """Account and session. A machine has neither: for it these routes do not count as signed in."""
    if principal.account_id is None or principal.session_id is None:
        raise NotSignedIn
    return principal.account_id, principal.session_id


def _me(backend: Backend, account: AccountRow, session_id: str) -> Me:
    return Me(
        name=account.name,
        display_name=account.display_name,
        roles=account.roles,
        permissions=sorted(permissions_of(account.roles)),
        must_change_password=account.must_change_password,
        csrf_token=csrf_token(backend.secret, session_id),
    )
