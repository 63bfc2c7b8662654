"""What an agent's desk needs while a citizen is on the line."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.schemas.desk import (
    DraftNowAnswer,
    GroundsAnswer,
    PopAnswer,
    SplitInput,
    TemplateAnswer,
    WantedAnswer,
)
from api.schemas.failure import failures
from api.schemas.rules import RuleSetAnswer
from api.schemas.shapes import CallId, ShortText, TicketId
from api.schemas.tickets import TicketAnswer, View, masked_fields
from domain.accounts.permissions import Permission
from domain.cities.load import rule_sets
from domain.drafting.template import template_of
from domain.tickets.category import Category
from services.drafts import Place, drafted_of
from services.screen_pop import screen_pop
from services.splitting import split_off
from storage.repositories.calls import Calls

router = APIRouter(tags=["desk"], dependencies=SCHEMES, responses=failures(401, 403, 422, 503))
Worker = Annotated[Principal, Depends(Require(Permission.SEAT_WORK))]
Editor = Annotated[Principal, Depends(Require(Permission.TICKET_EDIT))]


@router.get("/calls/{call_id}/pop", summary="来电弹屏 What is known", responses=failures(404))
async def pop(call_id: CallId, principal: Worker, backend: BackendHere) -> PopAnswer:
    """Earlier calls, open tickets, warnings of the number: before the call is answered."""
    now = backend.clock()
    async with backend.database.session() as session:
        found = await screen_pop(session, call_id, now=now)
    return PopAnswer.of(found, View(backend.zone, principal.sees_clear), now)


@router.get("/calls/{call_id}/draft", summary="实时填单 The draft so far", responses=failures(404))
async def draft_now(call_id: CallId, principal: Worker, backend: BackendHere) -> DraftNowAnswer:
    """Of everything heard until now, with evidence, duplicates and knowledge; nothing is stored."""
    place = Place(backend.city, backend.zone)
    async with backend.database.session() as session:
        call = await Calls(session).get(call_id)
        found = await drafted_of(session, call, backend.knowledge, place, backend.clock())
    return DraftNowAnswer(
        ticket_id=call.ticket_number,
        fields=found.fields if principal.sees_clear else masked_fields(found.fields),
        utterances=len(found.said),
    )


@router.get("/desk/grounds", summary="不予受理情形 The city's grounds of refusal")
async def grounds(_principal: Worker, backend: BackendHere) -> GroundsAnswer:
    """Of the city served here, by its newest text, with the words it prescribes."""
    rules = RuleSetAnswer.of(rule_sets(backend.city)[-1])
    return GroundsAnswer(city=backend.city, grounds=rules.grounds)


@router.get("/template", summary="事项模板 The form of a matter")
async def template(
    _principal: Worker,
    backend: BackendHere,
    category: Annotated[Category, Query()],
    topic: Annotated[ShortText, Query(description='Levels joined by "/"')] = "",
) -> TemplateAnswer:
    """What is asked for this kind of request, by the city's text and by its topic."""
    elements = rule_sets(backend.city)[-1].content_elements.value
    return TemplateAnswer(
        wanted=[WantedAnswer.of(one) for one in template_of(category, topic, elements)]
    )


@router.post(
    "/tickets/{ticket_id}/split",
    status_code=201,
    summary="拆分 Another matter of the same call",
    responses=failures(404, 409, 413),
)
async def split(
    ticket_id: TicketId, given: SplitInput, principal: Editor, backend: BackendHere
) -> TicketAnswer:
    """A draft of its own, with the call and the requester of the first."""
    async with backend.database.transaction() as session:
        row = await split_off(
            session,
            ticket_id,
            given.matter(),
            actor=principal.actor,
            now=backend.clock(),
            zone=backend.zone,
        )
    return TicketAnswer.of(row, View(backend.zone, principal.sees_clear), recorded=False)
