"""When it happened: the words that say so, and the moment they mean, as seen from the call."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.drafting.found import Found
from domain.text.itn.normalise import normalise
from domain.text.itn.numerals import DIGIT, cardinal, figures
from domain.text.itn.numerals import NUMERAL as SPOKEN

PART_HOURS = {
    "凌晨": 3, "清早": 6, "清晨": 6, "一大早": 6, "一早": 6, "大清早": 6, "早高峰": 8, "晚高峰": 18,
    "早上": 8, "早晨": 8, "上午": 10, "中午": 12, "下午": 15, "傍晚": 18, "晚上": 20, "晚间": 20,
    "夜里": 23, "夜间": 23, "深夜": 23, "后半夜": 2, "大半夜": 0, "半夜": 0,
}  # fmt: skip
AFTERNOON = {"下午", "傍晚", "晚上", "晚间", "夜里", "夜间", "深夜", "中午", "晚高峰"}
DAYS_AWAY = {"大前天": -3, "前天": -2, "昨天": -1, "昨晚": -1, "昨夜": -1, "昨儿": -1,
             "今天": 0, "今儿": 0, "今早": 0, "今晚": 0, "刚才": 0, "刚刚": 0,
             "明天": 1, "后天": 2}  # fmt: skip
PART_OF_AWAY = {"昨晚": "晚上", "昨夜": "夜里", "今晚": "晚上", "今早": "早上"}
WEEKDAYS = {day: number for number, day in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
WEEKS_AWAY = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1}

# Spoken (十一) or written (11).
NUMERAL = f"(?:{SPOKEN[:-1]}0-9])"
MONTH = "十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9]"
DAY = "[三二]?十?[一二三四五六七八九十]|[12][0-9]|3[01]|0?[1-9]"
PART = "|".join(sorted(PART_HOURS, key=len, reverse=True))
CLOCK = (
    f"(?P<hour>{NUMERAL}{{1,3}})(?:点|:(?=[0-9]{{2}}))"
    f"(?:(?P<half>半)|(?P<quarter>[一三])刻|钟|(?P<minute>{NUMERAL}{{2,3}}|{NUMERAL}(?=分))分?)?"
    "(?:左右|多(?!钱|少)|以后|之后|过后|以前|之前)?"
)
AMOUNT = f"(?:{NUMERAL}+|半|十几|几十)"
LASTING = "天|个?多?小时|个?多?钟头|个?多?星期|个?多?礼拜|周|个?多?月|年"
HAPPENS = (
    "[停坏堵漏吵]了?|(?<![社医]保)断了?[水电网气]?|没有?[水电气人网]用?了?|已经|持续了?|"
    f"[快有](?=[0-9半]|{SPOKEN})"
)
HOLIDAY = "国庆|春节|中秋|端午|元旦|清明|五一|元宵|十一(?=假|长假|黄金周)"
PATTERN = re.compile(
    "(?P<often>每天|天天|每晚|每周|每个?(?:周末|星期|月)|经常|一到(?:下雨天?|晚上|周末))?"
    "(?:"
    f"(?P<away>{'|'.join(DAYS_AWAY)})(?:到(?:现在|今天|今早))?"
    "|(?P<week>上上|上|这|本|下)?个?(?:星期|礼拜|周)(?P<weekday>[一二三四五六日天末])(?!起|年|天)"
    f"|(?:(?P<year>{DIGIT}{{4}}|[0-9]{{4}}|(?<![0-9]){DIGIT}{{2}}|(?<![0-9])[0-9]{{2}}|今|去|前)年)?(?P<month>{MONTH})月(?:份|[初底末中](?!央|心|间)|[上中下]旬|(?P<day>{DAY})[号日])"
    f"|(?P<year2>{DIGIT}{{4}}|[0-9]{{4}}|(?<![0-9]){DIGIT}{{2}}|(?<![0-9])[0-9]{{2}}|今|去|前)年(?P<month2>{MONTH})月"
    f"|(?P<month_there>上上个?|上个?|这个|本)月(?P<day_there>{DAY})[号日]"
    "|(?P<lone>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|(?<![0-9])[12]?[0-9]|(?<![0-9])3[01])号(?=凌晨|早|上午|中午|下午|晚|半夜|夜|那天|开始)"
    f"|(?P<ago>{NUMERAL}+|半|几)(?P<unit>天|个?小时|个?钟头|个?星期|周|个?多?月|年)(?:之前|以前|前)"
    f"|(?:{HAPPENS}).{{0,6}}?(?P<since>{NUMERAL}+|半|十几)[多来]?(?P<since_unit>{LASTING})多?(?=了|没|都|还|$)"
    f"|(?:(?<![第每多隔一二三四五六七八九十0-9几])(?P<lasting>{AMOUNT})[多来]?(?P<lasting_unit>天|个?多?星期|个?多?礼拜|周|个?多?月|年)多?(?=没|了[都还没也]?|都没|也没见)(?!了[一二两三几]))"
    f"|(?:(?:(?<![社医]保)[停坏断堵漏]了|(?<=[吵围欠拖晾堆关闹响占挖]了)|(?<=都))(?P<told>{AMOUNT})[多来]?(?P<told_unit>{LASTING})多?)"
    "|(?P<vague>上个?月(?:[初底末中](?!央|心)|[上中下]旬)?|这个月[初底末]?|(?:今|去|前)年(?:年?[初底]|[春夏秋冬]天|上半年|下半年)|年初|年底|最近|这几天|这两天|前几天|前两天|前些天|前段时间|前阵子|近期|"
    "上个?(?:星期|礼拜|周)(?![一二三四五六日天末])|(?<!白)天一?黑(?:以?后)?(?!夜)|天[没不]亮|"
    f"(?:{HOLIDAY})(?:节|小长假|长假|假期|黄金周)?(?:期间|那几天|那天|前后|当天)?)"
    ")?"
    f"(?P<part>(?:的)?(?:{PART}))?(?:{CLOCK})?"
)
# 周一关门, 今天挖明天填: a habit, no moment. 吵到半夜: how long, not when.
HABIT = re.compile("关门|不开|休息|上班|开门|营业")
CONTRAST = re.compile(".{1,4}明天")
UNTIL = re.compile("(?<![每一])[到至]$")
RUSH = re.compile("[早晚]高峰|周末")
TOLD_TODAY = re.compile("今天.{1,4}$")
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
        if len(match[0]) < MIN_LENGTH or _only_idiom(match) or _no_moment(match):
            continue
        one = _read(match, call_started_at)
        if best is None or one.found.strength > best.found.strength:
            best = one
    return best


TELLING = ("away", "weekday", "month", "lone", "part", "vague", "month_there")


def _only_idiom(match: re.Match[str]) -> bool:
    """Words that look like a time and tell none.

    一点 is "a little": a clock time alone needs a part of the day or minutes; 天天 alone is anger.
    """
    parts = match.groupdict()
    others = any(parts[name] for name in TELLING)
    if parts["often"] and match[0] == parts["often"]:
        return not match[0].startswith("一到")
    bare_clock = parts["hour"] and not (others or parts["half"] or parts["minute"])
    return bool(bare_clock and (parts["hour"] == "一" or match[0].endswith("点")))


def _no_moment(match: re.Match[str]) -> bool:
    parts, text = match.groupdict(), match.string
    alone = not parts["part"] and not parts["hour"]
    today = CONTRAST.match(text, match.end()) or TOLD_TODAY.search(text[: match.start()])
    if alone and ((parts["away"] and today) or RUSH.fullmatch(match[0])):
        return True
    if parts["weekday"] and not parts["week"] and alone and HABIT.match(text, match.end()):
        return True
    if match[0] != parts["part"]:
        return False
    return bool(UNTIL.search(text[: match.start()]) or RUSH.fullmatch(match[0]))


def _read(match: re.Match[str], called: datetime) -> EventTime:
    parts = _merged(match)
    value = normalise(match[0])
    here = ((match.start(), match.end()),)
    if parts["often"]:
        return EventTime(Found(value, here, 0.6, "recurring"), None, "recurring")
    since = _since(parts, called)
    if since is not None:
        strength = 0.25 if parts["lasting"] else 0.6
        return EventTime(Found(value, here, strength, "duration"), since, "approximate")
    day = _day(parts, called)
    clock = _clock(parts)
    if day is None and parts["vague"]:
        return EventTime(Found(value, here, 0.3, "vague"), None, "vague")
    if day is None and (parts["ago"] or parts["since"] or parts["month"]):
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


def _merged(match: re.Match[str]) -> dict[str, str | None]:
    """The groups of the pattern, those that mean the same under one name."""
    parts = match.groupdict()
    part = parts["part"]
    return parts | {
        "year": parts["year"] or parts["year2"],
        "month": parts["month"] or parts["month2"],
        "part": part.removeprefix("的") if part else None,
        "since": parts["since"] or parts["lasting"] or parts["told"],
        "since_unit": parts["since_unit"] or parts["lasting_unit"] or parts["told_unit"],
    }


def _since(parts: dict[str, str | None], called: datetime) -> datetime | None:
    amount, unit = parts["since"] or parts["ago"], parts["since_unit"] or parts["unit"]
    if not amount or not unit or "几" in amount:
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
    if there := parts["month_there"]:
        back = {"上上": 2, "上": 1}.get(there.removesuffix("个"), 0)
        year, month = divmod(called.year * 12 + called.month - 1 - back, 12)
        return _valid(year, month + 1, _number(parts["day_there"] or ""))
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
        number = int(figures(year) or 0)
        return _valid(number + 2000 if number < 100 else number, month, day)  # noqa: PLR2004
    this_year = _valid(called.year, month, day)
    # Requests speak of what has happened: a date still far ahead was last year's.
    if this_year and this_year - called.date() > timedelta(days=60):
        return _valid(called.year - 1, month, day)
    return this_year


def _clock(parts: dict[str, str | None]) -> time | None:
    part = parts["part"] or PART_OF_AWAY.get(parts["away"] or "")
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
