"""The least that stores a ticket over HTTP: Starlette, three INSERTs by hand, no checks at all."""

import asyncio
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import aiosqlite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

FIRST_NUMBER = 863_999
COUNT = (
    "INSERT INTO ticket_number (day, issued) VALUES (?, 1) "
    "ON CONFLICT (day) DO UPDATE SET issued = issued + 1 RETURNING issued"
)
TICKET = (
    "INSERT INTO ticket (id, status, city, category, title, summary, caller, fields, caller_text,"
    " agent_text, origin, created_at, updated_at, version, entries, head)"
    " VALUES (?, 'draft', 'hangzhou', ?, '', ?, ?, ?, ?, '', 'api', ?, ?, 1, 1, ?)"
)
EVENT = (
    "INSERT INTO ticket_event (ticket_id, number, version, at, recorded_at, actor, what, detail,"
    " previous_hash, hash) VALUES (?, 1, 1, ?, ?, 'token:bench', 'registered', '{}', '', ?)"
)


class BareTickets:
    """One connection to one SQLite file, as durable as ours."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._turn = asyncio.Lock()
        self._connection: aiosqlite.Connection | None = None
        self.app = Starlette(routes=[Route("/tickets", self.post, methods=["POST"])])

    async def post(self, request: Request) -> JSONResponse:
        given = await request.json()
        now = datetime.now(UTC)
        moment, day = now.isoformat(" "), now.strftime("%y%m%d")
        async with self._turn:
            connection = self._connection or await self._connect()
            await connection.execute("BEGIN IMMEDIATE")
            (issued,) = next(iter(await connection.execute_fetchall(COUNT, (day,))))
            number = f"{day}{FIRST_NUMBER + issued:06d}"
            fields = json.dumps(given["fields"], ensure_ascii=False)
            texts = (given["category"], given["summary"], given["caller"], fields)
            seal = sha256(number.encode()).hexdigest()
            row = (number, *texts, given["caller_text"], moment, moment, seal)
            await connection.execute(TICKET, row)
            await connection.execute(EVENT, (number, moment, moment, seal))
            await connection.execute("COMMIT")
        return JSONResponse({"ticket_id": number, **given}, status_code=201)

    async def _connect(self) -> aiosqlite.Connection:
        self._connection = await aiosqlite.connect(self._file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            await self._connection.execute(f"PRAGMA {pragma}")
        return self._connection
