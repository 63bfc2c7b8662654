"""The review desk as it is sent: cards, marks, transcripts with corrections, work lists."""

from datetime import datetime, tzinfo
from typing import Any

from pydantic import AwareDatetime, Field

from api.schemas.calls import masked_words
from api.schemas.shapes import (
    Input,
    JsonValue,
    Output,
    Reason,
    ShortText,
    example,
    input_example,
    local,
)
from api.schemas.tickets import View
from domain.accounts.masking import mask_number, mask_text
from domain.review.marks import Mark
from domain.review.sampling import SamplingKind
from services.desk import Hit
from storage.tables.recording_card import RecordingCardRow
from storage.tables.review import (
    CallCommentRow,
    CorrectionRow,
    SamplingRuleRow,
    SavedSearchRow,
    WorkItemRow,
)
from storage.tables.utterance import UtteranceRow

EXAMPLE_HIT = {"side": "caller", "at_s": 12.4, "text": "人民路的路灯坏了", "exact": True}
EXAMPLE_CARD: dict[str, Any] = {
    "call_id": "hl1-1763843556.12",
    "started_at": "2026-11-22T15:28:21+08:00",
    "caller": "138****0000",
    "seat": "1001",
    "agent": "li.hong",
    "queue": "default",
    "topic": "城市管理/路灯",
    "district": "余杭区",
    "category": "投诉",
    "ticket_id": "261122557010",
    "outcome": "agent",
    "length_s": 79.0,
    "answer_s": 4.1,
    "silence_s": 12.5,
    "talk_over_s": 1.4,
    "confidence": 0.93,
    "satisfaction": 2,
    "score": 88.5,
    "keeping": "kept",
    "tags": ["emergency", "node:greeting"],
    "hits": [EXAMPLE_HIT],
}
EXAMPLE_MARK = {"kind": "silence", "from_s": 20.0, "to_s": 32.5, "label": ""}
EXAMPLE_COMMENT: dict[str, Any] = {
    "id": 3,
    "at_s": 31.0,
    "author": "account:wang.fang",
    "text": "此处未核对地址",
    "made_at": "2026-11-22T16:00:00+08:00",
}
EXAMPLE_SPOKEN: dict[str, Any] = {
    "id": 7,
    "side": "caller",
    "start_s": 10.2,
    "end_s": 11.1,
    "text": "人民路灯不亮",
    "words": [{"word": "人民", "start_s": 10.2, "end_s": 10.6, "original": "人命"}],
}
EXAMPLE_WORK: dict[str, Any] = {
    "call_id": "hl1-1763843556.12",
    "rule": "每周随机两通",
    "reviewer": "account:wang.fang",
    "dealt_at": "2026-11-22T16:00:00+08:00",
}
EXAMPLE_RULE: dict[str, Any] = {
    "id": 1,
    "name": "每周随机两通",
    "kind": "random_per_agent_week",
    "number": 2,
}
EXAMPLE_SEARCH: dict[str, Any] = {
    "id": 1,
    "name": "人民路投诉",
    "question": {"words": "人民路", "category": "投诉"},
}
PLAIN = (
    "call_id", "seat", "agent", "queue", "topic", "district", "category", "ticket_id", "outcome",
    "length_s", "answer_s", "silence_s", "talk_over_s", "confidence", "satisfaction", "score",
    "keeping",
)  # fmt: skip


class HitAnswer(Output):
    """Where searched words were said; `exact` false: it only sounds the same."""

    model_config = example(**EXAMPLE_HIT)

    side: str
    at_s: float
    text: str
    exact: bool


class RecordingCardAnswer(Output):
    """A recording with what it is found by; times in seconds."""

    model_config = example(**EXAMPLE_CARD)

    call_id: str
    started_at: datetime
    caller: str = Field(description="Masked")
    seat: str
    agent: str
    queue: str
    topic: str
    district: str
    category: str
    ticket_id: str
    outcome: str
    length_s: float
    answer_s: float | None = Field(description="How long the seat rang")
    silence_s: float = Field(description="The longest silence above 10 s; 0: none")
    talk_over_s: float
    confidence: float
    satisfaction: int | None
    score: float | None = Field(description="Of 100, once released")
    keeping: str = Field(description="kept, going or gone")
    tags: list[str]
    hits: list[HitAnswer]

    @classmethod
    def of(
        cls, row: RecordingCardRow, tags: list[str], hits: list[Hit], view: View
    ) -> "RecordingCardAnswer":
        values = {name: getattr(row, name) for name in PLAIN}
        shown = [HitAnswer(**{**vars(hit), "text": mask_text(hit.text)}) for hit in hits]
        caller = row.caller if view.clear else mask_number(row.caller)
        at = local(row.started_at, view.zone)
        return cls(**values, started_at=at, caller=caller, tags=tags, hits=shown)


class RecordingCardPage(Output):
    """Newest first."""

    model_config = example(recordings=[EXAMPLE_CARD], after=None)

    recordings: list[RecordingCardAnswer]
    after: str | None = Field(description="Give it as `after` for the next page; null on the last")


class MarkAnswer(Output):
    """Something to look at: talk_over, silence, hold, transfer, emergency, abuse, warning, node."""

    model_config = example(**EXAMPLE_MARK)

    kind: str
    from_s: float
    to_s: float
    label: str

    @classmethod
    def of(cls, mark: Mark) -> "MarkAnswer":
        return cls(kind=mark.kind, from_s=mark.from_s, to_s=mark.to_s, label=mark.label)


class CommentAnswer(Output):
    model_config = example(**EXAMPLE_COMMENT)

    id: int
    at_s: float
    author: str
    text: str
    made_at: datetime

    @classmethod
    def of(cls, row: CallCommentRow, zone: tzinfo) -> "CommentAnswer":
        return cls(
            id=row.id,
            at_s=row.at_s,
            author=row.author,
            text=row.text,
            made_at=local(row.made_at, zone),
        )


