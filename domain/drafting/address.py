"""Where it happens: the best run of place names in a spoken text.

Recognised speech gives no punctuation and no list of streets is at hand, so a place is found by
its last character (路, 村, 小区, 号楼 …) and its name by going left to the nearest word that cannot
belong to a name (在, 我们, 那个 …).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from domain.drafting.found import Found
from domain.drafting.places import cities, districts
from domain.text.itn.normalise import normalise
from domain.text.itn.numerals import NUMERAL


@dataclass(frozen=True)
class Part:
    """One place word at characters ``start``..``end``; ``weight``: how far it narrows down."""

    start: int
    end: int
    kind: str
    weight: float


# Words that end the search for the beginning of a name, the longer first.
STOPS = re.compile(
    "我们家|我们|你们|他们|咱们|你好|您好|请问|那个|这个|那边|这边|这里|那里|就是|应该|可能|因为|所以|然后|"
    "但是|现在|已经|刚才|今天|昨天|前天|晚上|早上|下午|上午|中午|半夜|凌晨|每天|天天|经常|一直|附近|旁边|对面|门口|"
    "地址|住址|家住|住在|位于|反映|投诉|举报|咨询|建议|感谢|表扬|批评|求助|希望|能不能|可以|需要|知道|看到|发现|听说|"
    "经过|路过|出门|回家|上班|一下|一个|有个|有人|有一|楼下|楼上|隔壁|后面|前面|里面|外面|全部|整个|那条|这条|"
    "附近的|个|条|座|在|是|住|我|你|您|他|她|们|的|了|着|过|到|从|往|去|来|把|被|给|跟|与|这|那|每|"
    "也|都|就|还|又|再|很|太|最|只|才|要|想|说|叫|问|请|喂|嗯|啊|呃|吧|呢|吗|和(?![平谐睦美顺兴义])|有(?!为)|没|不|让|找|靠|叫做|"
    "俺|家(?![园和])|各|全|该|某|本|其他|别的|什么|哪|几|所有|市民|居民|业主|老板|工地|小孩|孩子|谢谢|代表|觉得|认为|明年|今年|高峰|好多|许多|读|念|上(?=[小中大]学)"
)
NAME_LIMIT = 7

ROAD = re.compile(
    "(?:大道|国道|省道|高架桥|高架|大街|路(?![灯过障况政费由径线近远])|街(?!道|上|坊)|巷(?!口))"
)
NOT_ROAD_NAMES = re.compile(
    "^(?:[马公铁道走跑修让半迷出没网线电水一上十小大老过问带沿四盲歧]|)$|(?:公|铁|高速|十字|丁字|岔|红绿灯|机耕|乡村|水泥|柏油)$"
)
BUS = re.compile("公交|巴士|车")
TOWN = re.compile(
    "街道办事处|街道办|街道|[镇乡](?![上里下政村镇长])|经济开发区|开发区|高新区|工业园区|工业园|产业园|科技园"
)
VILLAGE = re.compile(
    "新村|社区|居委会|村委会|行政村|自然村|村(?![里民上委口子])|村(?=口|里|民)|(?<!村)庄(?![稼家严园])"
)
ESTATE = re.compile(
    "小区|花园|花苑|家园|公寓|名苑|佳苑|雅苑|嘉苑|新苑|华庭|名都|豪庭|豪园|新城|山庄|公馆|雅居|半岛|人家|春城|"
    "苑|庭|湾(?!.{0,2}区)|府(?!门)|大厦|大楼|广场|商场|商城|购物中心|百货|银泰|万象城|政务(?:服务)?中心|行政中心|[一二三四五六七八九]区|万达|市场|菜场|超市|酒店|宾馆|饭店|学校|小学|中学|学院|大学|"
    "幼儿园|医院|卫生院|公园|汽车站|火车站|高铁站|地铁站|公交站|车站|[东南西北]站|码头|工业区|水库|大桥|桥|塔|湖(?![水里面边滨])|景区|养老院|图书馆|政府|服务大厅|"
    "体育馆|博物馆|服务中心|办事大厅|收费站|服务区|停车场|加油站|派出所"
)
NUMERALS = "零〇幺一二两三四五六七八九十百"
NUMBER = f"(?:{NUMERAL}|[0-9]){{1,6}}"
DETAIL = re.compile(
    f"{NUMBER}(?:栋|幢|号楼(?![下上道梯])|号院|座|单元|楼(?![梯道上下])|层|弄|组|队|期)"
    f"|(?<=[栋幢楼元]){NUMBER}(?:室|房|号房)?|{NUMBER}(?:室|号房)"
    f"|{NUMBER}号(?!线|院|楼(?![下上道梯])|晚|早|上|下|中|开|到|停|之|也)|[东西南北]区|[ABCD]座"
)
NEARBY = re.compile(
    "(?:的|那个|这个|那里|那边)?(?:交叉口|交界(?:处|的地方)|交汇处|十字路口|丁字路口|路口|街口|村口|门口|大门口|[东西南北](?:大?门|侧|面|边)|附近|旁边|对面|隔壁|桥下|桥头|"
    "后面|前面|斜对面|楼下|停车场|地下车库|车库|里面|出入口|入口|出口|中间|这一段|路段)"
)
JOINING = re.compile(
    "(?:的|那个|这个|那边|这边|那里|里面|靠近|近|上|和|与|跟|到|交|嗯|呃|就是|然后|是)?(?:的|那个|那边|里面)?"
)
CROSSING = re.compile("和|与|跟|到|交")
CUE = re.compile("(?:地址|位置|地点|住在|家住|位于|我在|我住|在|发生在|小区是|就在|到|是)$")
GENERIC = re.compile(
    "^(?:农贸|菜|大|老|小|公共|地下|高层|居民|住宅|商品|自己|城中|老旧|安置|自然|行政|停|公交|地铁|政|共享单|私人|民营|公立|私立|驻|扶贫|)$"
)

SELF_NAMED = re.compile("银泰|万象城|政务(?:服务)?中心|行政中心")

WEIGHTS = {"city": 0.5, "district": 1.5, "town": 2.0, "village": 2.2, "road": 2.5, "estate": 2.5}
WIDE = frozenset({"city", "district", "town"})


def find_address(text: str, city: str, breaks: Sequence[int] = ()) -> Found | None:
    """The most telling address in ``text``, numbers in figures; None if no place is named.

    ``breaks``: positions where the caller rested; no name runs over one, an address may.
    A district said elsewhere (我是东明县的 … 在黄河路) is put before an address without one.
    """
    groups = [group for group in _groups(text, _parts(text, city, breaks)) if _names_a_place(group)]
    if not groups:
        return None
    best = max(groups, key=lambda group: (_score(text, group), -group[0].start))
    chosen = [group for group in (_wider(groups, best), best) if group]
    stretches = tuple((group[0].start, group[-1].end) for group in chosen)
    value = "".join(normalise(_without_fillers(text[start:end])) for start, end in stretches)
    strength = min(0.95, 0.35 + 0.1 * _score(text, best))
    return Found(value, stretches, strength, "+".join(part.kind for part in best))


def _wider(groups: list[list[Part]], best: list[Part]) -> list[Part] | None:
    if any(part.kind in WIDE for part in best):
        return None
    return next((group for group in groups if all(part.kind in WIDE for part in group)), None)


def _parts(text: str, city: str, breaks: Sequence[int]) -> list[Part]:
    """Place words in order, none overlapping; the longer wins."""
    found = sorted(_candidates(text, city, breaks), key=lambda part: (part.start, -part.end))
    kept: list[Part] = []
    for part in found:
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
        elif part.end > kept[-1].end and kept[-1].kind not in {"district", "city"}:
            kept[-1] = part if part.start == kept[-1].start else kept[-1]
    return kept


def _candidates(text: str, city: str, breaks: Sequence[int]) -> Iterator[Part]:
    names = "|".join(districts(city))
    admin = [
        match.span() for match in re.finditer(f"(?:{'|'.join(cities(city))})市?|{names}", text)
    ]
    for start, end in admin:
        kind = "city" if text[start:end].startswith(cities(city)) else "district"
        yield Part(start, end, kind, WEIGHTS[kind])
    named = {end for _, end in admin}
    borders = {*named, *breaks}
    for kind, pattern in (("town", TOWN), ("village", VILLAGE), ("road", ROAD), ("estate", ESTATE)):
        for match in pattern.finditer(text):
            if any(match.start() < rest < match.end() for rest in breaks):
                continue
            start = name_start(text, match.start(), borders)
            borders.add(match.end())
            follows = start == match.start() and start in named and kind == "estate"
            if not (follows or _is_name(text, start, match, kind)):
                continue
            named.add(match.end())
            yield Part(start, match.end(), kind, WEIGHTS["city" if follows else kind])
    for match in DETAIL.finditer(text):
        if text[: match.start()][-1:] != "月":
            yield Part(match.start(), match.end(), "detail", 1.0)
    for match in NEARBY.finditer(text):
        yield Part(match.start(), match.end(), "nearby", 0.5)


def _is_name(text: str, start: int, mark: re.Match[str], kind: str) -> bool:
    """Whether what stands before 路, 村, 小区 … names one, unlike 马路, 我们村, 二二零路公交车."""
    name = text[start : mark.start()]
    if SELF_NAMED.fullmatch(mark[0]):
        return True
    if kind == "road":
        bus_line = not name.strip(NUMERALS) and BUS.match(text, mark.end())
        return not (NOT_ROAD_NAMES.search(name) or bus_line)
    return not GENERIC.match(name) and not (kind == "village" and name.endswith("农"))


def name_start(text: str, end: int, borders: Collection[int] = ()) -> int:
    """Where the name that ends at ``end`` begins: behind the last word that is part of no name."""
    start = max([0, end - NAME_LIMIT, *(border for border in borders if border <= end)])
    for match in STOPS.finditer(text[:end], start):
        start = max(start, match.end())
    return start


def _groups(text: str, parts: list[Part]) -> Iterator[list[Part]]:
    """Runs of place words with at most joining words between them."""
    group: list[Part] = []
    for part in parts:
        if group and not JOINING.fullmatch(text, group[-1].end, part.start):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _names_a_place(group: list[Part]) -> bool:
    return any(part.kind not in {"detail", "nearby", "city"} for part in group)


def _score(text: str, group: list[Part]) -> float:
    cue = 1.0 if CUE.search(text[: group[0].start]) else 0.0
    kinds = {part.kind: part.weight for part in group}
    details = min(2, sum(part.kind == "detail" for part in group))
    score = sum(kinds.values()) + cue + 0.5 * details
    # 我是莲都区的 says where somebody is from; the estate named next is where it happens.
    return 0.7 * score if all(part.kind in WIDE for part in group) else score


def _without_fillers(text: str) -> str:
    return re.sub("那个|这个|嗯|呃|就是|然后|那边|里面(?!$)|^的", "", text)
