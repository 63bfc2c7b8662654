"""The rules of one city in one period: every parameter with its value and where it stands.

`PARAMETERS` in parameters.py says how each one is written and what it means.
"""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from domain.calendar.limit import Limit

T = TypeVar("T")
ENGINE_DEFAULT = "engine default, not law"


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value and its article; `ENGINE_DEFAULT` where the text is silent."""

    value: T
    article: str
    note: str = ""

    @property
    def silent(self) -> bool:
        return self.article == ENGINE_DEFAULT


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which a request is not taken, and what the requester is told."""

    code: str
    article: str
    action: str
    ends: str
    script: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtensionStep:
    """`longest`: "given" (any), "base" (the kind's own limit) or a limit such as "5wd"."""

    longest: str
    days_default: bool
    approver: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """`status`: in_force, expired or draft. `until` is the last day; None: open or never began."""

    city: str
    name: str
    title: str
    number: str
    version: str
    status: str
    start: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        return self.start is not None and self.start <= day <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Rules:
    period: Period
    notes: tuple[str, ...]
    categories: Stated[dict[str, str]]
    channels: Stated[tuple[str, ...]]
    requester_kinds: Stated[tuple[str, ...]]
    domains: Stated[dict[str, str]]
    input_forms: Stated[tuple[str, ...]]
    content_elements: Stated[tuple[str, ...]]
    grounds: Stated[tuple[Ground, ...]]
    split_requests: Stated[bool]
    linked_lines: Stated[tuple[str, ...]]
    needed_data: Stated[bool]
    needed_data_told: Stated[bool]
    direct_answer: Stated[tuple[str, ...]]
    disclaimer: Stated[str]
    duplicate_open_same: Stated[str]
    duplicate_open_new: Stated[str]
    duplicate_closed_same: Stated[str]
    duplicate_closed_new: Stated[str]
    dispatch_limit: Stated[Limit | None]
    precheck: Stated[tuple[str, ...]]
    dispatch_keys: Stated[tuple[str, ...]]
    catalogue: Stated[bool]
    multi_unit: Stated[str]
    assist_before: Stated[int]
    district_hop: Stated[bool]
    clock_node: Stated[str]
    sign_limit: Stated[Limit | None]
    sign_silence: Stated[str]
    sign_required: Stated[tuple[str, ...]]
    return_limit: Stated[Limit | None]
    return_after_sign: Stated[Limit | None]
    return_required: Stated[tuple[str, ...]]
    return_review: Stated[bool]
    return_refused: Stated[dict[str, str]]
    return_refusal_reason: Stated[bool]
    designate_after: Stated[int | None]
    designate_by: Stated[tuple[str, ...]]
    designate_writeback: Stated[bool]
    handle_key: Stated[str]
    handle_limits: Stated[dict[str, Limit]]
    handle_start: Stated[str]
    handle_restart: Stated[bool]
    handle_provincial: Stated[Limit | None]
    statutory: Stated[bool]
    emergency_on_site: Stated[dict[str, Limit]]
    emergency_reply: Stated[dict[str, Limit]]
    emergency_report: Stated[bool]
    natural_day: Stated[str]
    contact: Stated[bool]
    extension_max: Stated[int | None]
    extension_kinds: Stated[tuple[str, ...]]
    extension_ask_before: Stated[int]
    extension_steps: Stated[tuple[ExtensionStep, ...]]
    extension_notice: Stated[str]
    extension_emergency: Stated[bool]
    stage_report: Stated[tuple[str, ...]]
    explain_unsolvable: Stated[bool]
    close_required: Stated[tuple[str, ...]]
    close_review: Stated[bool]
    close_elements: Stated[tuple[str, ...]]
    close_staged: Stated[tuple[str, ...]]
    reply_evidence: Stated[bool]
    report_same_day: Stated[bool]
    written_reply: Stated[tuple[str, ...]]
    deemed_closed: Stated[dict[str, str]]
    deemed_kinds: Stated[tuple[str, ...]]
    missing_info: Stated[str]
    visit_modality: Stated[str]
    visit_scope: Stated[str]
    visit_limit: Stated[Limit | None]
    visit_from: Stated[str]
    rate_window: Stated[Limit | None]
    rate_levels: Stated[tuple[str, ...]]
    rate_axes: Stated[tuple[str, ...]]
    rate_in_visit: Stated[bool]
    rework_max: Stated[int | None]
    rework_needs: Stated[tuple[str, ...]]
    rework_grounds: Stated[tuple[str, ...]]
    negative_action: Stated[str]
    duty_opinion: Stated[bool]
    duty_opinion_elements: Stated[tuple[str, ...]]
    exempt_grounds: Stated[tuple[str, ...]]
    exempt_required: Stated[tuple[str, ...]]
    withdraw_dispatched: Stated[str]
    withdraw_upstream: Stated[str]
    supervise_modality: Stated[str]
    supervise_triggers: Stated[tuple[str, ...]]
    supervise_joint: Stated[str]
    supervise_measures: Stated[dict[str, str]]
    refer_to: Stated[str]
    refer_grounds: Stated[dict[str, str]]
    coordination: Stated[dict[str, str]]
    analysis: Stated[str]
    risk_warning: Stated[bool]
    publication: Stated[bool]
    full_push: Stated[bool]
    progress_query: Stated[bool]
    masked: Stated[tuple[str, ...]]
    masked_anonymous: Stated[tuple[str, ...]]
    card_yellow: Stated[int | None]
    card_red: Stated[int | None]
    card_exceeded: Stated[bool]
    card_percent: Stated[tuple[int, ...]]
    abuse_steps: Stated[tuple[str, ...]]
    abuse_insult_steps: Stated[tuple[str, ...]]
    abuse_police_repeated: Stated[bool]
    abuse_suspension: Stated[Limit | None]
    kb_catalogue: Stated[bool]
    kb_update: Stated[str]
    kb_before_publication: Stated[bool]
    kb_events: Stated[bool]
    kb_review: Stated[bool]
    kb_unit_entry: Stated[tuple[str, ...]]
    kb_elements: Stated[tuple[str, ...]]
    kb_papers: Stated[tuple[str, ...]]
    connection_rate: Stated[int | None]
    figures: Stated[tuple[str, ...]]
