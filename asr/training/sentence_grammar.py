"""A small grammar of sentences: what callers might say, written down as data (texts/*.grammar).

    # a comment
    district: 朝阳区 海淀区              one alternative per word
    place = {district}{road}             one alternative per bar; {name} is another rule
          | {road}{1-300}号 *2           *2: drawn twice as often; {1-300}: a number, spoken
          |                              nothing at all

A rule given again (also in another file) gains alternatives. ``{digits:8}`` is that many digits
read one by one, ``{mobile}`` a mobile number; in both, half the time 一 is said 幺.
Generated text contains Chinese characters, ， and the capital letters of number plates only:
espeak reads digits as one huge number.
"""

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

DIGITS = "零一二三四五六七八九"
SENTENCE = re.compile("[\u4e00-\u9fffA-Z，]+")

_RULE = re.compile(r"([\w-]+)\s*([:=])(.*)")
_SLOT = re.compile(r"\{([^}]+)\}")
_WEIGHT = re.compile(r"^(.*?)\s*\*(\d+)$")
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))
_SECOND_DIGITS = "三三五五七八八九"  # of mobile numbers: 13x, 15x, 17x, 18x, 19x


class GrammarWrong(ValueError):
    """A line is not a rule, or a slot names none."""


def cardinal(number: int) -> str:
    """0..9999 as it is spoken: 205 -> 二百零五, 14 -> 十四."""
    if number < 10:
        return DIGITS[number]
    unit, name = next(each for each in _UNITS if number >= each[0])
    head, rest = divmod(number, unit)
    spoken = ("" if unit == 10 and head == 1 else DIGITS[head]) + name
    if not rest:
        return spoken
    gap = "零" if rest < unit // 10 else ""
    ten = "一" if unit > 10 and 10 <= rest < 20 else ""
    return spoken + gap + ten + cardinal(rest)


def _digit_by_digit(digits: str, choose: random.Random) -> str:
    return digits.replace("一", "幺") if choose.random() < 0.5 else digits


def _mobile(choose: random.Random) -> str:
    rest = "".join(choose.choice(DIGITS) for _ in range(9))
    return _digit_by_digit("一" + choose.choice(_SECOND_DIGITS) + rest, choose)


def _number(slot: str, choose: random.Random) -> str | None:
    """What a built-in slot says; None for the name of a rule."""
    if slot == "mobile":
        return _mobile(choose)
    if slot.startswith("digits:"):
        count = int(slot.removeprefix("digits:"))
        return _digit_by_digit("".join(choose.choice(DIGITS) for _ in range(count)), choose)
    low, dash, high = slot.partition("-")
    if dash and low.isdigit() and high.isdigit():
        return cardinal(choose.randint(int(low), int(high)))
    return None


@dataclass(frozen=True)
class Grammar:
    """Rule name -> its alternatives, repeated by weight."""

    rules: Mapping[str, tuple[str, ...]]

    def expand(self, name: str, choose: random.Random) -> str:
        """One random sentence of the rule ``name``."""
        return _SLOT.sub(
            lambda slot: self._say(slot.group(1), choose), choose.choice(self.rules[name])
        )

    def _say(self, slot: str, choose: random.Random) -> str:
        number = _number(slot, choose)
        return self.expand(slot, choose) if number is None else number

    def fixed(self, *names: str) -> list[str]:
        """The alternatives of these rules that hold no slot, each once, in order."""
        alternatives = (text for name in names for text in self.rules[name])
        return list(dict.fromkeys(text for text in alternatives if text and "{" not in text))


@dataclass
class _Reading:
    rules: dict[str, list[str]] = field(default_factory=dict)
    current: str = ""

    def take(self, line: str) -> None:
        if line.lstrip().startswith("|"):
            if not self.current:
                raise GrammarWrong(f"alternatives without a rule: {line}")
            self._alternatives(line.lstrip()[1:])
            return
        found = _RULE.fullmatch(line.strip())
        if not found:
            raise GrammarWrong(f"not a rule: {line}")
        self.current, kind, rest = found.groups()
        if kind == ":":
            self.rules.setdefault(self.current, []).extend(rest.split())
            self.current = ""
        else:
            self._alternatives(rest)

    def _alternatives(self, text: str) -> None:
        for part in text.split("|"):
            weighted = _WEIGHT.match(part.strip())
            alternative, times = weighted.groups() if weighted else (part.strip(), "1")
            self.rules.setdefault(self.current, []).extend([alternative] * int(times))


def parse(texts: Iterable[str]) -> Grammar:
    """Read grammar files together; `GrammarWrong` names the line or the slot that is wrong."""
    reading = _Reading()
    for text in texts:
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                reading.take(line)
        reading.current = ""
    rules = {name: tuple(alternatives) for name, alternatives in reading.rules.items()}
    probe = random.Random(0)
    for name, alternatives in rules.items():
        for slot in _SLOT.findall(" ".join(alternatives)):
            if slot not in rules and _number(slot, probe) is None:
                raise GrammarWrong(f"{name} uses {{{slot}}}, which is no rule")
    return Grammar(rules)
