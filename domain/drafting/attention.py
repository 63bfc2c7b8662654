"""What a person must see at once: words of danger, and words that hurt or threaten.

Marks are for the supervisor and for the rules on abusive callers; they decide nothing.
"""

import re

from domain.callers.emergency import emergency_words
from domain.drafting.found import Found

INSULT, THREAT, SELF_HARM = "insult", "threat", "self_harm"

ABUSE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        SELF_HARM,
        re.compile(
            "(?:我|俺)(?:就|要|真|真的|只能|只好|只有)?(?:去)?(?:不想活|不活了|跳楼|跳河|喝农药|死给你们?看|一头撞死|自杀|上吊)|死在你们(?:门口|单位)"
        ),
    ),
    (
        THREAT,
        re.compile(
            "(?:弄|打|砍|捅|杀|搞|整)死(?:你们?|他们?|她们?)|(?:砍|杀|捅)(?:了|人)(?:你|他|全家)|(?:炸|烧|砸)(?:了|掉)?(?:你们|政府|单位|村委会|派出所)|"
            "(?:泼|浇)汽油|同归于尽|要你们?(?:好看|的命|狗命)|(?:走着瞧|你们?等着)|让你(?:全家|下不了班)|放火烧"
        ),
    ),
    (
        INSULT,
        re.compile(
            "他妈的|你他妈|你妈(?:的|了个?|逼)|(?<![我他她你爸爹俺老大小姑舅干])妈的(?!话)|妈个?[逼比]|[操草日][你他]|傻[逼比叉子]|煞笔|王八蛋|龟孙|混蛋|滚(?:蛋|你|犊子)|狗[日东官]|狗东西|畜生|"
            "去死吧?|脑残|神经病|白痴|废物|饭桶|吃屎|放(?:你)?(?:的)?狗?屁(?!股)|不要脸|臭不要脸|贱[人货]|老不死|瞎了(?:你)?(?:的)?狗?眼|婊子"
        ),
    ),
)
# Told of others: 他骂我傻逼, 老板说要打死我.
REPORTED = re.compile("(?:骂|说|喊|威胁|扬言|恐吓|叫)(?:我|我们|人|什么|了|着|他|她|要|是)*$")


def find_emergency(text: str) -> Found | None:
    """The most urgent danger told: "119 clear", "110 suspected" …; None where none is."""
    danger = emergency_words(text)
    if danger is None:
        return None
    value = f"{danger.service} {danger.level}"
    clear = danger.level.value == "clear"
    here = ((danger.start, danger.end),)
    return Found(value, here, 0.8 if clear else 0.4, f"said:{danger.why}")


def find_abuse(text: str) -> Found | None:
    """The gravest of "self_harm", "threat" and "insult"; not what somebody else is quoted with."""
    for kind, words in ABUSE:
        own = [hit for hit in words.finditer(text) if not REPORTED.search(text[: hit.start()])]
        if own:
            return Found(kind, tuple(hit.span() for hit in own), 0.7, f"said:{own[0][0]}")
    return None
