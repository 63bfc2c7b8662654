"""/review: find recordings, see them whole, comment, correct, work lists."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from api.auth import SCHEMES, BackendHere, Principal, Require
from api.paging import Paging
from api.schemas.failure import failures
from api.schemas.review import (
    CommentAnswer,
    CommentGiven,
    CorrectionGiven,
    DealGiven,
    Dealt,
    DeskCall,
    MarkAnswer,
    RecordingCardAnswer,
    RecordingCardPage,
    SamplingAnswer,
    SamplingGiven,
    SamplingList,
    SearchAnswer,
    SearchGiven,
    SearchList,
    SpokenAnswer,
    UnmaskAnswer,
    UnmaskGiven,
    WorkAnswer,
    WorkList,
)
from api.schemas.shapes import CallId, Phone, RowId, ShortText, local, local_or_none
from api.schemas.tickets import View
from domain.accounts.permissions import Permission
from domain.review.finding import wanted_words
from domain.tickets.status import TicketStatus
from services.audit import Deed, write_down
from services.cards import call_marks
from services.desk import Correction, Deal, correct, fill_lists, hits
from services.transcripts import transcript
from services.unmasking import unmask_call, unmasked_until
from storage.repositories.cards import CardFilter, Cards
from storage.repositories.review import Desk
from storage.search.words import segmenter
from storage.tables.review import CallCommentRow, SamplingRuleRow, SavedSearchRow

router = APIRouter(
    prefix="/review", tags=["review"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
Reviewer = Annotated[Principal, Depends(Require(Permission.REVIEW_SCORE))]
Unmasker = Annotated[
    Principal, Depends(Require(Permission.REVIEW_SCORE, Permission.PERSONAL_UNMASK))
]
Lead = Annotated[Principal, Depends(Require(Permission.REVIEW_LEAD))]
Seconds = Annotated[float, Query(ge=0, le=1_000_000, allow_inf_nan=False)]


class _Equal:
    """Filters that name exactly what is wanted."""

    def __init__(
        self,
        caller: Annotated[Phone | None, Query(description="The whole number")] = None,
        seat: ShortText | None = None,
        agent: ShortText | None = None,
        queue: ShortText | None = None,
        district: ShortText | None = None,
        category: ShortText | None = None,
    ) -> None:
        values = {
            "caller": caller,
            "seat": seat,
            "agent": agent,
            "queue": queue,
            "district": district,
            "category": category,
        }
        self.values: dict[str, str | int] = {
            name: value for name, value in values.items() if value is not None
        }


class _Ranges:
    """Filters by figures."""

    def __init__(
        self,
        length_min: Seconds | None = None,
        silence_min: Seconds | None = None,
        talk_over_min: Seconds | None = None,
        length_max: Seconds | None = None,
        score_max: Annotated[float, Query(ge=0, le=100)] | None = None,
        confidence_max: Annotated[float, Query(ge=0, le=1)] | None = None,
    ) -> None:
        least = {
            "length_s": length_min,
            "silence_s": silence_min,
            "talk_over_s": talk_over_min,
        }
        most = {"length_s": length_max, "score": score_max, "confidence": confidence_max}
        self.at_least = {name: value for name, value in least.items() if value is not None}
        self.at_most = {name: value for name, value in most.items() if value is not None}


class _Rest:
    def __init__(
        self,
        topic: Annotated[ShortText | None, Query(description="Its beginning")] = None,
        tag: Annotated[
            list[ShortText] | None, Query(description="All of them", max_length=8)
        ] = None,
        ticket_status: TicketStatus | None = None,
        satisfaction: Annotated[int, Query(ge=1, le=5)] | None = None,
        started_from: AwareDatetime | None = None,
        started_before: AwareDatetime | None = None,
    ) -> None:
        self.satisfaction = satisfaction
        self.values = {
            "topic": topic,
            "tags": tag or [],
            "ticket_status": ticket_status,
            "started_from": started_from,
            "started_before": started_before,
        }


async def wanted_cards(
    equal: Annotated[_Equal, Depends()],
    ranges: Annotated[_Ranges, Depends()],
    rest: Annotated[_Rest, Depends()],
    words: Annotated[
        ShortText | None, Query(description="Words that were said; “quoted” ones together")
    ] = None,
    by_sound: Annotated[bool, Query(description="Also what only sounds the same")] = True,
) -> CardFilter:
    """Raises `QuestionRefused`."""
    satisfaction = {} if rest.satisfaction is None else {"satisfaction": rest.satisfaction}
    return CardFilter(
        words=[] if words is None else wanted_words(words, segmenter()),
        by_sound=by_sound,
        equal={**equal.values, **satisfaction},
        at_least=ranges.at_least,
        at_most=ranges.at_most,
        **rest.values,  # type: ignore[arg-type]
    )


@router.get("/calls", summary="Find recordings", responses=failures(422))
async def find_recordings(
    principal: Reviewer,
    backend: BackendHere,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[CardFilter, Depends(wanted_cards)],
) -> RecordingCardPage:
    """Newest first, with the places where searched words were said."""
    view = View(backend.zone, principal.sees_clear)
    async with backend.database.session() as session:
        cards = Cards(session)
        page = await cards.page(wanted, after=paging.cursor(), limit=paging.limit)
        tags = await cards.tags_of([row.call_id for row in page.rows])
        found = []
        for row in page.rows:
            places = (
                await hits(session, row.call_id, wanted.words, by_sound=wanted.by_sound)
                if wanted.words
                else []
            )
            found.append(RecordingCardAnswer.of(row, tags.get(row.call_id, []), places, view))
    return RecordingCardPage(recordings=found, after=page.after)


@router.get("/calls/{call_id}", summary="See a recorded call", responses=failures(404, 422))
async def see_call(call_id: CallId, principal: Reviewer, backend: BackendHere) -> DeskCall:
    """Its card, marks, transcript with corrections (private words masked), and comments."""
    async with backend.database.session() as session:
        until = await unmasked_until(session, call_id, principal.actor, now=backend.clock())
        clear = principal.sees_clear or until is not None
        view = View(backend.zone, clear)
        cards, desk = Cards(session), Desk(session)
        card = await cards.get(call_id)
        tags = await cards.tags_of([call_id])
        marks = await call_marks(session, call_id)
        said = await transcript(session, call_id)
        comments = await desk.comments(call_id)
        corrections = await desk.corrections(call_id)
    spoken = [
        SpokenAnswer.of(
            row,
            {one.place: one for one in corrections if one.utterance_id == row.id},
            clear=clear,
        )
        for row in said
    ]
    return DeskCall(
        card=RecordingCardAnswer.of(card, tags.get(call_id, []), [], view),
        marks=[MarkAnswer.of(mark) for mark in marks],
        transcript=spoken,
        comments=[CommentAnswer.of(row, backend.zone) for row in comments],
        unmasked_until=local_or_none(until, backend.zone),
        unmasked_left_s=0.0 if until is None else (until - backend.clock()).total_seconds(),
    )


@router.post(
    "/calls/{call_id}/unmask",
    summary="Hear and read a call in clear for a while",
    responses=failures(404, 422),
)
async def unmask(
    call_id: CallId, given: UnmaskGiven, principal: Unmasker, backend: BackendHere
) -> UnmaskAnswer:
    """Ten minutes, for you alone; then private words are hidden again. Audited."""
    async with backend.database.transaction() as session:
        row = await unmask_call(
            session, call_id, principal.actor, given.reason, now=backend.clock()
        )
    return UnmaskAnswer(until=local(row.until, backend.zone))


@router.post(
    "/calls/{call_id}/comments",
    status_code=201,
    summary="Comment at a second",
    responses=failures(404, 422),
)
async def comment(
    call_id: CallId, given: CommentGiven, principal: Reviewer, backend: BackendHere
) -> CommentAnswer:
    """Everybody at the desk sees it."""
    row = CallCommentRow(
        call_id=call_id,
        at_s=given.at_s,
        author=principal.actor.name,
        text=given.text,
        made_at=backend.clock(),
    )
    async with backend.database.transaction() as session:
        await Cards(session).get(call_id)
        Desk(session).add(row)
    return CommentAnswer.of(row, backend.zone)


@router.post(
    "/calls/{call_id}/corrections",
    status_code=204,
    summary="Correct a word",
    responses=failures(404, 422),
)
async def correct_word(
    call_id: CallId, given: CorrectionGiven, principal: Reviewer, backend: BackendHere
) -> Response:
    """What was recognised is kept beside it; searches find the corrected word from now on."""
    wanted = Correction(call_id, given.utterance_id, given.place, given.corrected)
    async with backend.database.transaction() as session:
        await correct(session, wanted, principal.actor, now=backend.clock())
    return Response(status_code=204)


@router.get("/work", summary="See your work list")
async def work_list(principal: Reviewer, backend: BackendHere) -> WorkList:
    """What was dealt to you and is not reviewed yet, oldest first."""
    async with backend.database.session() as session:
        rows = await Desk(session).work_of(principal.actor.name)
    return WorkList(work=[WorkAnswer.of(row, backend.zone) for row in rows])


@router.get("/sampling", summary="List sampling rules")
async def list_sampling(_principal: Lead, backend: BackendHere) -> SamplingList:
    """In the order in which they choose."""
    async with backend.database.session() as session:
        rows = await Desk(session).rules()
    return SamplingList(rules=[SamplingAnswer.of(row) for row in rows])


@router.post("/sampling", status_code=201, summary="Add a sampling rule", responses=failures(422))
async def add_sampling(
    given: SamplingGiven, principal: Lead, backend: BackendHere
) -> SamplingAnswer:
    """It chooses after those that are there. Audited."""
    row = SamplingRuleRow(
        name=given.name,
        kind=given.kind,
        number=given.number,
        changed_by=principal.actor.name,
        changed_at=backend.clock(),
    )
    async with backend.database.transaction() as session:
        Desk(session).add(row)
        deed = Deed("review.sampling.add", "sampling_rule", given.name)
        write_down(session, principal.actor, deed, now=backend.clock())
    return SamplingAnswer.of(row)


@router.delete(
    "/sampling/{rule_id}",
    status_code=204,
    summary="Remove a sampling rule",
    responses=failures(404, 422),
)
async def remove_sampling(rule_id: RowId, principal: Lead, backend: BackendHere) -> Response:
    """What it dealt stays dealt. Audited."""
    async with backend.database.transaction() as session:
        await Desk(session).remove_rule(rule_id)
        deed = Deed("review.sampling.remove", "sampling_rule", str(rule_id))
        write_down(session, principal.actor, deed, now=backend.clock())
    return Response(status_code=204)


@router.post("/sampling/deal", summary="Fill the work lists", responses=failures(422))
async def deal_work(given: DealGiven, principal: Lead, backend: BackendHere) -> Dealt:
    """By the rules; no call that was dealt or reviewed before is dealt again. Audited."""
    reviewers = [f"account:{name}" for name in given.reviewers]
    wanted = Deal(reviewers, given.started_from, given.started_before)
    async with backend.database.transaction() as session:
        dealt = await fill_lists(session, wanted, principal.actor, now=backend.clock())
    return Dealt(dealt=dealt)


@router.get("/searches", summary="List your saved searches")
async def list_searches(principal: Reviewer, backend: BackendHere) -> SearchList:
    """By name."""
    async with backend.database.session() as session:
        rows = await Desk(session).searches(principal.actor.name)
    return SearchList(searches=[SearchAnswer.of(row) for row in rows])


@router.post("/searches", status_code=201, summary="Save a search", responses=failures(422))
async def save_search(
    given: SearchGiven, principal: Reviewer, backend: BackendHere
) -> SearchAnswer:
    """For yourself."""
    row = SavedSearchRow(
        owner=principal.actor.name,
        name=given.name,
        question=given.question,
        saved_at=backend.clock(),
    )
    async with backend.database.transaction() as session:
        Desk(session).add(row)
    return SearchAnswer.of(row)


@router.delete(
    "/searches/{search_id}",
    status_code=204,
    summary="Forget a saved search",
    responses=failures(404, 422),
)
async def forget_search(search_id: RowId, principal: Reviewer, backend: BackendHere) -> Response:
    """Only your own."""
    async with backend.database.transaction() as session:
        await Desk(session).remove_search(search_id, principal.actor.name)
    return Response(status_code=204)
