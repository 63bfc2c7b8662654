"""How fast somebody has to act.

The emergency grades are Huizhou's (重大紧急和重大安全隐患, 一般紧急和安全隐患), fast and general
are Lishui's (快速事项, 一般事项); other cities take them as a hint. The rule names the words.
"""

import re
from enum import StrEnum

from domain.callers.emergency import Level, emergency_words
from domain.drafting.found import Found
from domain.tickets.category import Category


class Urgency(StrEnum):
    """From what can wait its turn to what cannot wait an hour."""

    GENERAL = "general"
    FAST = "fast"
    EMERGENCY_GENERAL = "emergency_general"
    EMERGENCY_MAJOR = "emergency_major"


# Asking, praising and proposing is of no hurry, whatever words are used for it.
CALM = frozenset({Category.CONSULT, Category.SUGGEST, Category.PRAISE})
# Reported as it happens, or a danger to many. What a call's emergency words are clear about too.
MAJOR = re.compile(
    "(?:正在|马上(?:要)?|快要|随时(?:会|要|可能))(?:倒塌|坍塌|垮塌|溃坝|决堤|爆炸)|决堤|溃坝|溃口|泥石流|"
    "(?:房子|大楼|楼房|墙|桥)(?:倒|塌|垮)(?:了|下来)|压(?:住|到|着)了?人|(?:多人|几十人|十几个人|好多人|很多人)"
    "(?:中毒|受伤|被困|昏迷|死亡)|集体中毒|食物中毒.{0,6}(?:住院|抢救)|危化品泄漏|毒气|"
    "(?:煤气|燃气|天然气|氨气|氯气)(?:泄漏|泄露|漏了)"
)
HAZARD = re.compile(
    "井盖(?:没了|没有了|不见|丢|被偷|缺失|坏|松|塌)|电线(?:垂|掉|断|裸露|搭|冒)|漏电|高空(?:抛物|坠物)|"
    "(?:路面|地面|路)(?:塌|陷)|塌(?:了|出)(?:一?个)?大?[坑洞]|塌陷|塌方|滑坡|山体|往下陷|往下掉|(?:快|快要|要)(?:倒|塌|垮|掉)了|要倒|要垮|"
    "(?:墙|房|楼|屋|台)\\S{0,6}(?:裂|下沉|歪|往下沉)|砸(?:到|坏|伤|下)|冒(?:烟|火花)|火花|"
    "消防(?:通道|栓).{0,8}(?:堵|占|锁|坏)|(?:安全|火灾|消防)隐患|"
    "(?:很|太|非常|特别|十分)危险|洪水|山洪|内涝|水(?:都)?没到|淹(?:了|到)|煤气味|燃气味|"
    "倒在路|刮倒|横在路|拦住了路|把路.{0,3}(?:拦|堵)住|走(?:失|丢)|敲门没|叫门不应|三天没开门|"
    "锁(?:起来|死)|堵死|食物中毒|疫情|传染|一夜之间死"
)
FAST = re.compile(
    "(?:停|断)(?:了)?(?:水|电|气|暖|网)|没(?:有)?(?:水|电|气)(?:用|了|都|$)|(?:水|电|气|宽带|网络?)(?:都)?(?:停|断)了|"
    "(?:电梯|红绿灯|路灯|水管)\\S{0,6}(?:坏|停|故障|不亮|爆|黑)|水管爆|爆了|冒出来|往外冒|漫到|"
    "(?:拖欠|欠|讨|要不回)\\S{0,8}(?:工资|工钱|薪)|工资\\S{0,6}(?:没发|不发|没给|拖)|血汗钱|"
    "(?:明天|后天|这两天|今天|下周|马上|快)(?:就)?(?:要)?(?:开学|考试|高考|中考|截止|到期|报名|手术|过期)|"
    "报不了名|抢救|住不上院|没床位|独居|瘫痪|孕妇|急病|揭不开锅|过不下去|旱得|烂在|"
    "火速|(?<!应急)(?<!非)紧急(?!出口)|十万火急|急死"
)


def find_urgency(text: str, category: Category) -> Found:
    """The highest grade whose words are said; `Urgency.GENERAL` where nothing hurries."""
    if category in CALM:
        return Found(Urgency.GENERAL, (), 0.8, f"category:{category}")
    danger = emergency_words(text)
    if danger and danger.level is Level.CLEAR:
        return _because(Urgency.EMERGENCY_MAJOR, danger.start, danger.end, danger.why, 0.8)
    for grade, words in (
        (Urgency.EMERGENCY_MAJOR, MAJOR),
        (Urgency.EMERGENCY_GENERAL, HAZARD),
        (Urgency.FAST, FAST),
    ):
        said = words.search(text)
        if said:
            return _because(grade, said.start(), said.end(), said[0], 0.7)
    return Found(Urgency.GENERAL, (), 0.6, "nothing_hurries")


def _because(grade: Urgency, start: int, end: int, words: str, strength: float) -> Found:
    return Found(grade, ((start, end),), strength, f"said:{words}")
