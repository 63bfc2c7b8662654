"""Statistics of queues and agents: figures, and as CSV or XLSX with their definitions."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncSession

from domain.queueing.statistics import (
    AGENT_DEFINITIONS,
    QUEUE_DEFINITIONS,
    AgentFigures,
    QueueFigures,
    agent_figures,
    period_of,
    queue_figures,
)
from services.floor import queue_rules
from storage.repositories.floor import CallBacks
from storage.repositories.statistics import asked_between, changes_between

LONGEST = timedelta(days=31)
SHEET_NAME_SIGNS = 31


class TimeRefused(ValueError):
    """A time that ends before it begins, or is longer than a month of facts can be counted."""

    field = "until"

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason_zh = reason_zh


@dataclass(frozen=True)
class Span:
    """``until`` excluded, and never later than now."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise TimeRefused("until must lie after since, and since before now", "时间段为空")
        if self.until - self.since > LONGEST:
            raise TimeRefused("31 days at most", "时间段最长 31 天")


@dataclass(frozen=True)
class Sheet:
    """``columns``: field → (Chinese, English) definition, in order; `rows` by field."""

    title: str
    columns: Mapping[str, tuple[str, str]]
    rows: Sequence[Mapping[str, Any]]


async def of_queues(session: AsyncSession, span: Span, by: str, zone: tzinfo) -> list[QueueFigures]:
    """``by``: hour, day or total (then ``period`` is the start of the time)."""
    rules = [rule for rule, _ in await queue_rules(session)]
    goals = {rule.name: rule.goal_within for rule in rules}
    period = (lambda _: span.since) if by == "total" else period_of(by, zone)
    asked = await asked_between(session, span.since, span.until)
    found = queue_figures(asked, goals, period, span.until)
    if by == "total":
        counted = await CallBacks(session).counted(span.since, span.until)
        for figures in found:
            for (queue, _, state), number in counted.items():
                if queue == figures.queue:
                    figures.call_backs += number
                    figures.call_backs_reached += number if state == "reached" else 0
    return found


async def of_agents(session: AsyncSession, span: Span) -> list[AgentFigures]:
    changes = await changes_between(session, span.since, span.until)
    return agent_figures(changes, span.since, span.until)


def queue_sheet(found: Sequence[QueueFigures]) -> Sheet:
    columns = {
        "period": ("统计时段开始", "start of the period"),
        "queue": ("队列", "queue"),
        **QUEUE_DEFINITIONS,
    }
    return Sheet("队列统计", columns, [_row(one, columns) for one in found])


def agent_sheet(found: Sequence[AgentFigures]) -> Sheet:
    columns = {"agent": ("话务员账号", "account of the agent"), **AGENT_DEFINITIONS}
    return Sheet("话务员统计", columns, [_row(one, columns) for one in found])


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with its mark, so that spreadsheets read the Chinese; definitions in the second row."""
    into = io.StringIO()
    writer = csv.writer(into)
    writer.writerow(sheet.columns)
    writer.writerow(f"{chinese} / {english}" for chinese, english in sheet.columns.values())
    for row in sheet.rows:
        writer.writerow(_safe(row[name]) for name in sheet.columns)
    return b"\xef\xbb\xbf" + into.getvalue().encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """One sheet; each figure's definition in the row below its name."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False}) as book:
        page, bold = (
            book.add_worksheet(sheet.title[:SHEET_NAME_SIGNS]),
            book.add_format({"bold": True}),
        )
        wrapped = book.add_format({"text_wrap": True, "italic": True})
        for column, (name, texts) in enumerate(sheet.columns.items()):
            page.write_string(0, column, name, bold)
            page.write_string(1, column, " / ".join(texts), wrapped)
            for place, row in enumerate(sheet.rows, start=2):
                value = row[name]
                if isinstance(value, int | float):
                    page.write_number(place, column, value)
                else:
                    page.write_string(place, column, _text(value))
        page.set_column(0, len(sheet.columns) - 1, 18)
        page.freeze_panes(2, 1)
    return into.getvalue()


def _row(figures: object, columns: Mapping[str, object]) -> dict[str, Any]:
    return {name: _rounded(getattr(figures, name)) for name in columns}


def _rounded(value: Any) -> Any:  # noqa: ANN401  a figure of any kind
    return round(value, 4) if isinstance(value, float) else value


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _safe(value: object) -> str:
    """A name that begins like a formula must not become one in a spreadsheet (CWE-1236)."""
    text = _text(value)
    return (
        f"'{text}"
        if text[:1] in ("=", "+", "-", "@") and not isinstance(value, int | float)
        else text
    )
