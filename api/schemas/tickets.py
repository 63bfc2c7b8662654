"""Tickets as they are sent and received."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.failure import Failure
from api.schemas.shapes import (
    Input,
    JsonValue,
    Output,
    Phone,
    Reason,
    ShortText,
    Text,
    example,
    input_example,
    local,
)
from domain.accounts.masking import mask_all, mask_number, mask_text
from domain.tickets.category import Category
from domain.tickets.disclosure import shown_requester
from domain.tickets.lifecycle.ticket import Ticket
from domain.tickets.status import TicketStatus
from services.case_record import rules_of
from services.tickets import NewTicket, TicketEdit
from storage.repositories.ticket_events import TicketEvent
from storage.tables.ticket import TicketRow
from storage.tables.ticket_event import TicketEventRow

# What in an entry's detail names another ticket; a number begins with its day, which hardly any
# telephone number does.
NAMING_A_TICKET = ("ticket", "duplicate_of")
TICKET_NUMBER = re.compile("[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{6}")
FieldName = Annotated[str, Field(min_length=1, max_length=64)]
EXAMPLE_FIELD = {
    "value": "人民路186号",
    "confidence": 0.92,
    "spans": [{"side": "caller", "start_s": 3.2, "end_s": 5.1, "words": "人民路一百八十六号"}],
    "rule": "road + number",
    "drafted": None,
}
EXAMPLE_TICKET: dict[str, Any] = {
    "ticket_id": "261122557010",
    "call_id": "hl1-1763843556.12",
    "status": "draft",
    "city": "hangzhou",
    "category": "投诉",
    "title": "",
    "summary": "人民路186号门前路灯不亮",
    "caller": "138****0000",
    "masked": True,
    "fields": {"address": EXAMPLE_FIELD},
    "caller_text": "你好人民路一百八十六号门前的路灯不亮了",
    "agent_text": "好的我们尽快处理",
    "recording": "/calls/hl1-1763843556.12/recording",
    "origin": "phone",
    "created_at": "2026-11-22T15:28:21+08:00",
    "updated_at": "2026-11-22T15:28:21+08:00",
    "version": 1,
}


class Span(Input):
    """A stretch of speech that a field came from; seconds since the call was answered."""

    side: Literal["caller", "agent"]
    start_s: float = Field(ge=0, allow_inf_nan=False)
    end_s: float = Field(ge=0, allow_inf_nan=False)
    words: Text = ""


class NewField(Input):
    """A field with its evidence, as the sender knows it."""

    value: JsonValue
    confidence: float = Field(default=1.0, ge=0, le=1)
    spans: list[Span] = Field(default=[], max_length=100)
    rule: ShortText = "given"


class TicketInput(Input):
    """A request that did not come as a call to us."""

    model_config = input_example(
        category="投诉",
        summary="人民路186号门前路灯不亮",
        caller="13800000000",
        caller_text="人民路186号门前的路灯不亮了",
        fields={"address": {"value": "人民路186号"}},
    )

    city: str | None = Field(
        default=None, pattern=r"^[a-z][a-z_]{1,31}$", description="Default: the city served here"
    )
    category: Category | Literal[""] = ""
    title: ShortText = ""
    summary: Text = ""
    caller: Phone = ""
    caller_text: Text = ""
    agent_text: Text = ""
    fields: dict[FieldName, NewField] = Field(default={}, max_length=100)

    def as_new_ticket(self, *, city: str) -> NewTicket:
        return NewTicket(
            city=self.city or city,
            category=str(self.category),
            title=self.title,
            summary=self.summary,
            caller=self.caller,
            caller_text=self.caller_text,
            agent_text=self.agent_text,
            fields={name: found.model_dump(mode="json") for name, found in self.fields.items()},
        )


class TicketPatch(Input):
    """What to change. What is left out stays; a field set to null is taken away."""

    model_config = input_example(
        version=1, category="求助", fields={"address": "人民路188号"}, status="submitted"
    )

    version: int = Field(
        ge=1, le=2**31 - 1, description="The version you had before you; another one is refused"
    )
    status: TicketStatus | None = None
    category: Category | None = None
    title: ShortText | None = None
    summary: Text | None = None
    caller: Phone | None = None
    fields: dict[FieldName, JsonValue] | None = Field(
        default=None, max_length=100, description="Name → the right value"
    )

    def as_edit(self) -> TicketEdit:
        return TicketEdit(
            version=self.version,
            status=self.status,
            category=None if self.category is None else self.category.value,
            title=self.title,
            summary=self.summary,
            caller=self.caller,
            fields=self.fields,
        )


class UnmaskInput(Input):
    """Why the number is needed; it goes into the audit trail."""

    model_config = input_example(reason="回拨核实地址")

    reason: Reason


@dataclass(frozen=True)
class View:
    """How the one who asks sees tickets and calls."""

    zone: tzinfo
    clear: bool


class TicketAnswer(Output):
    """A ticket as it stands."""

    model_config = example(**EXAMPLE_TICKET)

    ticket_id: str
    call_id: str | None
    status: TicketStatus
    city: str
    category: str
    title: str
    summary: str
    caller: str = Field(description="Masked unless `masked` is false")
    masked: bool
    fields: dict[str, Any] = Field(
        description="Name → {value, confidence 0–1, spans, rule, drafted: the machine's field if "
        "a person has corrected it}"
    )
    caller_text: str = Field(description="The words as recognised, no spaces")
    agent_text: str
    recording: str = Field(description="API path of the recording, empty if there is none")
    origin: str = Field(description="phone or api")
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: TicketRow, view: View, *, recorded: bool) -> "TicketAnswer":
        text = str if view.clear else mask_text
        return cls(
            ticket_id=row.id,
            call_id=row.call_id,
            status=row.status,
            city=row.city,
            category=row.category,
            title=text(row.title),
            summary=text(row.summary),
            caller=row.caller if view.clear else mask_number(row.caller),
            masked=not view.clear,
            fields=row.fields if view.clear else masked_fields(row.fields),
            caller_text=text(row.caller_text),
            agent_text=text(row.agent_text),
            recording=f"/calls/{row.call_id}/recording" if recorded else "",
            origin=row.origin,
            created_at=local(row.created_at, view.zone),
            updated_at=local(row.updated_at, view.zone),
            version=row.version,
        )


def masked_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Private words masked; of the caller's name, which stands alone, all but the first sign."""
    shown: dict[str, Any] = mask_all(dict(fields))
    name = shown.get("contact_name")
    if isinstance(name, dict) and isinstance(name.get("value"), str):
        told = name["value"]
        spans = [{**span, "words": "*" * len(span["words"])} for span in name.get("spans", [])]
        shown["contact_name"] = {**name, "value": told[:1] + "*" * len(told[1:]), "spans": spans}
    return shown


