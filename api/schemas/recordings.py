"""Recordings, listening, retention as they are sent."""

from datetime import datetime, tzinfo
from typing import Any

from pydantic import Field, model_validator

from api.schemas.shapes import (
    CallId,
    Input,
    InputRefused,
    JsonValue,
    Output,
    Reason,
    ShortText,
    example,
    input_example,
    local,
    local_or_none,
)
from storage.tables.listening import ListeningRow
from storage.tables.retention import DeletionRow, LegalHoldRow, RetentionRuleRow

EXAMPLE_LISTENING: dict[str, Any] = {
    "id": 4,
    "at": "2026-11-22T15:31:02+08:00",
    "actor": "account:wang.fang",
    "address": "10.1.2.9",
    "call_id": "hl1-1763843556.12",
    "kind": "whole",
    "from_s": 0.0,
    "to_s": 41.2,
}
EXAMPLE_RULE: dict[str, Any] = {
    "id": 2,
    "name": "暂停服务的证据（本系统建议）",
    "conditions": {"suspension": True},
    "keep_days": 1095,
    "origin": "ours",
    "changed_by": "system",
    "changed_at": "2026-11-22T15:31:02+08:00",
}
EXAMPLE_HOLD: dict[str, Any] = {
    "id": 1,
    "call_id": "hl1-1763843556.12",
    "reason": "行政诉讼（2026）浙01行初12号",
    "placed_by": "account:li.hong",
    "placed_at": "2026-11-22T15:31:02+08:00",
}
EXAMPLE_DELETION: dict[str, Any] = {
    "id": 1,
    "proposed_by": "system",
    "proposed_at": "2026-11-22T03:00:00+08:00",
    "confirmed_by": "account:zhao.min",
    "confirmed_at": "2026-11-22T09:12:00+08:00",
    "withdrawn_at": None,
    "done_at": "2026-11-22T09:13:20+08:00",
    "recordings": 120,
    "gone": 119,
    "spared": 1,
    "certificate": '{"deletion": 1, "recordings": []}',
    "signature": "uYxCt…",
}


class Peaks(Output):
    """Percent of full scale, `per_second` of them in each second, for each voice."""

    model_config = example(length_s=0.03, per_second=100.0, caller=[0, 40, 12], heard=[3, 0, 0])

    length_s: float
    per_second: float
    caller: list[int]
    heard: list[int]


class Played(Input):
    """A part of a recording that the player has played, in seconds."""

    model_config = input_example(from_s=12.0, to_s=17.0)

    from_s: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)
    to_s: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)

    @model_validator(mode="after")
    def _in_order(self) -> "Played":
        if self.to_s < self.from_s:
            raise InputRefused("to_s lies before from_s", "结束时间早于开始时间")
        return self


class ListeningAnswer(Output):
    """One stretch of sound that somebody received or played."""

    model_config = example(**EXAMPLE_LISTENING)

    id: int
    at: datetime
    actor: str
    address: str
    call_id: str
    kind: str = Field(description="whole, redacted, download, or played: what the player says")
    from_s: float
    to_s: float

    @classmethod
    def of(cls, row: ListeningRow, zone: tzinfo) -> "ListeningAnswer":
        names = ("id", "actor", "address", "call_id", "kind", "from_s", "to_s")
        return cls(at=local(row.at, zone), **{name: getattr(row, name) for name in names})


class ListeningPage(Output):
    """Newest first."""

    model_config = example(entries=[EXAMPLE_LISTENING], after=None)

    entries: list[ListeningAnswer]
    after: str | None = Field(description="Give it as `after` for the next page; null on the last")


class RuleGiven(Input):
    """A retention rule.

    `conditions`: queues, topics, ticket_statuses (lists), ticket_open, suspension (true or
    false), score_below (points).
    """

    model_config = input_example(
        name="市容投诉两年", conditions={"topics": ["城市管理"]}, keep_days=730
    )

    name: ShortText = Field(min_length=1, max_length=120)
    conditions: dict[str, JsonValue] = Field(default_factory=dict)
    keep_days: int | None = Field(ge=1, le=36_500, description="null: for ever")


