"""What a voice actor has to read: every prompt of a flow with its words."""

import io
from collections.abc import Iterator, Mapping
from html import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from callflow.check import parts_of
from callflow.flow import Flow
from callflow.nodes.base import Words

FONT = "STSong-Light"  # a font every PDF reader brings for Chinese; nothing is embedded
HEAD = ("序号 No.", "编号 key", "内容 words", "节点 node", "备注 remark")
ABOUT = (
    "配音稿 Script for the voice actor. 一条一个文件，文件名同编号；平稳、清楚。",
    "One file for each line; calm and clear, half a second of rest between sentences.",
)


def script_of(flow: Flow, language: str, texts: Mapping[str, str]) -> str:
    """A table in the order of the flow. ``texts``: prompt key → words in this language."""
    rows = [
        f"| {number} | `{key}` | {said} | {node} | |"
        for number, (key, said, node) in enumerate(_lines(flow, language, texts), start=1)
    ]
    head = [
        f"# {flow.title or flow.name} · {language}",
        "",
        *ABOUT,
        "",
        f"| {' | '.join(HEAD)} |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def script_pdf(flow: Flow, language: str, texts: Mapping[str, str]) -> bytes:
    """The same table for a printer: A4, room for remarks, the words in large type."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    small = ParagraphStyle("small", fontName=FONT, fontSize=8, leading=11, wordWrap="CJK")
    large = ParagraphStyle("large", fontName=FONT, fontSize=12, leading=18, wordWrap="CJK")
    title = ParagraphStyle("title", fontName=FONT, fontSize=16, leading=24)
    rows: list[list[Paragraph]] = [[Paragraph(escape(name), small) for name in HEAD]]
    for number, (key, said, node) in enumerate(_lines(flow, language, texts), start=1):
        cells = (str(number), key, said, node, "")
        rows.append(
            [
                Paragraph(escape(cell), large if place == HEAD.index("内容 words") else small)
                for place, cell in enumerate(cells)
            ]
        )
    table = Table(rows, repeatRows=1, colWidths=[width * mm for width in (14, 28, 84, 26, 28)])
    lines = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
             ("VALIGN", (0, 0), (-1, -1), "TOP"),
             ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]  # fmt: skip
    table.setStyle(TableStyle(lines))
    heading = f"{flow.title or flow.name} · {language}"
    told = [Paragraph(escape(heading), title), *(Paragraph(line, small) for line in ABOUT), table]
    into = io.BytesIO()
    SimpleDocTemplate(into, pagesize=A4, title=heading, leftMargin=15 * mm, rightMargin=15 * mm,
                      topMargin=15 * mm, bottomMargin=15 * mm).build(told)  # fmt: skip
    return into.getvalue()


def _lines(flow: Flow, language: str, texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    told: set[str] = set()
    for name in _in_order(flow):
        node = flow.nodes[name]
        for part in parts_of(node):
            key = part.prompt if isinstance(part, Words) else part
            if key.startswith("{") or key in told:
                continue
            told.add(key)
            words = part.text.get(language, "") if isinstance(part, Words) else texts.get(key, "")
            yield key, _cell(words) or "（缺 missing）", name


def _in_order(flow: Flow) -> list[str]:
    """As a caller comes to them; a database may keep the drawing in another order."""
    found = [flow.start]
    for name in found:
        found += [to for to in flow.nodes[name].exits() if to not in found]
    return found + sorted(set(flow.nodes) - set(found))


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
