"""When it happened: the words that say so, and the moment they mean, as seen from the call."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.drafting.found import Found
from domain.text.itn.normalise import normalise
from domain.text.itn.numerals import DIGIT, cardinal, figures
from domain.text.itn.numerals import NUMERAL as SPOKEN

PART_HOURS = {
    "凌晨": 3, "清早": 6, "清晨": 6, "一大早": 6, "早上": 8, "早晨": 8, "上午": 10, "中午": 12,
    "下午": 15, "傍晚": 18, "晚上": 20, "夜里": 23, "深夜": 23, "半夜": 0,
}  # fmt: skip
AFTERNOON = {"下午", "傍晚", "晚上", "夜里", "深夜", "中午"}
DAYS_AWAY = {"大前天": -3, "前天": -2, "昨天": -1, "昨晚": -1, "今天": 0, "今早": 0, "今晚": 0,
             "刚才": 0, "刚刚": 0, "明天": 1, "后天": 2}  # fmt: skip
WEEKDAYS = {day: number for number, day in enumerate("一二三四五六")} | {"日": 6, "天": 6}
WEEKS_AWAY = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1}

# Spoken (十一) or written (11).
NUMERAL = f"(?:{SPOKEN[:-1]}0-9])"
PART = "|".join(sorted(PART_HOURS, key=len, reverse=True))
CLOCK = (
    f"(?P<hour>{NUMERAL}{{1,3}})点"
    f"(?:(?P<half>半)|(?P<quarter>[一三])刻|钟|(?P<minute>{NUMERAL}{{2,3}}|{NUMERAL}(?=分))分?)?(?:左右|多)?"
)
PATTERN = re.compile(
    "(?P<often>每天|天天|每晚|每个?(?:周末|星期|月)|经常|一到(?:下雨天?|晚上|周末))?"
    "(?:"
    f"(?P<away>{'|'.join(DAYS_AWAY)})"
    "|(?P<week>上上|上|这|本|下)?个?(?:星期|礼拜|周)(?P<weekday>[一二三四五六日天])(?!起|年|天)"
    f"|(?:(?P<year>{DIGIT}{{4}}|[0-9]{{4}}|今|去|前)年)?(?P<month>十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])月(?:份|(?P<day>[三二]?十?[一二三四五六七八九十]|[12][0-9]|3[01]|0?[1-9])[号日])?"
    f"|(?P<lone>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|(?<![0-9])[12]?[0-9]|(?<![0-9])3[01])号(?=凌晨|早|上午|中午|下午|晚|半夜|那天|开始)"
    f"|(?P<ago>{NUMERAL}+|半|几)(?P<unit>天|个?小时|个?钟头|个?星期|周|个?多?月|年)(?:之前|以前|前)"
    f"|(?:[停坏堵漏吵]|断[水电网气了]|没有?[水电气人]|已经|持续|(?:都|快|有)(?=[0-9半]|{SPOKEN})).{{0,6}}?(?P<since>{NUMERAL}+|半)(?:多)?(?P<since_unit>天|个?多?小时|个?多?钟头|个?多?星期|周|个?多?月|年)(?:多)?(?=了|没|都|还|$)"
    "|(?P<vague>上个?月|这个月|去年|最近|这几天|这两天|前几天|前两天|前段时间|近期|"
    "上个?(?:星期|礼拜|周)(?![一二三四五六日天])|天一?黑(?:以?后)?|"
    "(?:国庆|春节|中秋|端午|元旦|清明|五一)(?:节|假期|期间|那天|前后)?)"
    ")?"
    f"(?P<part>{PART})?(?:{CLOCK})?"
)
MIN_LENGTH = 2
HALF_DAY = 12


@dataclass(frozen=True)
class EventTime:
    """``resolved``: aware moment, exact to ``precision`` ("minute", "part_of_day", "day", …)."""

    found: Found
    resolved: datetime | None
    precision: str


def find_event_time(text: str, call_started_at: datetime) -> EventTime | None:
    """The most exact time words; ``call_started_at`` is aware and in the city's time zone.

    What recurs (每天晚上) or stays vague (最近) keeps its words and is not resolved.
    """
    best: EventTime | None = None
    for match in PATTERN.finditer(text):
        if len(match[0]) < MIN_LENGTH or _only_idiom(match):
            continue
        one = _read(match, call_started_at)
        if best is None or one.found.strength > best.found.strength:
            best = one
    return best


def _only_idiom(match: re.Match[str]) -> bool:
    """Words that look like a time and tell none.

    一点 is "a little": a clock time alone needs a part of the day or minutes; 天天 alone is anger.
    """
    parts = match.groupdict()
    others = any(parts[name] for name in ("away", "weekday", "month", "lone", "part"))
    if parts["often"] and match[0] == parts["often"]:
        return not match[0].startswith("一到")
    bare_clock = parts["hour"] and not (others or parts["half"] or parts["minute"])
    return bool(bare_clock and (parts["hour"] == "一" or match[0].endswith("点")))


def _read(match: re.Match[str], called: datetime) -> EventTime:
    parts = match.groupdict()
    value = normalise(match[0])
    here = ((match.start(), match.end()),)
    if parts["often"]:
        return EventTime(Found(value, here, 0.6, "recurring"), None, "recurring")
    since = _since(parts, called)
    if since is not None:
        return EventTime(Found(value, here, 0.6, "duration"), since, "approximate")
    day = _day(parts, called)
    clock = _clock(parts)
    if day is None and parts["vague"]:
        return EventTime(Found(value, here, 0.3, "vague"), None, "vague")
    if day is None and parts["ago"]:
        return EventTime(Found(value, here, 0.3, "vague"), None, "vague")
    if clock is None:
        if day is None:
            return EventTime(Found(value, here, 0.2, "clock_unclear"), None, "vague")
        moment = datetime.combine(day, time(), called.tzinfo)
        return EventTime(Found(value, here, 0.75, "day"), moment, "day")
    moment = datetime.combine(day or called.date(), clock, called.tzinfo)
    precision = "minute" if parts["hour"] else "part_of_day"
    strength = (0.6 if precision == "minute" else 0.4) + (0.3 if day is not None else 0)
    return EventTime(Found(value, here, strength, precision), moment, precision)


def _since(parts: dict[str, str | None], called: datetime) -> datetime | None:
    amount, unit = parts["since"] or parts["ago"], parts["since_unit"] or parts["unit"]
    if not amount or not unit or amount == "几":
        return None
    count = 0.5 if amount == "半" else cardinal(amount)
    if count is None:
        return None
    try:
        return called - count * _length(unit)
    except OverflowError:  # 三万年
        return None


def _length(unit: str) -> timedelta:
    """Length of a spoken unit; months and years are average ones."""
    for mark, length in (
        ("时", timedelta(hours=1)),
        ("钟", timedelta(hours=1)),
        ("天", timedelta(days=1)),
        ("周", timedelta(weeks=1)),
        ("星期", timedelta(weeks=1)),
        ("月", timedelta(days=30)),
    ):
        if mark in unit:
            return length
    return timedelta(days=365)


def _day(parts: dict[str, str | None], called: datetime) -> date | None:
    if away := parts["away"]:
        return called.date() + timedelta(days=DAYS_AWAY[away])
    if weekday := parts["weekday"]:
        monday = called.date() - timedelta(days=called.weekday())
        weeks = WEEKS_AWAY[parts["week"] or ""]
        return monday + timedelta(weeks=weeks, days=WEEKDAYS[weekday])
    if parts["month"] and parts["day"]:
        return _calendar_day(parts, called)
    if lone := parts["lone"]:
        day = _number(lone)
        month_back = 0 if day <= called.day else 1
        year, month = divmod(called.year * 12 + called.month - 1 - month_back, 12)
        return _valid(year, month + 1, day)
    return None


def _calendar_day(parts: dict[str, str | None], called: datetime) -> date | None:
    month, day = _number(parts["month"] or ""), _number(parts["day"] or "")
    year = parts["year"]
    if year in {"今", "去", "前"}:
        return _valid(called.year - {"今": 0, "去": 1, "前": 2}[year], month, day)
    if year:
        return _valid(int(figures(year) or 0), month, day)
    this_year = _valid(called.year, month, day)
    # Requests speak of what has happened: a date still far ahead was last year's.
    if this_year and this_year - called.date() > timedelta(days=60):
        return _valid(called.year - 1, month, day)
    return this_year


def _clock(parts: dict[str, str | None]) -> time | None:
    part = parts["part"] or {"昨晚": "晚上", "今晚": "晚上", "今早": "早上"}.get(
        parts["away"] or ""
    )
    if not parts["hour"]:
        return time(PART_HOURS[part]) if part else None
    hour = cardinal(parts["hour"])
    minute = 30 if parts["half"] else 15 * _number(parts["quarter"] or "零")
    minute = _number(parts["minute"]) if parts["minute"] else minute
    if hour is None or hour > 24 or minute > 59:  # noqa: PLR2004
        return None
    if part in AFTERNOON and hour < HALF_DAY and not (part == "中午" and hour >= 11):  # noqa: PLR2004
        hour += HALF_DAY
    return time(hour % 24, minute)


def _number(text: str) -> int:
    return cardinal(text) or 0


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