class TicketPage(Output):
    """Newest first."""

    model_config = example(tickets=[EXAMPLE_TICKET], after=None)

    tickets: list[TicketAnswer]
    after: str | None = Field(description="Give it as `after` for the next page; null on the last")


class TicketEventAnswer(Output):
    """Something that happened to a ticket."""

    model_config = example(
        number=2,
        version=2,
        at="2026-11-22T15:31:02+08:00",
        actor="account:li",
        what="edited",
        detail={"changes": {"category": ["投诉", "求助"]}},
        recorded_at="2026-11-22T15:31:02+08:00",
        rules_version=None,
        calendar=None,
        previous_hash="5f0c…",
        hash="a91e…",
    )

    number: int | None = None
    version: int
    at: datetime
    actor: str
    what: str
    detail: dict[str, Any]
    recorded_at: datetime | None = Field(default=None, description="When it was written down")
    rules_version: str | None = Field(default=None, description="Set on what the rules know of")
    calendar: int | None = Field(default=None, description="Edition of the working-day table")
    previous_hash: str = ""
    hash: str = Field(default="", description="sha-256 over this entry and `previous_hash`")

    @classmethod
    def of(cls, row: TicketEventRow | TicketEvent, view: View) -> "TicketEventAnswer":
        chained = {}
        if isinstance(row, TicketEventRow):
            chained = {
                "number": row.number,
                "recorded_at": local(row.recorded_at, view.zone),
                "previous_hash": row.previous_hash,
                "hash": row.hash,
            }
        return cls(
            **chained,
            rules_version=row.rules_version,
            calendar=row.calendar,
            version=row.version,
            at=local(row.at, view.zone),
            actor=row.actor,
            what=row.what,
            detail=dict(row.detail) if view.clear else masked_detail(row.detail, row.rules_version),
        )


def _show_tickets(detail: Mapping[str, Any], masked: dict[str, Any]) -> None:
    """Numbers of tickets look like telephone numbers and are nobody's."""
    for told, shown in ((detail, masked), (detail.get("fields"), masked.get("fields"))):
        if isinstance(told, Mapping) and isinstance(shown, dict):
            shown |= {name: told[name] for name in NAMING_A_TICKET if _is_ticket(told.get(name))}


def _is_ticket(value: object) -> bool:
    return isinstance(value, str) and TICKET_NUMBER.fullmatch(value) is not None


def masked_detail(detail: Mapping[str, Any], rules_version: str | None = None) -> dict[str, Any]:
    """A history entry without personal data: a short number would slip through `mask_text`.

    The requester of a registered ticket is shown as far as the city's text allows.
    """
    masked: dict[str, Any] = mask_all(dict(detail))
    _show_tickets(detail, masked)
    requester = (detail.get("fields") or {}).get("requester")
    if requester and rules_version:
        rules = rules_of(rules_version.partition("-")[0], rules_version, {})
        masked["fields"]["requester"] = shown_requester(Ticket(requester=requester), rules)
    changes = masked.get("changes")
    if isinstance(changes, dict) and "caller" in changes:
        before_and_after: Sequence[str] = detail["changes"]["caller"]
        changes["caller"] = [mask_number(number) for number in before_and_after]
    return masked


class TicketHistory(Output):
    """Oldest first."""

    model_config = example(
        events=[
            {
                "version": 1,
                "at": "2026-11-22T15:28:21+08:00",
                "actor": "system",
                "what": "drafted",
                "detail": {},
            }
        ],
        intact=True,
        broken_at=None,
        head="a91e…",
    )

    events: list[TicketEventAnswer]
    intact: bool = Field(description="Whether the chain of hashes holds from the first to the last")
    broken_at: int | None = Field(description="The first entry that does not fit, by its number")
    head: str = Field(description="The last hash, as it stands beside the ticket")


class TicketConflict(Failure):
    """Somebody else was faster (his changes, the version to start from), or the rules refuse."""

    model_config = example(
        error="TicketChangedMeanwhile",
        message="ticket 261122557010 is at version 2, not 1",
        message_zh="工单已被他人修改",
        details=[{"field": "version", "reason": "it is 2 by now", "reason_zh": "当前版本为 2"}],
        allowed=[],
        current_version=2,
        changed_since=[
            {
                "version": 2,
                "at": "2026-11-22T15:31:02+08:00",
                "actor": "account:li",
                "what": "edited",
                "detail": {"changes": {"category": ["投诉", "求助"]}},
            }
        ],
    )

    current_version: int | None = None
    state: str | None = Field(default=None, description="Where the ticket stands under the rules")
    changed_since: list[TicketEventAnswer] = Field(
        default=[], description="What happened since your version, numbers masked"
    )
