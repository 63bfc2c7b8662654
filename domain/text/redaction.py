"""Private words in a text: where they stand, and the text with each under a mask.

Numbers are found as they are spoken (幺三八 …) and as they are written (138-…). Numbers that every
citizen may call (12345, 110, a company's 400 number) are public and stay.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.text.surnames import DOUBLE_SURNAMES, SURNAMES


class Private(StrEnum):
    """What a stretch tells; the value is the mask that takes its place."""

    IDENTITY = "[身份证号]"
    BANK_CARD = "[银行卡号]"
    PHONE = "[电话号码]"
    PLATE = "[车牌号]"
    NAME = "[姓名]"


@dataclass(frozen=True)
class PrivateSpan:
    """Characters ``start``..``end`` (not empty) are to be hidden."""

    start: int
    end: int
    kind: Private


# A digit as spoken or written, and what stands between digits read in groups.
D = "[零〇幺一二三四五六七八九0-9０-９]"
GAP = "[ \\t\u3000—–、，,.·-]?"
ALONE = f"(?<!{D})(?<!{D}[-— ])"
END = f"(?!{GAP}{D})"
DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "幺": "1"}
DIGITS |= {c: str(i) for i, c in enumerate("０１２３４５６７８９")}


def _digits(count: str) -> str:
    return f"(?:{GAP}{D}){{{count}}}"


LONG = re.compile(f"{ALONE}{D}{_digits('14,18')}(?:{GAP}[XxＸ叉])?{END}")
PHONE = re.compile(
    f"{ALONE}(?:(?:\\+?86|八六){GAP})?[幺一1１]{GAP}[三四五六七八九3-9３-９]{_digits('9')}{END}"
    f"|{ALONE}\\(?[零〇0０]{GAP}[一二三四五六七八九1-9]{_digits('1,2')}\\)?{_digits('7,8')}{END}"
    f"|(?:(?<=电话)|(?<=座机)|(?<=固话)|(?<=号码)|(?<=电话是)|(?<=电话：)|(?<=电话:)|(?<=座机是)"
    f"|(?<=号码是)){D}{_digits('6,7')}{END}"
)
PLATE = re.compile(
    "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]\\s?[A-Za-z]\\s?[·.]?\\s?"
    f"(?:(?:{D}|[A-Za-z])\\s?){{4,5}}(?:{D}|[A-Za-z])(?![A-Za-z])"
)
SURNAME = f"(?:{'|'.join(DOUBLE_SURNAMES)}|[{SURNAMES}])"
NOT_GIVEN = "的了是我你您他她它们，。、！？：；,.!?:;\\s"
# A second given name rarely is one of these; they begin what is said next.
NEXT = f"{NOT_GIVEN}在住家电手身今有要想来去这那就也都不没跟与到打从把被给对啊呢吧吗嘛已投反咨举求"
FULL = f"{SURNAME}[^{NOT_GIVEN}][^{NEXT}]?"
TOLD_NAME = re.compile(
    f"(?:我(?:的名字)?(?:就)?叫做?|我名叫|名字(?:是|叫)|姓名(?:是|叫|为)?[:：]?\\s?"
    f"|联系人(?:是|叫|为)?[:：]?\\s?|本人(?:叫|是)?|收件人(?:是|叫)?|(?<!这)名叫)(?P<name>{FULL})"
)
WHO_AM_I = re.compile(
    f"我是(?P<name>{FULL})(?=[，。,.！!\\s]|$|电话|手机|身份证|家住|住在|住|今年)"
)
FAMILY = re.compile(f"(?<!百)姓(?P<name>{SURNAME})(?![名氏])")
CALLED = re.compile(f"(?P<name>{SURNAME})(?=先生|女士|小姐)")
BANK = re.compile("(?:银行|储蓄|信用|社保)?卡(?:的)?(?:号)?(?:码)?(?:是|为)?[:：]?\\s?$")
BORN = re.compile(
    "^[1-9]\\d{5}(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[\\dX]$"
)
OLD_IDENTITY = 15


def private_spans(text: str) -> list[PrivateSpan]:
    """Stretches to hide, in order of place, none overlapping; the longer number wins."""
    taken = [False] * len(text)
    spans = []
    for span in _candidates(text):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = [True] * (span.end - span.start)
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def redact(text: str) -> str:
    """``text`` with every private stretch under the mask of its kind."""
    pieces, position = [], 0
    for span in private_spans(text):
        pieces += [text[position : span.start], span.kind.value]
        position = span.end
    return "".join([*pieces, text[position:]])


def figures_in(number: str) -> str:
    """The digits of a number as written or spoken, in ASCII, and X; separators left out."""
    written = "".join(DIGITS.get(one, one) for one in number)
    return re.sub(r"[^0-9X]", "", re.sub(r"[叉xＸ]", "X", written))


def _candidates(text: str) -> Iterator[PrivateSpan]:
    for match in PLATE.finditer(text):
        yield PrivateSpan(match.start(), match.end(), Private.PLATE)
    for match in LONG.finditer(text):
        yield PrivateSpan(match.start(), match.end(), _long_kind(text, match))
    for match in PHONE.finditer(text):
        yield PrivateSpan(match.start(), match.end(), Private.PHONE)
    for pattern in (TOLD_NAME, WHO_AM_I, FAMILY, CALLED):
        for match in pattern.finditer(text):
            yield PrivateSpan(match.start("name"), match.end("name"), Private.NAME)


def _long_kind(text: str, match: re.Match[str]) -> Private:
    """Eighteen digits with a birthday in them are a person's, unless called a card's."""
    figures = figures_in(match[0])
    if BANK.search(text[: match.start()]):
        return Private.BANK_CARD
    personal = BORN.match(figures) or len(figures) == OLD_IDENTITY
    return Private.IDENTITY if personal or figures.endswith("X") else Private.BANK_CARD