class RuleAnswer(Output):
    """The longest of all rules that fit a recording wins. `origin` ours: our proposal, not law."""

    model_config = example(**EXAMPLE_RULE)

    id: int
    name: str
    conditions: dict[str, Any]
    keep_days: int | None
    origin: str
    changed_by: str
    changed_at: datetime

    @classmethod
    def of(cls, row: RetentionRuleRow, zone: tzinfo) -> "RuleAnswer":
        names = ("id", "name", "conditions", "keep_days", "origin", "changed_by")
        values = {name: getattr(row, name) for name in names}
        return cls(**values, changed_at=local(row.changed_at, zone))


class RuleList(Output):
    model_config = example(rules=[EXAMPLE_RULE])

    rules: list[RuleAnswer]


class HoldGiven(Input):
    """While a hold is in force, no rule deletes the call's recording."""

    model_config = input_example(call_id="hl1-1763843556.12", reason="行政诉讼（2026）浙01行初12号")

    call_id: CallId
    reason: Reason


class HoldAnswer(Output):
    model_config = example(**EXAMPLE_HOLD)

    id: int
    call_id: str
    reason: str
    placed_by: str
    placed_at: datetime

    @classmethod
    def of(cls, row: LegalHoldRow, zone: tzinfo) -> "HoldAnswer":
        names = ("id", "call_id", "reason", "placed_by")
        values = {name: getattr(row, name) for name in names}
        return cls(**values, placed_at=local(row.placed_at, zone))


class HoldList(Output):
    model_config = example(holds=[EXAMPLE_HOLD])

    holds: list[HoldAnswer]


class DueAnswer(Output):
    """A recording that would go now: the dry run."""

    model_config = example(
        call_id="hl1-1763843556.12",
        started_at="2025-11-20T10:00:00+08:00",
        rule="全部录音（本系统建议）",
        until="2026-11-20T10:00:00+08:00",
    )

    call_id: str
    started_at: datetime
    rule: str
    until: datetime


class DueList(Output):
    """The first of them, oldest first, and how many there are."""

    model_config = example(
        number=1,
        first=[
            {
                "call_id": "hl1-1763843556.12",
                "started_at": "2025-11-20T10:00:00+08:00",
                "rule": "全部录音（本系统建议）",
                "until": "2026-11-20T10:00:00+08:00",
            }
        ],
    )

    number: int
    first: list[DueAnswer]


class KeysAnswer(Output):
    """`active` seals what is recorded from now on; `public_key` checks our signatures."""

    model_config = example(active="k2", keys=["k1", "k2"], public_key="uYxCt…")

    active: str
    keys: list[str]
    public_key: str


class DeletionAnswer(Output):
    """Proposed by one person, confirmed by another, carried out by the machine, certified."""

    model_config = example(**EXAMPLE_DELETION)

    id: int
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    done_at: datetime | None
    recordings: int
    gone: int
    spared: int
    certificate: str
    signature: str = Field(description="Ed25519 over the certificate, base64")

    @classmethod
    def of(cls, row: DeletionRow, counts: tuple[int, int, int], zone: tzinfo) -> "DeletionAnswer":
        number, gone, spared = counts
        return cls(
            id=row.id,
            proposed_by=row.proposed_by,
            proposed_at=local(row.proposed_at, zone),
            confirmed_by=row.confirmed_by,
            confirmed_at=local_or_none(row.confirmed_at, zone),
            withdrawn_at=local_or_none(row.withdrawn_at, zone),
            done_at=local_or_none(row.done_at, zone),
            recordings=number,
            gone=gone,
            spared=spared,
            certificate=row.certificate,
            signature=row.signature,
        )


class DeletionList(Output):
    """Newest first. `public_key` checks their signatures."""

    model_config = example(deletions=[EXAMPLE_DELETION], public_key="9qW0…")

    deletions: list[DeletionAnswer]
    public_key: str
