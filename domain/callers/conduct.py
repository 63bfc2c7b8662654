"""Abuse of the hotline: which measure a city's regulation allows now, and which it does not.

The steps and their order are the city's (`abuse_steps`, `abuse_insult_steps`); what a text leaves
open is a parameter of `Practice`, an engine default and not law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.calendar.limit import CHINA, Limit, end_of
from domain.cities.rules import Rules, Stated


class Conduct(StrEnum):
    """What the caller does."""

    OCCUPY = "occupy"  # 无正当理由反复拨打或者长时间占用热线
    INSULT = "insult"  # 骚扰、侮辱、谩骂、威胁


class Measure(StrEnum):
    """What is done about it. The regulations' "wait" is a condition of the next, not an act."""

    WARN = "warn"  # 提醒
    PERSUADE = "persuade"  # 劝导、教育
    DISSUADE = "dissuade"  # 劝阻、批评
    INFORM = "inform_consequences"  # 告知规定和法律后果
    SUSPEND = "suspend"  # 暂停（限制）占用热线资源
    POLICE = "police"  # 移送公安机关
    JUSTICE = "justice"  # 移送司法机关


MEASURES_ZH = {
    Measure.WARN: "提醒",
    Measure.PERSUADE: "劝导、教育",
    Measure.DISSUADE: "劝阻、批评教育",
    Measure.INFORM: "告知规定和法律后果",
    Measure.SUSPEND: "暂停占用热线资源",
    Measure.POLICE: "移送公安机关",
    Measure.JUSTICE: "移送司法机关",
}
CONDUCT_ZH = {
    Conduct.OCCUPY: "无正当理由反复拨打或者长时间占用热线",
    Conduct.INSULT: "骚扰、侮辱、谩骂、威胁工作人员",
}
_WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Practice:
    """What the five texts do not say in numbers: engine defaults, not law.

    `reasonable_time`: between the reminder and a suspension for occupying the line.
    `counts_for`: how long an earlier measure still counts.
    `repeats_for_police`: earlier measures that make "多次".
    `longest`: of one suspension where the text names no length.
    """

    reasonable_time: timedelta = timedelta(minutes=5)
    counts_for: timedelta = timedelta(days=30)
    repeats_for_police: int = 2
    longest_days: int = 30


@dataclass(frozen=True, slots=True)
class Taken:
    """A measure that was taken against this caller; `call_id` is its recorded call."""

    conduct: Conduct
    measure: Measure
    at: datetime
    call_id: str = ""


class MeasureRefused(Exception):
    """The city's text does not allow it, or not yet. `allowed` is what may be done instead."""

    def __init__(self, reason: str, article: str, allowed: Sequence[Measure]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.article = article
        self.allowed = tuple(allowed)


def steps_of(rules: Rules, conduct: Conduct) -> Stated[tuple[str, ...]]:
    """The city's steps against this conduct, in order, with their article."""
    return rules.abuse_steps if conduct is Conduct.OCCUPY else rules.abuse_insult_steps


def allowed_now(
    rules: Rules,
    conduct: Conduct,
    taken: Sequence[Taken],
    now: datetime,
    practice: Practice = Practice(),
) -> tuple[Measure, ...]:
    """Every measure that may be taken at this moment, mildest first."""
    return tuple(
        measure
        for measure in Measure
        if _missing(rules, Taken(conduct, measure, now), taken, practice) is None
    )


def check(
    rules: Rules, wanted: Taken, taken: Sequence[Taken], practice: Practice = Practice()
) -> str:
    """The article that allows the measure; `MeasureRefused` if none does, or not yet."""
    article = steps_of(rules, wanted.conduct).article
    missing = _missing(rules, wanted, taken, practice)
    if missing is None:
        return article
    allowed = allowed_now(rules, wanted.conduct, taken, wanted.at, practice)
    raise MeasureRefused(missing, article, allowed)


def _missing(rules: Rules, wanted: Taken, taken: Sequence[Taken], practice: Practice) -> str | None:
    """Why the measure may not be taken; None if it may."""
    steps = steps_of(rules, wanted.conduct).value
    what = MEASURES_ZH[wanted.measure]
    if not steps:
        return f"本市规定未设对滥用热线的处置措施，不能{what}"
    if wanted.measure not in steps:
        have = "、".join(MEASURES_ZH[Measure(step)] for step in steps if step != _WAIT)
        return f"本市规定的措施是{have}，没有{what}"
    counted = [one for one in taken if wanted.at - practice.counts_for <= one.at <= wanted.at]
    if wanted.measure in {Measure.POLICE, Measure.JUSTICE}:
        # Suspected offences are referred promptly; only 杭州第二十九条第三款 says "多次".
        repeated = len(counted) >= practice.repeats_for_police
        if rules.abuse_police_repeated.value and not repeated:
            return f"须多次（{practice.repeats_for_police} 次以上）实施，方可{what}"
        return None
    same = [one for one in counted if one.conduct is wanted.conduct]
    for before in steps[: steps.index(wanted.measure)]:
        if before == _WAIT:
            why = _too_soon(same, wanted.at, practice)
        else:
            done = any(one.measure == before for one in same)
            why = None if done else f"先{MEASURES_ZH[Measure(before)]}"
        if why is not None:
            return f"须{why}，方可{what}"
    return None


def _too_soon(same: Sequence[Taken], now: datetime, practice: Practice) -> str | None:
    """杭州第二十九条第一款: a reasonable time after the reminder."""
    first = min((one.at for one in same if one.measure is Measure.WARN), default=now)
    if now - first >= practice.reasonable_time:
        return None
    minutes = practice.reasonable_time.total_seconds() / 60
    return f"在提醒后给予合理时间（{minutes:g} 分钟）"


def suspended_until(
    rules: Rules, start: datetime, days: int | None, practice: Practice = Practice()
) -> datetime:
    """When a suspension that starts now ends: 24:00 of its last natural day, in China's time.

    A city that names a length (惠州第八条: 30 natural days) leaves no choice; elsewhere the
    decision names `days`. ValueError says what would be right.
    """
    fixed: Limit | None = rules.abuse_suspension.value
    if fixed is not None:
        if days not in (None, fixed.count):
            raise ValueError(f"{rules.abuse_suspension.article}规定为 {fixed.count} 个自然日")
        days = fixed.count
    if days is None or not 1 <= days <= practice.longest_days:
        raise ValueError(f"暂停期限须写明，1 至 {practice.longest_days} 日（引擎缺省上限）")
    return end_of(start.astimezone(CHINA).date() + timedelta(days=days))


def notice(rules: Rules, conduct: Conduct, until: datetime) -> str:
    """What the caller is told, with the ground, the end and the way to appeal."""
    article = steps_of(rules, conduct).article
    end = until.astimezone(CHINA)
    return (
        f"因您{CONDUCT_ZH[conduct]}，根据{rules.period.title}{article}，"
        f"自即日起至{end:%Y年%-m月%-d日}止，暂停您的号码占用12345电话资源。"
        "如有异议，可以在来电中选择申诉并留言，或者通过其他渠道提出。"
        "遇有紧急情况，110、119、120、122不受影响。"
    )
