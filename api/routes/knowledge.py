"""/knowledge: what agents answer from."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.backend import Backend
from api.schemas.failure import failures
from api.schemas.knowledge import ChangedInput, EntryAnswer, EntryInput, EntryList, StageInput
from api.schemas.shapes import RowId, ShortText
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down
from services.knowledge import (
    KnowledgeKeyTaken,
    add_entry,
    change_entry,
    matter_changed,
    move_entry,
    rules_for,
    standing,
    waiting,
)
from storage.repositories.knowledge import KnowledgeEntries
from storage.tables.knowledge_entry import KnowledgeEntryRow

router = APIRouter(
    prefix="/knowledge", tags=["knowledge"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reader = Annotated[Principal, Depends(Require(Permission.KNOWLEDGE_READ))]
Editor = Annotated[Principal, Depends(Require(Permission.KNOWLEDGE_EDIT))]


@router.get("", summary="Search the knowledge base", responses=failures(422))
async def search_entries(
    _principal: Reader,
    backend: BackendHere,
    q: Annotated[ShortText, Query(min_length=1, description="As a citizen would ask")],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> EntryList:
    """The best entries of this city and of every city, the best first; none out of force."""
    now = backend.clock()
    today = now.astimezone(backend.zone).date()
    async with backend.database.session() as session:
        found = await backend.knowledge.search(
            session, q, city=backend.city, today=today, most=limit
        )
    return EntryList(entries=[_answer(one.row, backend, now).found(one.hit) for one in found])


@router.get("/waiting", summary="待办条目 Entries somebody has to see to")
async def list_waiting(_principal: Editor, backend: BackendHere) -> EntryList:
    """Not published yet, without what the city's text asks for, or behind what they tell of."""
    now = backend.clock()
    async with backend.database.session() as session:
        rows = await waiting(session, backend.city, now=now)
    return EntryList(entries=[_answer(row, backend, now) for row in rows])


@router.get("/{entry_id}", summary="One entry", responses=failures(404, 422))
async def get_entry(entry_id: RowId, _principal: Reader, backend: BackendHere) -> EntryAnswer:
    """As it stands, also when it is out of force."""
    async with backend.database.session() as session:
        row = await KnowledgeEntries(session).get(entry_id)
    return _answer(row, backend, backend.clock())


@router.post("", status_code=201, summary="Add an entry", responses=failures(409, 413, 422))
async def add(given: EntryInput, principal: Editor, backend: BackendHere) -> EntryAnswer:
    """Its key must be new in its city. Published at once where the city's text lets it."""
    async with backend.database.transaction() as session:
        if await KnowledgeEntries(session).of_key(given.city, given.key):
            raise KnowledgeKeyTaken(given.key)
        now = backend.clock()
        rules = rules_for(given.city, backend.city, now)
        row = add_entry(session, given.as_entry(), rules, actor=principal.actor, now=now)
        await session.flush()
        deed = Deed("knowledge.add", "knowledge", str(row.id))
        write_down(session, principal.actor, deed, now=now)
    return _answer(row, backend, now)


@router.put("/{entry_id}", summary="Replace an entry", responses=failures(404, 409, 413, 422))
async def replace(
    entry_id: RowId, given: EntryInput, principal: Editor, backend: BackendHere
) -> EntryAnswer:
    """The whole entry as it shall be; where the city's text asks for a check, it is due again."""
    async with backend.database.transaction() as session:
        row = await KnowledgeEntries(session).get(entry_id)
        other = await KnowledgeEntries(session).of_key(given.city, given.key)
        if other is not None and other.id != row.id:
            raise KnowledgeKeyTaken(given.key)
        now = backend.clock()
        rules = rules_for(given.city, backend.city, now)
        if change_entry(row, given.as_entry(), rules, actor=principal.actor, now=now):
            deed = Deed("knowledge.change", "knowledge", str(row.id))
            write_down(session, principal.actor, deed, now=now)
    return _answer(row, backend, now)


@router.post(
    "/{entry_id}/stage", summary="审核、发布 Move an entry on", responses=failures(404, 409, 422)
)
async def move_on(
    entry_id: RowId, given: StageInput, principal: Editor, backend: BackendHere
) -> EntryAnswer:
    """Reviewed and published only with everything the city's text asks for."""
    async with backend.database.transaction() as session:
        row = await KnowledgeEntries(session).get(entry_id)
        now = backend.clock()
        rules = rules_for(row.city, backend.city, now)
        move_entry(row, given.stage, rules, actor=principal.actor, now=now)
        detail = {"stage": given.stage.value}
        deed = Deed("knowledge.stage", "knowledge", str(row.id), detail=detail)
        write_down(session, principal.actor, deed, now=now)
    return _answer(row, backend, now)


@router.post(
    "/{entry_id}/changed", summary="内容有变 What it tells of changed", responses=failures(404, 422)
)
async def changed(
    entry_id: RowId, given: ChangedInput, principal: Reader, backend: BackendHere
) -> EntryAnswer:
    """Or a fault in it was found: its unit owes a correction until the entry is replaced."""
    async with backend.database.transaction() as session:
        row = await KnowledgeEntries(session).get(entry_id)
        now = backend.clock()
        matter_changed(row, at=given.at or now)
        deed = Deed("knowledge.changed", "knowledge", str(row.id))
        write_down(session, principal.actor, deed, now=now)
    return _answer(row, backend, now)


@router.delete(
    "/{entry_id}", status_code=204, summary="Remove an entry", responses=failures(404, 422)
)
async def remove(entry_id: RowId, principal: Editor, backend: BackendHere) -> Response:
    """For good; the audit trail keeps its title."""
    async with backend.database.transaction() as session:
        row = await KnowledgeEntries(session).get(entry_id)
        deed = Deed("knowledge.remove", "knowledge", str(row.id), detail={"title": row.title})
        write_down(session, principal.actor, deed, now=backend.clock())
        await KnowledgeEntries(session).remove(row)
    return Response(status_code=204)


def _answer(row: KnowledgeEntryRow, backend: Backend, now: datetime) -> EntryAnswer:
    stands = standing(row, rules_for(row.city, backend.city, now), now=now)
    return EntryAnswer.of(row, backend.zone, stands)
