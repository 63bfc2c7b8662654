"""Knowledge entries as they are sent and received."""

from datetime import date, datetime, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from api.schemas.shapes import Input, Output, Text, clean_text, example, input_example, local
from services.knowledge import Entry
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

    def as_entry(self) -> Entry:
        return Entry(**self.model_dump())


class EntryAnswer(Output):
    model_config = example(
        id=7,
        **EXAMPLE,
        updated_at="2026-11-22T09:00:00+08:00",
        updated_by="account:li",
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
    updated_at: datetime
    updated_by: str
    score: float | None = Field(default=None, description="How well it fits `q`, 0 to 1")
    terms: list[str] = Field(default=[], description="What matched, best first")

    @classmethod
    def of(
        cls, row: KnowledgeEntryRow, zone: tzinfo, *, score: float | None = None, terms: list[str]
    ) -> "EntryAnswer":
        columns = {name: getattr(row, name) for name in EXAMPLE}
        return cls(
            id=row.id,
            **columns,
            updated_at=local(row.updated_at, zone),
            updated_by=row.updated_by,
            score=score,
            terms=terms,
        )


class EntryList(Output):
    model_config = example(entries=[])

    entries: list[EntryAnswer]
