"""Which stretches of spoken text hold a number that is written in figures, and of what kind."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.drafting.itn.numerals import DIGIT, NUMERAL, cardinal, digit_string, figures


class Kind(StrEnum):
    """What the number is."""

    PHONE = "phone"
    DATE = "date"
    TIME = "time"
    PLACE = "place"
    ROOM = "room"
    MONEY = "money"
    DURATION = "duration"
    QUANTITY = "quantity"
    PERCENT = "percent"


@dataclass(frozen=True)
class TypedSpan:
    """Characters ``start``..``end`` of the spoken text, and how they are written."""

    start: int
    end: int
    kind: Kind
    written: str


Writer = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True)
class Rule:
    kind: Kind
    pattern: re.Pattern[str]
    write: Writer


def _number(spoken: str) -> str | None:
    """Cardinal in figures; round ten thousands keep 万 (35 000 → 35000, 50 000 → 5万)."""
    value = cardinal(spoken)
    if value is None:
        return digit_string(spoken)
    return f"{value // 10_000}万" if value and value % 10_000 == 0 else str(value)


def _with(convert: Callable[[str], str | None]) -> Writer:
    """Convert every group named n… and keep what stands around them."""

    def write(match: re.Match[str]) -> str | None:
        pieces, position = [], match.start()
        for name in sorted(match.re.groupindex, key=match.re.groupindex.__getitem__):
            if match[name] is None:
                continue
            number = convert(match[name])
            if number is None:
                return None
            pieces += [match.string[position : match.start(name)], number]
            position = match.end(name)
        return "".join([*pieces, match.string[position : match.end()]])

    return write


def _percent(match: re.Match[str]) -> str | None:
    whole = _number(match["n"])
    tenths = digit_string(match["d"]) if match["d"] else ""
    return None if whole is None or tenths is None else f"{whole}{'.' if tenths else ''}{tenths}%"


N = f"{NUMERAL}+"
# 几, 数, 好, 第 and 每 before a numeral make it vague or part of a name.
EXACT = "(?<![几数好第零〇幺一二两三四五六七八九十百千万亿])"
DAY_PART = "(?:凌晨|清早|清晨|早上|上午|中午|下午|傍晚|晚上|半夜|夜里|深夜)"
MONTH = "(?:一|二|三|四|五|六|七|八|九|十[一二]?)"
DAY = "(?:三十[一]?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"

RULES = (
    Rule(
        Kind.PHONE,
        re.compile(f"(?P<n>(?:[幺一]{DIGIT}{{10}}|[零〇]{DIGIT}{{9,11}}))"),
        _with(digit_string),
    ),
    Rule(
        Kind.PHONE,
        re.compile(f"(?<=电话)(?:号码)?(?:是|就是|为)?(?P<n>{DIGIT}{{7,8}})"),
        _with(digit_string),
    ),
    Rule(
        Kind.PHONE,
        re.compile("(?P<n>[幺一]二三四五|[幺一][幺一二][零二九])(?=热线|电话|打|报警|$)"),
        _with(digit_string),
    ),
    Rule(Kind.PERCENT, re.compile(f"百分之(?P<n>{N})(?:点(?P<d>{DIGIT}+))?"), _percent),
    Rule(
        Kind.DATE,
        re.compile(
            f"(?:(?P<n1>二[零〇]{DIGIT}{{2}}|{DIGIT}{{2}})年)?(?P<n2>{MONTH})月(?:份|(?P<n3>{DAY})[号日])"
        ),
        _with(figures),
    ),
    Rule(Kind.DATE, re.compile(f"(?P<n>二[零〇]{DIGIT}{{2}})年"), _with(digit_string)),
    Rule(
        Kind.TIME,
        re.compile(f"{DAY_PART}(?P<n1>{NUMERAL}{{1,3}})点(?:(?P<n2>{NUMERAL}{{1,3}})分)?"),
        _with(figures),
    ),
    Rule(
        Kind.TIME,
        re.compile(
            f"{EXACT}(?P<n1>[二两三四五六七八九十][一二十]?)点(?:(?P<n2>{NUMERAL}{{1,3}})分)?(?!{DIGIT})"
        ),
        _with(figures),
    ),
    Rule(
        Kind.TIME,
        re.compile(f"{EXACT}(?P<n1>一)点(?:钟|半|(?P<n2>{NUMERAL}{{2,3}})分)"),
        _with(figures),
    ),
    Rule(
        Kind.ROOM,
        re.compile(
            f"(?:(?P<n1>{N})(?:号楼|栋|幢))(?:(?P<n2>{N})单元)?(?P<n3>{DIGIT}{{3,4}})(?:室|房)?"
        ),
        _with(figures),
    ),
    Rule(Kind.ROOM, re.compile(f"(?P<n1>{N})单元(?P<n2>{DIGIT}{{3,4}})(?:室|房)?"), _with(figures)),
    Rule(Kind.ROOM, re.compile(f"(?P<n>{DIGIT}{{3,4}})(?:室|房间|房)"), _with(figures)),
    Rule(
        Kind.PLACE,
        re.compile(f"{EXACT}(?P<n>{N})(?:号楼|号线|号院|号|[栋幢](?![镇村路街])|单元|层|弄)"),
        _with(figures),
    ),
    Rule(Kind.PLACE, re.compile(f"{EXACT}(?P<n>{N})楼(?!梯|道)"), _with(figures)),
    Rule(
        Kind.PLACE,
        re.compile(
            f"(?P<n>{DIGIT}{{2,3}}|[一二三四五六七八九]?十[一二三四五六七八九]?|[二三四五六七八九])路(?=公交|车|巴士)"
        ),
        _with(figures),
    ),
    Rule(
        Kind.MONEY, re.compile(f"{EXACT}(?P<n>{N})(?:多)?(?:块钱|元钱|元|人民币)"), _with(_number)
    ),
    Rule(
        Kind.MONEY,
        re.compile(
            f"{EXACT}(?P<n>(?=[^块]*[十百千万]|(?<=[收交花要罚付欠]){NUMERAL}){N})多?块(?![地儿])"
        ),
        _with(_number),
    ),
    Rule(
        Kind.DURATION,
        re.compile(f"{EXACT}(?P<n>{N})(?:多)?(?:个多?)?(?:小时|钟头|星期|礼拜)"),
        _with(_number),
    ),
    Rule(
        Kind.DURATION,
        re.compile(
            f"{EXACT}(?P<n>(?!一(?:天|年|个|周)){N})多?(?:个多?月|分钟|天(?!两头)|周(?!岁)|年(?!级|代))"
        ),
        _with(_number),
    ),
    Rule(
        Kind.QUANTITY,
        re.compile(
            f"{EXACT}(?P<n>{N})多?(?:平方公里|平方米|平方|平米|公里|米|公斤|斤|岁|度|分贝|吨)"
        ),
        _with(_number),
    ),
    Rule(
        Kind.QUANTITY,
        re.compile(f"{EXACT}(?P<n>[^户辆人次名]*[十百千]{NUMERAL}*)多?(?:户|辆|人|次|名)"),
        _with(_number),
    ),
)


def typed_spans(text: str) -> list[TypedSpan]:
    """Non-overlapping spans in order of place; an earlier rule wins over a later one."""
    taken = [False] * len(text)
    spans = []
    for span in _matches(text):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = [True] * (span.end - span.start)
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def _matches(text: str) -> Iterator[TypedSpan]:
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            written = rule.write(match)
            if written is not None:
                yield TypedSpan(match.start(), match.end(), rule.kind, written)
