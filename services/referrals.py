"""The package by which a caller is referred to the police: PDF, list of hashes, sealed evidence.

Each call that the suspension rests on comes as the review desk's own package of evidence, with its
signed manifest; the PDF tells the case and names the hash of each of them.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate
from sqlalchemy.ext.asyncio import AsyncSession

from domain.callers.conduct import CONDUCT_ZH, MEASURES_ZH, Conduct, Measure
from domain.cities.load import city_names
from services.actor import Actor
from services.audit import Deed, write_down
from services.reports import FONT, evidence
from services.suspensions import Place
from storage.repositories.suspensions import ConductMeasures, Suspensions
from storage.tables.suspension import SuspensionRow
from storage.vault.vault import Vault

HASHES = "hashes.txt"
CASE = "referral.pdf"


@dataclass(frozen=True)
class Referral:
    """Which suspension is handed to the police, and why."""

    suspension_id: int
    why: str


async def police_referral(
    session: AsyncSession,
    vault: Vault,
    place: Place,
    referral: Referral,
    *,
    actor: Actor,
    now: datetime,
) -> bytes:
    """A zip; audited. Raises `SuspensionNotFound`, `CallNotFound` of an evidence that is gone."""
    why = referral.why
    row = await Suspensions(session).get(referral.suspension_id)
    contents: dict[str, bytes] = {}
    for call_id in row.evidence:
        package = await evidence(session, vault, call_id, actor, why=why, now=now)
        contents[f"calls/{call_id}.zip"] = package
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    taken = await ConductMeasures(session).of_caller(row.caller)
    told = [
        f"{one.at.astimezone(place.zone):%Y-%m-%d %H:%M} "
        f"{MEASURES_ZH[Measure(one.measure)]}（{one.article}）：{one.note}"
        for one in taken
    ]
    contents[CASE] = _pdf(_lines(row, place, why, now), told, hashes)
    hashes[CASE] = hashlib.sha256(contents[CASE]).hexdigest()
    listed = "".join(f"{value}  {name}\n" for name, value in hashes.items()).encode()
    contents[HASHES] = listed  # as `sha256sum --check` reads it
    contents[f"{HASHES}.sig"] = vault.ring.sign(listed).encode()
    write_down(session, actor, Deed("suspension.refer", "suspension", str(row.id), why), now=now)
    return _zip(contents, now)


def _lines(row: SuspensionRow, place: Place, why: str, now: datetime) -> list[str]:
    conduct = CONDUCT_ZH[Conduct(row.conduct)]
    proposed = row.proposed_at.astimezone(place.zone)
    return [
        f"城市：{city_names().get(row.city, row.city)}　依据：{row.article}（{row.rules_version}）",
        f"来电号码：{row.caller}",
        f"行为：{conduct}",
        f"建议：{proposed:%Y-%m-%d %H:%M}，{row.reason}",
        f"决定：{row.decision_reason or '未决定'}",
        f"移送理由：{why}",
        f"制作时间：{now.astimezone(place.zone):%Y-%m-%d %H:%M}",
    ]


def _pdf(lines: list[str], measures: list[str], hashes: Mapping[str, str]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    head = ParagraphStyle("head", fontName=FONT, fontSize=16, leading=24, spaceAfter=10)
    body = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=16, wordWrap="CJK")
    parts = [
        Paragraph("移送公安机关材料", head),
        *(Paragraph(_plain(line), body) for line in lines),
        Paragraph("已采取的措施", head),
        *(Paragraph(_plain(line), body) for line in measures or ["无"]),
        Paragraph("证据清单（SHA-256）", head),
        *(Paragraph(_plain(f"{name}：{value}"), body) for name, value in hashes.items()),
    ]
    into = io.BytesIO()
    SimpleDocTemplate(into, pagesize=A4, title="移送公安机关材料").build(parts)
    return into.getvalue()


def _plain(text: str) -> str:
    """What people wrote must not become markup of the page."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _zip(contents: Mapping[str, bytes], now: datetime) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), content)
    return into.getvalue()
