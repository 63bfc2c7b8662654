"""Knowledge entries as they are sent and received."""

from dataclasses import asdict
from datetime import date, datetime, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field

from api.schemas.shapes import (
    Input,
    Output,
    ShortText,
    Text,
    clean_text,
    example,
    input_example,
    local,
    local_or_none,
)
from domain.knowledge.entry import Kind, Stage
from domain.knowledge.search import Hit
from services.knowledge import Entry, Standing
from storage.tables.knowledge_entry import KnowledgeEntryRow

Line = Annotated[str, Field(max_length=400), AfterValidator(clean_text)]
EXAMPLE: dict[str, Any] = {
    "key": "social-card",
    "city": "",
    "title": "社会保障卡怎么办理",
    "answer": "本人持身份证到社会保障卡合作银行网点申请。",
    "keywords": "社保卡 补卡",
    "topic": "劳动和社会保障",
    "unit": "人力资源和社会保障局",
    "source": "",
    "valid_until": None,
    "kind": "matter",
    "content": {},
    "needs_papers": False,
    "public_at": None,
    "special": False,
}


class EntryInput(Input):
    """`key` names the entry in its city; `city` empty: for every city."""

    model_config = input_example(**EXAMPLE)

    key: Annotated[str, Field(pattern=r"^[\w.\-]{1,80}$")]
    city: Annotated[str, Field(pattern=r"^[a-z]{0,32}$")] = ""
    title: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(clean_text)]
    answer: Text = Field(min_length=1)
    keywords: Line = ""
    topic: Annotated[str, Field(max_length=120), AfterValidator(clean_text)] = ""
    unit: Annotated[str, Field(max_length=200), AfterValidator(clean_text)] = ""
    source: Line = ""
    valid_until: date | None = None
    kind: Kind = Kind.MATTER
    content: Annotated[dict[ShortText, Text], Field(max_length=50)] = Field(
        default={}, description="The elements the city's text asks for, by name"
    )
    needs_papers: bool = Field(default=False, description="Papers have to be brought")
    public_at: AwareDatetime | None = Field(
        default=None, description="When the policy it explains is published"
    )
    special: bool = Field(default=False, description="It could not be told of before")

    def as_entry(self) -> Entry:
        return Entry(**{**self.model_dump(), "kind": self.kind.value})


class StageInput(Input):
    model_config = input_example(stage="reviewed")

    stage: Stage


class ChangedInput(Input):
    """`at`: when the matter changed or the fault was reported; left out: now."""

    model_config = input_example(at="2026-11-22T09:00:00+08:00")

    at: AwareDatetime | None = None


class FaultAnswer(Output):
    """Why it cannot be published, or came too late."""

    model_config = example(what="缺少 missing: faq", article="第二十一条")

    what: str
    article: str


class OwedAnswer(Output):
    """What a unit owes the knowledge base; `by` null: at once."""

    model_config = example(
        unit="人力资源和社会保障局", what="更新、更正知识库信息", by=None, article="第十二条"
    )

    unit: str
    what: str
    by: datetime | None
    article: str


class EntryAnswer(Output):
    model_config = example(
        id=7,
        **EXAMPLE,
        updated_at="2026-11-22T09:00:00+08:00",
        updated_by="account:li",
        stage="published",
        staged_at="2026-11-22T09:00:00+08:00",
        staged_by="account:li",
        source_changed_at=None,
        faults=[],
        duties=[],
        score=0.8,
        terms=["社保", "保卡"],
    )

    id: int
    key: str
    city: str
    title: str
    answer: str
    keywords: str
    topic: str
    unit: str
    source: str
    valid_until: date | None
    kind: str
    content: dict[str, str]
    needs_papers: bool
    public_at: datetime | None
    special: bool
    updated_at: datetime
    updated_by: str
    stage: str = Field(description="collected, reviewed, published (found by agents) or retired")
    staged_at: datetime
    staged_by: str
    source_changed_at: datetime | None
    faults: list[FaultAnswer] = Field(default=[], description="What the city's text misses in it")
    duties: list[OwedAnswer] = Field(default=[], description="What its unit owes")
    score: float | None = Field(default=None, description="How well it fits `q`, 0 to 1")
    terms: list[str] = Field(default=[], description="What matched, best first")

    @classmethod
    def of(cls, row: KnowledgeEntryRow, zone: tzinfo, stands: Standing) -> "EntryAnswer":
        columns = {name: getattr(row, name) for name in EXAMPLE}
        columns["public_at"] = local_or_none(row.public_at, zone)
        return cls(
            id=row.id,
            **columns,
            updated_at=local(row.updated_at, zone),
            updated_by=row.updated_by,
            stage=row.stage,
            staged_at=local(row.staged_at, zone),
            staged_by=row.staged_by,
            source_changed_at=local_or_none(row.source_changed_at, zone),
            faults=[FaultAnswer.model_validate(asdict(each)) for each in stands.faults],
            duties=[OwedAnswer.model_validate(asdict(each)) for each in stands.duties],
        )

    def found(self, hit: Hit) -> "EntryAnswer":
        """The same entry as the answer to a question."""
        return self.model_copy(update={"score": hit.score, "terms": list(hit.terms)})


class EntryList(Output):
    model_config = example(entries=[])

    entries: list[EntryAnswer]
