"""What a reviewer should look at in a call: moments and stretches, found in words and events."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from domain.callers.emergency import emergency_words

SILENCE_S = 10.0
TALK_OVER_S = 1.0
# Words that are abuse whoever they are said to. A city adds its own by settling them here.
ABUSE = re.compile(
    "(?:他|你|我操你|日你|去你)妈的?|操你|傻[逼比]|煞笔|王八蛋|混蛋|狗东西|畜生|滚蛋|去死|废物|"
    "脑子有病|神经病|不要脸|臭不要脸|死全家|弄死你|砍死|找人打你"
)


# What a citizen says who is angry, in distress or near tears; ours, by words alone: how loud or
# shaken a voice is, no recogniser here tells.
EMOTION = {
    "愤怒": re.compile(
        "气死|气人|太过分|欺人太甚|欺负人|岂有此理|忍无可忍|受不了|忍不了|没完没了|凭什么|推来推去|"
        "踢皮球|糊弄|敷衍|骗子|到底管不管|再不(?:处理|解决|管)|(?:告|曝光|投诉)你们"
    ),
    "焦急": re.compile("急死|急得|[很太]着急|求求|求你们?|来不及了|等不了|撑不住|怎么办[啊呀]"),
    "悲伤": re.compile("活不下去|没法活|走投无路|绝望|崩溃|想哭|哭了|哭着|心寒|委屈|伤心"),
}


class MarkKind(StrEnum):
    TALK_OVER = "talk_over"
    SILENCE = "silence"
    HOLD = "hold"
    TRANSFER = "transfer"
    EMERGENCY = "emergency"
    ABUSE = "abuse"
    EMOTION = "emotion"
    WARNING = "warning"
    SUSPENSION = "suspension"
    NODE = "node"
    PAUSE = "privacy_pause"


# Kinds of facts in the journal that are marks as they stand.
OF_FACTS = {
    "warned": MarkKind.WARNING,
    "suspended": MarkKind.SUSPENSION,
    "privacy_pause": MarkKind.PAUSE,
}
HELD, RESUMED = "held", "resumed"  # the agent's telephone; a detour is what the page asked for


@dataclass(frozen=True)
class Said:
    """One utterance; seconds of the call."""

    side: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Fact:
    """One journalled fact, ``at_s`` seconds after the answer."""

    kind: str
    at_s: float
    body: dict[str, object]


@dataclass(frozen=True)
class Mark:
    """``label``: the words, the node with its flow's version, or empty."""

    kind: MarkKind
    from_s: float
    to_s: float
    label: str = ""


def marks_of(
    said: Sequence[Said], facts: Sequence[Fact], talked: Sequence[tuple[float, float]]
) -> list[Mark]:
    """All marks in order of time. ``talked``: conversations with agents."""
    found = [*_talk_over(said), *_silences(said, talked), *_words(said), *_facts(facts)]
    found += [Mark(MarkKind.TRANSFER, start, start) for start, _ in talked[1:]]
    return sorted(found, key=lambda mark: (mark.from_s, mark.kind))


def overlap_s(marks: Iterable[Mark]) -> float:
    return sum(mark.to_s - mark.from_s for mark in marks if mark.kind is MarkKind.TALK_OVER)


def longest_silence_s(marks: Iterable[Mark]) -> float:
    silent = (mark.to_s - mark.from_s for mark in marks if mark.kind is MarkKind.SILENCE)
    return max(silent, default=0.0)


def _talk_over(said: Sequence[Said]) -> list[Mark]:
    callers = [one for one in said if one.side == "caller"]
    agents = [one for one in said if one.side == "agent"]
    found, first = [], 0
    for mine in agents:
        while first < len(callers) and callers[first].end_s <= mine.start_s:
            first += 1
        for other in callers[first:]:
            if other.start_s >= mine.end_s:
                break
            start, end = max(mine.start_s, other.start_s), min(mine.end_s, other.end_s)
            if end - start >= TALK_OVER_S:
                found.append(Mark(MarkKind.TALK_OVER, start, end))
    return found


