"""Where a ticket stands under its city's rules, and why each limit ends when it does."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example, local, local_or_none
from domain.accounts.masking import mask_all, mask_text
from domain.tickets.disclosure import progress, shown_requester
from domain.tickets.explaining import Explained
from domain.tickets.rehearsal.outcome import told, told_cards
from services.cases import Case
from storage.tables.ticket_case import TicketCaseRow

EXAMPLE_CLOCK = {
    "name": "handle",
    "started": "2026-09-30T10:00:00+08:00",
    "due": "2026-10-15T23:59:59+08:00",
    "provisional": False,
    "article": "第十七条",
    "limit": "7wd",
    "stopped": None,
}
EXAMPLE_DUTY = {"who": "住建局", "what": "联系诉求人", "by": None, "article": "第二十条"}
EXAMPLE_CASE: dict[str, Any] = {
    "ticket_id": "260930864000",
    "version": 3,
    "at": "2026-09-30T11:00:00+08:00",
    "city": "lishui",
    "state": "dispatched",
    "end_state": None,
    "late": False,
    "explained": False,
    "false_handling": False,
    "unit": "住建局",
    "assist": [],
    "exempt": None,
    "category": "complaint",
    "urgency": "general",
    "clocks": [EXAMPLE_CLOCK],
    "obligations": [EXAMPLE_DUTY],
    "proposals": [],
    "cards": [],
    "effects": [],
    "requester": {"name": "王**", "contact": "138****0000", "article": "第七条"},
    "progress": {"stage": "已派单，待签收", "unit": "住建局", "article": "第二十一条"},
    "rules_version": "lishui-2026-08-01",
    "rules_status": "in_force",
    "in_force": True,
    "calendar": 1,
}


class ClockAnswer(Output):
    """A time limit; `stopped` is null while it runs."""

    model_config = example(**EXAMPLE_CLOCK)

    name: str = Field(description="dispatch, sign, return, handle, on_site, reply, visit, rate")
    started: datetime
    due: datetime
    provisional: bool = Field(description="It reaches a year whose holidays are not announced")
    article: str
    limit: str = Field(description="3wd working days, 1nd natural days, 30d days, 1h hours")
    stopped: datetime | None


class DutyAnswer(Output):
    """What somebody has to do, or may."""

    model_config = example(**EXAMPLE_DUTY)

    who: str
    what: str
    by: datetime | None
    article: str


class CardAnswer(Output):
    """A yellow or red card."""

    model_config = example(colour="yellow", at="2026-10-13T23:59:59+08:00", article="第二十三条")

    colour: str
    at: datetime
    article: str


class CaseAnswer(Output):
    """The ticket under its city's rules at `at`."""

    model_config = example(**EXAMPLE_CASE)

    ticket_id: str
    version: int
    at: datetime
    city: str
    state: str
    end_state: str | None
    late: bool
    explained: bool
    false_handling: bool
    unit: str | None
    assist: list[str]
    exempt: str | None
    category: str
    urgency: str
    clocks: list[ClockAnswer]
    obligations: list[DutyAnswer]
    proposals: list[DutyAnswer] = Field(description="What may be done; somebody decides")
    cards: list[CardAnswer] = Field(description="The highest in force")
    effects: list[dict[str, Any]] = Field(
        description="What had to happen outside the ticket: {at, kind, to, what, article, about}"
    )
    requester: dict[str, Any] = Field(description="As the city lets it be shown")
    progress: dict[str, Any] | None = Field(
        description="What the requester may be told; null: not asked for by the text, or secret"
    )
    rules_version: str
    rules_status: str = Field(description="in_force, expired or draft")
    in_force: bool = Field(description="Whether those rules were in force at the registration")
    calendar: int = Field(description="Edition of the working-day table")

    @classmethod
    def of(cls, case: Case) -> "CaseAnswer":
        ticket, period = case.ticket, case.rules.period
        stands = told(ticket, case.now)
        del stands["history"]
        began = ticket.registered_at or ticket.history[0].at
        return cls.model_validate(
            {
                **mask_all(stands),
                "ticket_id": case.row.id,
                "version": case.row.version,
                "at": case.now,
                "city": period.city,
                "category": ticket.category.value,
                "urgency": ticket.urgency.value,
                "requester": shown_requester(ticket, case.rules),
                "progress": progress(ticket, case.rules),
                "cards": told_cards(ticket, case.rules, case.edition.calendar, case.now),
                "rules_version": period.version,
                "rules_status": period.status,
                "in_force": period.covers(began.date()),
                "calendar": case.edition.number,
            }
        )