class SpokenWord(Output):
    """`original`: what was recognised, where a person has corrected it."""

    model_config = example(**EXAMPLE_SPOKEN["words"][0])

    word: str
    start_s: float
    end_s: float
    original: str | None = None


class SpokenAnswer(Output):
    """One utterance, private words masked; `words` in order, for `place` of a correction."""

    model_config = example(**EXAMPLE_SPOKEN)

    id: int
    side: str
    start_s: float
    end_s: float
    text: str
    words: list[SpokenWord]

    @classmethod
    def of(
        cls, row: UtteranceRow, corrected: dict[int, CorrectionRow], *, clear: bool = False
    ) -> "SpokenAnswer":
        """``clear``: nothing is masked."""
        heard = [
            {**word, "word": corrected[place].corrected} if place in corrected else word
            for place, word in enumerate(row.words)
        ]
        masked = heard if clear else masked_words(heard)
        words = [
            SpokenWord(
                word=word["word"],
                start_s=word["start_s"],
                end_s=word["end_s"],
                original=_shown(corrected[place].original, clear=clear)
                if place in corrected
                else None,
            )
            for place, word in enumerate(masked)
        ]
        text = "".join(word.word for word in words) or _shown(row.text, clear=clear)
        ends = {"start_s": row.start_s, "end_s": row.end_s}
        return cls(id=row.id, side=row.side, text=text, words=words, **ends)


def _shown(text: str, *, clear: bool) -> str:
    return text if clear else mask_text(text)


class DeskCall(Output):
    """Everything the desk shows of one call; sound and waveform come apart."""

    model_config = example(
        card=EXAMPLE_CARD,
        marks=[EXAMPLE_MARK],
        transcript=[EXAMPLE_SPOKEN],
        comments=[EXAMPLE_COMMENT],
        unmasked_until=None,
        unmasked_left_s=0.0,
    )

    card: RecordingCardAnswer
    marks: list[MarkAnswer]
    transcript: list[SpokenAnswer]
    comments: list[CommentAnswer]
    unmasked_until: datetime | None = Field(
        default=None, description="Until then you see and hear private words"
    )
    unmasked_left_s: float = Field(
        default=0.0, description="So long from now; a page's own clock may be wrong"
    )


class UnmaskGiven(Input):
    model_config = input_example(reason="核对投诉人所说的门牌号")

    reason: Reason


class UnmaskAnswer(Output):
    model_config = example(until="2026-11-22T15:41:02+08:00")

    until: datetime


class CommentGiven(Input):
    """A remark at a second of the call."""

    model_config = input_example(at_s=31.0, text="此处未核对地址")

    at_s: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)
    text: ShortText = Field(min_length=1)


class CorrectionGiven(Input):
    """The right word for the `place`-th word (from 0) of an utterance."""

    model_config = input_example(utterance_id=7, place=0, corrected="人民")

    utterance_id: int = Field(ge=1, le=2**31 - 1)
    place: int = Field(ge=0, le=100_000)
    corrected: ShortText = Field(min_length=1, max_length=40)


class WorkAnswer(Output):
    model_config = example(**EXAMPLE_WORK)

    call_id: str
    rule: str
    reviewer: str
    dealt_at: datetime

    @classmethod
    def of(cls, row: WorkItemRow, zone: tzinfo) -> "WorkAnswer":
        at = local(row.dealt_at, zone)
        return cls(call_id=row.call_id, rule=row.rule, reviewer=row.reviewer, dealt_at=at)


class WorkList(Output):
    """What is still to be reviewed, oldest first."""

    model_config = example(work=[EXAMPLE_WORK])

    work: list[WorkAnswer]


class SamplingGiven(Input):
    """`number`: calls per agent and week, first calls of an agent, or how many of the lowest."""

    model_config = input_example(name="每周随机两通", kind="random_per_agent_week", number=2)

    name: ShortText = Field(min_length=1, max_length=120)
    kind: SamplingKind
    number: int = Field(default=1, ge=1, le=1000)


class SamplingAnswer(Output):
    model_config = example(**EXAMPLE_RULE)

    id: int
    name: str
    kind: str
    number: int

    @classmethod
    def of(cls, row: SamplingRuleRow) -> "SamplingAnswer":
        return cls(id=row.id, name=row.name, kind=row.kind, number=row.number)


class SamplingList(Output):
    model_config = example(rules=[EXAMPLE_RULE])

    rules: list[SamplingAnswer]


class DealGiven(Input):
    """Fill the lists of these accounts with calls begun in a time."""

    model_config = input_example(
        reviewers=["wang.fang"],
        started_from="2026-11-16T00:00:00+08:00",
        started_before="2026-11-23T00:00:00+08:00",
    )

    reviewers: list[ShortText] = Field(min_length=1, max_length=200)
    started_from: AwareDatetime
    started_before: AwareDatetime


class Dealt(Output):
    model_config = example(dealt=12)

    dealt: int


class SearchGiven(Input):
    """A search to keep: its name and the parameters of `GET /review/calls`."""

    model_config = input_example(name="人民路投诉", question={"words": "人民路"})

    name: ShortText = Field(min_length=1, max_length=120)
    question: dict[str, JsonValue]


class SearchAnswer(Output):
    model_config = example(**EXAMPLE_SEARCH)

    id: int
    name: str
    question: dict[str, Any]

    @classmethod
    def of(cls, row: SavedSearchRow) -> "SearchAnswer":
        return cls(id=row.id, name=row.name, question=row.question)


class SearchList(Output):
    model_config = example(searches=[EXAMPLE_SEARCH])

    searches: list[SearchAnswer]