def _silences(said: Sequence[Said], talked: Sequence[tuple[float, float]]) -> list[Mark]:
    """Nobody says anything for longer than ten seconds while an agent is in the call."""
    found = []
    for start, end in talked:
        spoken = sorted(
            (one.start_s, one.end_s) for one in said if one.end_s > start and one.start_s < end
        )
        heard_until, edges = start, []
        for begin, until in [*spoken, (end, end)]:
            if begin > heard_until:
                edges.append((heard_until, begin))
            heard_until = max(heard_until, until)
        found += [Mark(MarkKind.SILENCE, a, b) for a, b in edges if b - a > SILENCE_S]
    return found


def _words(said: Sequence[Said]) -> list[Mark]:
    found = []
    for one in said:
        danger = emergency_words(one.text) if one.side == "caller" else None
        if danger is not None:
            label = f"{danger.service.value} {danger.why}"
            found.append(Mark(MarkKind.EMERGENCY, one.start_s, one.end_s, label))
        if one.side == "caller":
            found += [
                Mark(MarkKind.EMOTION, one.start_s, one.end_s, f"{name} {told[0]}")
                for name, words in EMOTION.items()
                if (told := words.search(one.text)) is not None
            ]
        abuse = ABUSE.search(one.text)
        if abuse is not None:
            found.append(Mark(MarkKind.ABUSE, one.start_s, one.end_s, abuse[0]))
    return found


def _facts(facts: Sequence[Fact]) -> list[Mark]:
    found = []
    for fact in facts:
        kind = OF_FACTS.get(fact.kind)
        if kind is not None:
            start = _seconds(fact, "from_s")
            label = str(fact.body.get("label", ""))
            found.append(Mark(kind, start, max(_seconds(fact, "to_s"), start), label))
    return [*found, *_holds(facts), *_transfers(facts), *_nodes(facts)]


def _holds(facts: Sequence[Fact]) -> list[Mark]:
    """From where the caller was put on hold, by telephone or page, to where that ended."""
    found, since = [], None
    for fact in facts:
        begins = fact.kind == HELD or _detour(fact) == "held"
        ends = fact.kind in {RESUMED, "talked", "ended"} or fact.kind == "detour"
        if begins and since is None:
            since = fact.at_s
        elif not begins and ends and since is not None:
            found.append(Mark(MarkKind.HOLD, since, max(fact.at_s, since)))
            since = None
    return found


def _transfers(facts: Sequence[Fact]) -> list[Mark]:
    """The caller is handed to somebody else: named where a seat or queue is."""
    return [
        Mark(MarkKind.TRANSFER, fact.at_s, fact.at_s, _goal(fact))
        for fact in facts
        if _detour(fact) == "to_seat"
    ]


def _detour(fact: Fact) -> str:
    detour = fact.body.get("detour") if fact.kind == "detour" else None
    return str(detour.get("kind", "")) if isinstance(detour, dict) else ""


def _goal(fact: Fact) -> str:
    detour = fact.body["detour"]
    wish = detour.get("wish") if isinstance(detour, dict) else None
    return str(wish.get("wants") or wish.get("queue") or "") if isinstance(wish, dict) else ""


def _seconds(fact: Fact, name: str) -> float:
    """Of the call; the moment of the fact where its body has no such second."""
    found = fact.body.get(name, fact.at_s)
    return float(found) if isinstance(found, int | float) else fact.at_s


def _nodes(facts: Sequence[Fact]) -> list[Mark]:
    """Each node of the flow when the call came to it, with the flow's version."""
    version = next((_version(fact.body) for fact in facts if fact.kind == "started"), "")
    steps = [
        (fact.at_s, path) for fact in facts if fact.kind == "stepped" and (path := _path(fact.body))
    ]
    first = [(at_s, node) for at_s, path in steps[:1] for node in path]
    later = [
        (at_s, node)
        for (_, before), (at_s, path) in pairwise(steps)
        for node in path[len(before) :]
    ]
    return [Mark(MarkKind.NODE, at, at, f"{node} ({version})") for at, node in [*first, *later]]


def _version(body: dict[str, object]) -> str:
    return f"{body.get('flow', '')} v{body.get('flow_version', '')}"


def _path(body: dict[str, object]) -> list[str]:
    state = body.get("state")
    path = state.get("path", []) if isinstance(state, dict) else []
    return [str(node) for node in path]
