"""The request in one line of ticket style, and a title, from unpunctuated speech."""

import re
from dataclasses import dataclass

from domain.drafting.cues import CUES, WEAK
from domain.text.itn.normalise import normalise

LONGEST = 60
TITLE_LONGEST = 28
# A clause without a rest in it is cut where speakers join sentences.
LONG_CLAUSE = 16
JOINTS = re.compile(
    "(?<!^)(?=然后|但是|可是|而且|所以|结果|(?<!到)现在|因为|希望|请你们|麻烦你们|(?<!还)能不能|请问|已经|导致|我们也|"
    "打了|找了|问了|物业说|他们说|反映了|没有人|没人|天天|每天|一到)"
)
NOISE = re.compile(
    "^(?:喂+|你好|您好|哎|诶|嗯+|啊|呃+|那个|这个|就是说|就是|然后|是这样的?|是这样子的?|我想|我要|我来|我是想|"
    "我(?:这里|这边)(?=有个)|有个事情?|有件事|向你们|跟你们|给你们|麻烦|请问(?:一下)?|同志|政府热线吗|热线吗|是.{0,6}热线吗|"
    "一二三四五(?:热线)?(?:吗)?|想|要|问一下|问问|问|了解一下|了解|说一下|讲一下|(?:反映|投诉|举报|咨询|建议|求助|反应)(?:一下|一个|个)?"
    "(?:问题|情况|事情)?|一下|的是|情况)+"
)
INNER_NOISE = re.compile(
    "嗯+|呃+|那个(?=[^人])|就是说|你知道吧?|对不对|是吧|对吧|的话(?=$)|哎呀|真的是"
)
TAIL_NOISE = re.compile(
    "(?:谢谢(?:你们|您|你|了)?|再见|拜拜|好吗|行吗|麻烦(?:你们|您|你)?了?|就这样|好的|啊|呀|吧|哈)+$"
)
PERSONAL = re.compile(
    "我(?:姓.{1,2}|叫.{2,3}$)|(?:电话|手机|号码|联系方式)|保密|匿名|给我(?:个|一个)?(?:答复|回复)|"
    r"\d{7,}"  # a number, also where the word before it was misheard
)
TELLING = re.compile("|".join(cue for _, weight, cues in CUES if weight > WEAK for cue in cues))
MEANINGFUL = 3
# In a title the kind is named at its end: 关于我建议增设公交站的建议 says it twice.
TITLE_NOISE = re.compile(
    "^(?:我(?:们(?!村|小区|家)|(?!们|家))的?|你们|要|想|对|向|在|请|希望|建议|表扬|感谢|批评|举报|投诉|求助|一下)+(?=.{4})"
)


@dataclass(frozen=True)
class Summary:
    """``stretches``: the clauses it was made of, as character ranges."""

    text: str
    title: str
    stretches: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Clause:
    start: int
    end: int
    text: str
    weight: float


def summarise(text: str, clauses: list[tuple[int, int]], *, category: str, address: str) -> Summary:
    """The telling clauses in spoken order, ≤ 60 characters in all; empty if nothing was said."""
    candidates = [clause for clause in _clauses(text, clauses) if len(clause.text) >= MEANINGFUL]
    if not candidates:
        return Summary("", f"{category}（内容不清）", ())
    chosen = _choose(candidates)
    line = "，".join(clause.text for clause in chosen)
    best = max(chosen, key=lambda clause: (clause.weight, -clause.start))
    return Summary(
        _cut(line, LONGEST),
        _title(best.text, category, address),
        tuple((clause.start, clause.end) for clause in chosen),
    )


def telling_pieces(text: str, stretches: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Every clause as ``(start, end, words)``, cleaned and in figures, none said twice."""
    return [(one.start, one.end, one.text) for one in _clauses(text, stretches)]


def _clauses(text: str, stretches: list[tuple[int, int]]) -> list[Clause]:
    found: list[Clause] = []
    for start, end in stretches:
        for piece_start, piece_end in _pieces(text, start, end):
            said = _clean(text[piece_start:piece_end])
            if said and all(said != clause.text for clause in found):
                found.append(Clause(piece_start, piece_end, said, _weight(said, len(found))))
    return found


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= LONG_CLAUSE:
        return [(start, end)]
    cuts = [start]
    for joint in JOINTS.finditer(text[start:end]):
        if start + joint.start() - cuts[-1] >= MEANINGFUL + 2:
            cuts.append(start + joint.start())
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _clean(said: str) -> str:
    cleaned = TAIL_NOISE.sub("", NOISE.sub("", INNER_NOISE.sub("", said)))
    return normalise(cleaned)


def _weight(said: str, position: int) -> float:
    telling = min(3, len(TELLING.findall(said)))
    personal = 4 if PERSONAL.search(said) else 0
    # Callers say what it is about first; the story comes after it.
    return 2 * telling + min(len(said), 20) / 10 - 0.3 * position - personal


def _choose(candidates: list[Clause]) -> list[Clause]:
    """The weightiest that fit, put back in spoken order."""
    chosen: list[Clause] = []
    length = 0
    for clause in sorted(candidates, key=lambda clause: (-clause.weight, clause.start)):
        added = len(clause.text) + bool(chosen)
        if chosen and (length + added > LONGEST or clause.weight < 0):
            continue
        chosen.append(clause)
        length += added
    return sorted(chosen, key=lambda clause: clause.start)


def _title(core: str, category: str, address: str) -> str:
    core = TITLE_NOISE.sub("", core)
    place = "" if not address or address in core else address
    room = TITLE_LONGEST - len(f"关于的{category}")
    if len(place) + len(core) > room:
        place = ""
    return f"关于{place}{_cut(core, room)}的{category}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
