"""/healthz, /readyz, /metrics: for machines that watch over the service. No personal data."""

import asyncio

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.auth import BackendHere
from api.backend import Check
from api.schemas.health import Alive, Ready

router = APIRouter(tags=["health"])
# A part that takes longer to say how it is is not ready.
ANSWER_WITHIN_S = 2.0


@router.get("/healthz", summary="The process lives")
async def alive() -> Alive:
    """Asks nobody else: restarting us would not mend a database."""
    return Alive(status="ok")


@router.get(
    "/readyz",
    summary="All parts work",
    responses={503: {"model": Ready, "description": "At least one part fails"}},
)
async def ready(backend: BackendHere, response: Response) -> Ready:
    """Asks database, recognizer, engine and Asterisk; names those that fail."""
    checks: dict[str, Check] = {"database": backend.database.check, **backend.checks}
    answers = await asyncio.gather(*(_ask(check) for check in checks.values()))
    failing = {name: wrong for name, wrong in zip(checks, answers, strict=True) if wrong}
    if failing:
        response.status_code = 503
    return Ready(status="failing" if failing else "ok", failing=failing)


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return await check()
    except TimeoutError:
        return f"no answer within {ANSWER_WITHIN_S:.0f} s"
    except Exception as failure:  # noqa: BLE001  whatever it is: this part is not ready
        return f"{type(failure).__name__}: {failure}"


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus text format",
            "content": {"text/plain": {"example": 'hotline_tickets{status="draft"} 12.0'}},
        }
    },
)
async def metrics(request: Request, backend: BackendHere) -> Response:
    """Request durations, tickets, calls, sign-ins, live connections."""
    figures = request.app.state.metrics
    await figures.count(backend.database)
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