class CaseLine(Output):
    """A ticket in the list, as time and people had left it at `as_of`."""

    model_config = example(
        ticket_id="260930864000",
        summary="人民路186号门前路灯不亮",
        city="lishui",
        state="dispatched",
        unit="住建局",
        assist=[],
        category="complaint",
        urgency="general",
        registered_at="2026-09-30T10:00:00+08:00",
        late=False,
        next_at="2026-10-12T23:59:59+08:00",
        clocks=[EXAMPLE_CLOCK],
        as_of="2026-09-30T11:00:00+08:00",
    )

    ticket_id: str
    summary: str
    city: str
    state: str
    unit: str
    assist: list[str]
    category: str
    urgency: str
    registered_at: datetime | None
    late: bool = Field(description="A handling limit was overrun")
    next_at: datetime | None = Field(description="When time does something next to it")
    clocks: list[ClockAnswer] = Field(description="The limits that run, the next to end first")
    as_of: datetime

    @classmethod
    def of(cls, row: TicketCaseRow, summary: str, zone: tzinfo) -> "CaseLine":
        kept = row.snapshot
        clocks = [clock for clock in kept["clocks"].values() if clock["stopped"] is None]
        return cls(
            ticket_id=row.ticket_id,
            summary=mask_text(summary),
            city=row.city,
            state=row.state,
            unit=row.unit,
            assist=kept["assist"],
            category=row.category,
            urgency=row.urgency,
            registered_at=local_or_none(row.registered_at, zone),
            late=kept["overdue_seen"],
            next_at=local_or_none(row.next_at, zone),
            clocks=sorted((ClockAnswer(**clock) for clock in clocks), key=lambda one: one.due),
            as_of=local(row.advanced_to, zone),
        )


class CasePage(Output):
    """Newest registered first."""

    model_config = example(cases=[], after=None)

    cases: list[CaseLine]
    after: str | None = Field(description="Give it as `after` for the next page; null on the last")


class DayAnswer(Output):
    """One day between a limit's start and its end."""

    model_config = example(day="2026-10-10", counted=3, why="调休上班 weekend day worked")

    day: date
    counted: int | None = Field(description="The how-manieth day of the limit; null: not counted")
    why: str


class ExplainedClock(Output):
    """Why a limit ends when it does."""

    model_config = example(
        clock=EXAMPLE_CLOCK,
        started_by={"what": "register", "at": "2026-09-30T10:00:00+08:00", "by": "12345热线"},
        days=[{"day": "2026-10-08", "counted": 1, "why": "工作日 working day"}],
        moves=[],
        why="自 2026-09-30 10:00 register 起算，7 个工作日，次个工作日计为第 1 日，"
        "末日 2026-10-15 24:00 届满（第十七条）",
    )

    clock: ClockAnswer
    started_by: dict[str, Any] = Field(description="The entry of the history it runs from")
    days: list[DayAnswer]
    moves: list[dict[str, Any]] = Field(description="Each time it was moved, with the reason")
    why: str


class ExplainAnswer(Output):
    """Every limit and duty of a ticket with its reason."""

    model_config = example(
        case=EXAMPLE_CASE,
        clocks=[
            {
                "clock": EXAMPLE_CLOCK,
                "started_by": {"what": "register", "at": "2026-09-30T10:00:00+08:00"},
                "days": [],
                "moves": [],
                "why": "末日 2026-10-15 24:00 届满（第十七条）",
            }
        ],
        obligations=[EXAMPLE_DUTY],
        settings={},
        notes=["第十八条与第二十条…"],
    )

    case: CaseAnswer
    clocks: list[ExplainedClock]
    obligations: list[DutyAnswer]
    settings: dict[str, Any] = Field(description="The city's own settings it was registered with")
    notes: list[str] = Field(description="What the city's rule file says about its text")

    @classmethod
    def of(cls, case: Case, explained: Sequence[Explained]) -> "ExplainAnswer":
        whole = CaseAnswer.of(case)
        clocks = {clock.name: clock for clock in whole.clocks}
        return cls(
            case=whole,
            clocks=[
                ExplainedClock(
                    clock=clocks[one.clock.name],
                    started_by=mask_all(one.started_by),
                    days=[
                        DayAnswer(day=each.day, counted=each.counted, why=each.why)
                        for each in one.days
                    ],
                    moves=mask_all(list(one.moves)),
                    why=one.why,
                )
                for one in explained
            ],
            obligations=whole.obligations,
            settings=case.case.settings,
            notes=list(case.rules.notes),
        )
