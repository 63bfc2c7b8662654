"""Put the HTTP service together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Lifespan

from api import docs, errors, pages
from api.backend import Backend
from api.guard import BodyLimit, SecurityHeaders, Stopwatch
from api.live import LiveHub
from api.metrics import Metrics
from api.routes import (
    accounts,
    assessments,
    audit,
    auth,
    call_backs,
    calls,
    case_list,
    cases,
    conversations,
    desk,
    effects,
    floor,
    flow_routes,
    flow_tests,
    flow_versions,
    flows,
    health,
    knowledge,
    live,
    priority_callers,
    prompts,
    queues,
    recordings,
    retention,
    review,
    rosters,
    rules,
    scoring,
    seats,
    statistics,
    suspensions,
    tickets,
    tokens,
    wallboard,
    webhooks,
)
from api.routes.live import CHECKED_EVERY

DESCRIPTION = """\
A 12345 government hotline: calls become draft tickets, people confirm them.

People sign in with `POST /auth/login` and send the header `X-CSRF-Token` with every change;
machines send `Authorization: Bearer hl_…`. Callers' numbers are masked unless a reason is given
(`unmask`), which is audited. Lists are paged: give `after` of one page to get the next. Times
have a zone. Every failure has the shape `Failure`. Events of running calls come over the
WebSocket `/live`.
"""
ROUTERS = (
    tickets,
    knowledge,
    case_list,
    cases,
    suspensions,
    rules,
    assessments,
    effects,
    calls,
    flows,
    flow_versions,
    flow_tests,
    flow_routes,
    prompts,
    seats,
    recordings,
    retention,
    review,
    scoring,
    conversations,
    desk,
    queues,
    rosters,
    floor,
    call_backs,
    priority_callers,
    wallboard,
    statistics,
    auth,
    accounts,
    tokens,
    webhooks,
    audit,
    health,
    live,
    docs,
)


def create_app(backend: Backend) -> FastAPI:
    """The service. Its lifespan runs the live hub; closing the database is the caller's."""
    metrics = Metrics()
    hub = LiveHub(backend.live, metrics)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        passing_on = asyncio.ensure_future(hub.run())
        try:
            yield
        finally:
            hub.close()
            passing_on.cancel()
            await asyncio.gather(passing_on, return_exceptions=True)

    app = _with_routes(lifespan)
    pages.install(app, backend.pages_dir)
    app.state.backend = backend
    app.state.metrics = metrics
    app.state.live = hub
    app.state.live_checked_every = CHECKED_EVERY
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, most_bytes=backend.most_body_bytes)
    app.add_middleware(SecurityHeaders, https=backend.https)
    app.add_middleware(Stopwatch, metrics=metrics)
    return app


def described() -> dict[str, Any]:
    """The OpenAPI schema. Needs no backend: the web client is generated from it."""
    return _with_routes(None).openapi()


def _with_routes(lifespan: Lifespan[FastAPI] | None) -> FastAPI:
    app = FastAPI(
        title="12345 Hotline",
        version="0.1.0",
        description=DESCRIPTION,
        docs_url=None,  # Swagger UI and ReDoc load their code from the internet
        redoc_url=None,
        lifespan=lifespan,
    )
    errors.install(app)
    for module in ROUTERS:
        app.include_router(module.router)
    return app
