"""Answers that the transcript suggests, each with the words that led to it. A person decides."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.review.form import Form
from domain.review.marks import ABUSE, Said

ANSWER_WITHIN_S = 15.0  # GB/T 33358-2016: a call is answered within 15 s
FIRST_S, LAST_UTTERANCES = 20.0, 3
GREETING = re.compile("您好|你好|很高兴为您|请问有什么|为您服务")
ADDRESS = re.compile("(?:什么|哪个|哪里|哪儿|具体).{0,4}(?:地址|位置|地方|小区|路段|街道)|在哪")
CLOSING = re.compile("感谢您?的?来电|祝您|再见|还有(?:什么|其他)|请.{0,4}评价")
REPEATED = re.compile("您(?:说的|反映的|的诉求)是|跟您核对|我重复一下|记录(?:一下|下来)|是这样吗")
FORBIDDEN = re.compile("不知道|不归我们管|你去找别人|没办法|爱找谁找谁|不关我的?事|你自己看|急什么")


@dataclass(frozen=True)
class Heard:
    """What suggestions are made from; ``answer_s``: seconds a seat rang, None if unknown."""

    said: Sequence[Said]
    talked_from_s: float
    answer_s: float | None = None

    @property
    def agent(self) -> list[Said]:
        return [one for one in self.said if one.side == "agent"]


@dataclass(frozen=True)
class Suggestion:
    """``words`` led to ``answer``; ``at_s``: where they were said."""

    answer: str
    words: str
    at_s: float | None = None


def suggestions(form: Form, heard: Heard) -> dict[str, Suggestion]:
    """By question; only where there is something to go by."""
    found: dict[str, Suggestion] = {}
    for question in form.questions.values():
        rule = RULES.get(question.suggest)
        # Without an agent's words only the time of ringing says anything.
        silent = not heard.agent and question.suggest != "answered"
        suggestion = None if rule is None or silent else rule(heard)
        if suggestion is not None and suggestion.answer in question.choices:
            found[question.id] = suggestion
    return found


def _said(pattern: re.Pattern[str], where: Sequence[Said]) -> Suggestion | None:
    for one in where:
        match = pattern.search(one.text)
        if match is not None:
            return Suggestion("yes", match[0], one.start_s)
    return None


def _greeting(heard: Heard) -> Suggestion:
    first = [one for one in heard.agent if one.start_s <= heard.talked_from_s + FIRST_S]
    words = "".join(one.text for one in first)[:60]
    return _said(GREETING, first) or Suggestion("no", words)


def _address(heard: Heard) -> Suggestion:
    return _said(ADDRESS, heard.agent) or Suggestion("no", "")


def _repeated(heard: Heard) -> Suggestion:
    return _said(REPEATED, heard.agent) or Suggestion("no", "")


def _closing(heard: Heard) -> Suggestion:
    last = heard.agent[-LAST_UTTERANCES:]
    return _said(CLOSING, last) or Suggestion("no", "".join(one.text for one in last)[-60:])


def _polite(heard: Heard) -> Suggestion:
    for pattern in (ABUSE, FORBIDDEN):
        found = _said(pattern, heard.agent)
        if found is not None:
            return Suggestion("no", found.words, found.at_s)
    return Suggestion("yes", "")


def _answered(heard: Heard) -> Suggestion | None:
    if heard.answer_s is None:
        return None
    answer = "yes" if heard.answer_s <= ANSWER_WITHIN_S else "no"
    return Suggestion(answer, f"{heard.answer_s:.1f} s", heard.talked_from_s)


RULES: Mapping[str, Callable[[Heard], Suggestion | None]] = {
    "greeting": _greeting,
    "address": _address,
    "repeated": _repeated,
    "closing": _closing,
    "polite": _polite,
    "answered": _answered,
}
