"""Spoken words that mean somebody is in danger, and which service helps.

A transfer interrupts a citizen who speaks, so only what can hardly mean anything else is
`Level.CLEAR`; the rest is `Level.SUSPECTED` and shown to the agent, who decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Service(StrEnum):
    """The number that helps."""

    POLICE = "110"
    FIRE = "119"
    AMBULANCE = "120"
    TRAFFIC = "122"


class Level(StrEnum):
    """SUSPECTED: show it to a person. CLEAR: offer the transfer at once."""

    SUSPECTED = "suspected"
    CLEAR = "clear"


@dataclass(frozen=True)
class Emergency:
    """``why``: the words that tell, as recognised; ``start``..``end`` their place in the text."""

    service: Service
    level: Level
    why: str
    start: int
    end: int


# Said of what happens now these leave no doubt.
CLEAR: tuple[tuple[Service, str], ...] = (
    (Service.FIRE, "着火了|起火了|失火了|烧起来了|火灾|火警|救火"),
    (
        Service.FIRE,
        "(?:煤气|燃气|天然气|液化气)(?:泄漏|泄露|漏了|漏气)|(?:煤气|燃气)罐?(?:爆炸|着火)",
    ),
    (Service.FIRE, "(?:困|卡)在(?:电梯|火|楼|水)里?"),
    (
        Service.AMBULANCE,
        "叫(?:个|一辆)?救护车|(?:快|赶紧|马上)来救(?:人|命)|晕倒了|昏倒了|昏迷(?:了|不醒)",
    ),
    (
        Service.AMBULANCE,
        "(?:没有?|停止)(?:了)?(?:呼吸|心跳)|心脏病(?:发作|犯了)|喝(?:了)?农药|触电了|"
        "溺水了|掉(?:到|进)?(?:河|水|井)里",
    ),
    (
        Service.POLICE,
        "救命|抢劫|杀人|绑架|(?:拿|持|提)着?(?:刀|枪)|砍人|要跳楼|有人跳楼|入室盗窃|"
        "(?:小偷|贼|坏人)(?:在|进)(?:我)?家|(?:在|正在)打我|家暴",
    ),
    (Service.TRAFFIC, "(?:出|发生)(?:了)?车祸|撞(?:到|了)人|撞人了|连环(?:撞|追尾)"),
)  # fmt: skip
# May be a danger, may be a story, a fear or a figure of speech.
SUSPECTED: tuple[tuple[Service, str], ...] = (
    (
        Service.FIRE,
        "着火|起火|冒(?:黑|浓)?烟|烧焦|煤气味|(?:煤气|燃气|天然气)(?:的)?味|爆炸|火花|"
        "被困|电梯(?:里)?困人",
    ),
    (
        Service.AMBULANCE,
        "晕倒|昏迷|救护车|流(?:了)?(?:很多|好多)血|摔(?:伤|倒)了|受伤|中毒|不省人事|自杀|"
        "要生了|煤气中毒|急救",
    ),
    (
        Service.POLICE,
        "打架|被打|偷了|小偷|抢了|报警|跟踪|威胁|走失|走丢|失踪|诈骗|跳楼|不想活|打人",
    ),
    (Service.TRAFFIC, "车祸|交通事故|追尾|撞车|撞了|肇事"),
)  # fmt: skip

# It is not so, it was, it might be, or it is the name of a matter (消防, 救护车进不来).
NOT_SO = re.compile(
    "(?:没有?|不是|并未|未|不会|别|防止|预防|避免|以免|万一|如果|要是|假如|怕|担心|容易|可能会?|差点|险些|杜绝|"
    "举报|关于|咨询|问(?:一下|问)?)[^，]{0,6}$"
)
PAST = re.compile(
    "(?:上次|上回|以前|之前|曾经|去年|前年|上个?月|上周|前天|昨天|昨晚|前几天|那天|那次|当时|年前|天前|月前|"
    "小时候|过去)[^，]{0,10}$"
)
AFTERWARDS = re.compile(
    "(?:的(?:那|时候|事|楼|房|地方|案|赔偿|责任|处理)|过|之后|以后|后来|怎么(?:赔|办理|处理|预防)|隐患|的话|险|演练|"
    "知识|责任|认定|赔偿|报销|报警器|器|通道|车(?:都)?(?:进|开|过|出)不|费)"
)
NOW = re.compile("现在|正在|快来|快点来|赶紧来|马上|刚刚|刚才|救命")


def emergency_words(text: str) -> Emergency | None:
    """The most urgent danger told in ``text`` (words as recognised, no punctuation), or None.

    CLEAR beats SUSPECTED, then the earlier wins. Negated, past and merely feared dangers are never
    CLEAR: denied or feared ones count for nothing, past ones are SUSPECTED.
    """
    found = list(_tellings(text))
    return min(found, key=lambda one: (one.level is not Level.CLEAR, one.start), default=None)


def _tellings(text: str) -> Iterator[Emergency]:
    for table, level in ((CLEAR, Level.CLEAR), (SUSPECTED, Level.SUSPECTED)):
        for service, words in table:
            for match in re.finditer(words, text):
                actual = _actual_level(text, match, level)
                if actual is not None:
                    yield Emergency(service, actual, match[0], match.start(), match.end())


def _actual_level(text: str, match: re.Match[str], level: Level) -> Level | None:
    before = text[: match.start()]
    happening = NOW.search(before[-6:]) or NOW.match(text, match.end())
    if NOT_SO.search(before) and not happening:
        return None
    if (PAST.search(before) and not happening) or AFTERWARDS.match(text, match.end()):
        return Level.SUSPECTED
    return level
