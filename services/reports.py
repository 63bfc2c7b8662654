"""Figures from reviews, as tables and as XLSX and PDF; and sealed packages of evidence."""

import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

import xlsxwriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle
from sqlalchemy.ext.asyncio import AsyncSession

from domain.review.form import Form, form_of
from domain.review.scoring import NOT_APPLICABLE
from services.actor import Actor
from services.audit import Deed, write_down
from services.recordings import SOUND
from services.seats import teams
from services.transcripts import transcript
from storage.repositories.calls import CallEvents, Calls, Recordings
from storage.repositories.keeping import Chain
from storage.repositories.review import Reviews
from storage.tables.review import ReviewRow
from storage.vault.vault import Vault

HEAD = ("名称", "评分次数", "平均", "最低", "最高")
NO_TEAM = "未分组"
FONT = "STSong-Light"  # a font every PDF reader brings for Chinese; nothing is embedded


@dataclass(frozen=True)
class Figures:
    """Of one agent, team, question, reviewer or week."""

    name: str
    reviews: int
    mean: float
    lowest: float
    highest: float


async def figures(session: AsyncSession, by: str, start: datetime, end: datetime) -> list[Figures]:
    """``by``: agent, team, question, reviewer or week; reviews submitted in this time."""
    rows = await Reviews(session).scored(start, end)
    team_of = await teams(session) if by == "team" else {}
    groups: dict[str, list[float]] = defaultdict(list)
    forms: dict[tuple[str, int], Form] = {}
    for row in rows:
        if by == "question":
            key = (row.form, row.form_version)
            if key not in forms:
                forms[key] = form_of((await Reviews(session).form(*key)).body)
            for question, percent in _percents(row, forms[key]).items():
                groups[question].append(percent)
        elif row.score is not None:
            groups[_group(row, by, team_of)].append(row.score)
    return [
        Figures(name, len(values), round(fmean(values), 2), min(values), max(values))
        for name, values in sorted(groups.items())
    ]


def _group(row: ReviewRow, by: str, team_of: Mapping[str, str]) -> str:
    if by == "team":
        return team_of.get(row.agent, NO_TEAM)
    if by == "reviewer":
        return row.reviewer
    if by == "week" and row.submitted_at is not None:
        year, week, _ = row.submitted_at.isocalendar()
        return f"{year}-W{week:02d}"
    return row.agent or row.seat


def _percents(row: ReviewRow, form: Form) -> dict[str, float]:
    return {
        key: 100 * form.questions[key].choices[given["answer"]]
        for key, given in row.answers.items()
        if given["answer"] != NOT_APPLICABLE and key in form.questions
    }


def as_xlsx(title: str, lines: Sequence[Figures]) -> bytes:
    """One sheet with a chart of the means."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet("评分"), book.add_format({"bold": True})
        sheet.write_string(0, 0, title, bold)
        sheet.write_row(1, 0, HEAD, bold)
        for place, line in enumerate(lines, start=2):
            sheet.write_string(place, 0, line.name)
            for column, value in enumerate(list(vars(line).values())[1:], start=1):
                sheet.write_number(place, column, value)
        chart = book.add_chart({"type": "column"})
        last = len(lines) + 1
        chart.add_series(
            {
                "name": "平均",
                "categories": ["评分", 2, 0, last, 0],
                "values": ["评分", 2, 2, last, 2],
            }
        )
        sheet.insert_chart("G2", chart)
        sheet.set_column(0, 0, 32)
    return into.getvalue()


def as_pdf(title: str, lines: Sequence[Figures]) -> bytes:
    """One table, A4."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    into = io.BytesIO()
    rows = [HEAD, *([str(value) for value in vars(line).values()] for line in lines)]
    table = Table(rows, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), FONT),
                ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
            ]
        )
    )
    heading = ParagraphStyle("heading", fontName=FONT, fontSize=14, spaceAfter=12)
    SimpleDocTemplate(into, pagesize=A4, title=title).build([Paragraph(title, heading), table])
    return into.getvalue()


async def evidence(
    session: AsyncSession, vault: Vault, call_id: str, actor: Actor, *, why: str, now: datetime
) -> bytes:
    """A zip of recording, words, log and reviews with a signed list of their hashes.

    The manifest names the ring's public key: whoever knows it can check everything offline.
    """
    call = await Calls(session).get(call_id)
    recording = await Recordings(session).of_call(call_id)
    contents: dict[str, bytes] = {
        "call.json": _json(
            {
                "call_id": call.id,
                "caller": call.caller,
                "started_at": call.started_at.isoformat(),
                "outcome": call.outcome,
                "seat": call.seat,
                "ticket_number": call.ticket_number,
            }
        ),
        "transcript.json": _json(
            [
                {"side": row.side, "start_s": row.start_s, "end_s": row.end_s, "text": row.text}
                for row in await transcript(session, call_id)
            ]
        ),
        "log.json": _json(
            [
                {
                    "seq": event.seq,
                    "at": event.at.isoformat(),
                    "kind": event.kind,
                    "body": event.body,
                }
                for event in await CallEvents(session).of_call(call_id)
            ]
        ),
    }
    if recording is not None and vault.holds(recording.path):
        contents[f"recording{SOUND}"] = b"".join(vault.pieces(recording.path))
    link = await Chain(session).of_call(call_id)
    manifest = _json(
        {
            "call_id": call_id,
            "made_by": actor.name,
            "made_at": now.isoformat(),
            "why": why,
            "sha256": {name: hashlib.sha256(part).hexdigest() for name, part in contents.items()},
            "chain": None if link is None else [link.day, link.seq, link.link],
            "public_key": vault.ring.public_key,
        }
    )
    deed = Deed("evidence.make", "call", call_id, why)
    write_down(session, actor, deed, now=now)
    signature = vault.ring.sign(manifest).encode()
    return _zip({**contents, "manifest.json": manifest, "manifest.sig": signature}, now)


def _zip(contents: Mapping[str, bytes], now: datetime) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, now.timetuple()[:6])
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def _json(value: Any) -> bytes:  # noqa: ANN401  any JSON value
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
