"""/knowledge: what agents answer from."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.failure import failures
from api.schemas.knowledge import EntryAnswer, EntryInput, EntryList
from api.schemas.shapes import RowId, ShortText
from domain.accounts.permissions import Permission
from services.audit import Deed, write_down
from services.knowledge import KnowledgeKeyTaken, add_entry, change_entry
from storage.repositories.knowledge import KnowledgeEntries

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
    today = backend.clock().astimezone(backend.zone).date()
    async with backend.database.session() as session:
        found = await backend.knowledge.search(
            session, q, city=backend.city, today=today, most=limit
        )
    return EntryList(
        entries=[
            EntryAnswer.of(one.row, backend.zone, score=one.hit.score, terms=list(one.hit.terms))
            for one in found
        ]
    )


@router.get("/{entry_id}", summary="One entry", responses=failures(404, 422))
async def get_entry(entry_id: RowId, _principal: Reader, backend: BackendHere) -> EntryAnswer:
    """As it stands, also when it is out of force."""
    async with backend.database.session() as session:
        row = await KnowledgeEntries(session).get(entry_id)
    return EntryAnswer.of(row, backend.zone, terms=[])


@router.post("", status_code=201, summary="Add an entry", responses=failures(409, 413, 422))
async def add(given: EntryInput, principal: Editor, backend: BackendHere) -> EntryAnswer:
    """Its key must be new in its city."""
    async with backend.database.transaction() as session:
        if await KnowledgeEntries(session).of_key(given.city, given.key):
            raise KnowledgeKeyTaken(given.key)
        now = backend.clock()
        row = add_entry(session, given.as_entry(), actor=principal.actor, now=now)
        await session.flush()
        deed = Deed("knowledge.add", "knowledge", str(row.id))
        write_down(session, principal.actor, deed, now=now)
    return EntryAnswer.of(row, backend.zone, terms=[])


@router.put("/{entry_id}", summary="Replace an entry", responses=failures(404, 409, 413, 422))
async def replace(
    entry_id: RowId, given: EntryInput, principal: Editor, backend: BackendHere
) -> EntryAnswer:
    """The whole entry as it shall be."""
    async with backend.database.transaction() as session:
        row = await KnowledgeEntries(session).get(entry_id)
        other = await KnowledgeEntries(session).of_key(given.city, given.key)
        if other is not None and other.id != row.id:
            raise KnowledgeKeyTaken(given.key)
        now = backend.clock()
        if change_entry(row, given.as_entry(), actor=principal.actor, now=now):
            deed = Deed("knowledge.change", "knowledge", str(row.id))
            write_down(session, principal.actor, deed, now=now)
    return EntryAnswer.of(row, backend.zone, terms=[])


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
