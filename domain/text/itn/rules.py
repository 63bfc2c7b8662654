"""The typed numbers of a request: how each is spoken and how it is written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from domain.text.itn.numerals import DIGIT, DIGITS, NUMERAL, cardinal, digit_string, figures


class Kind(StrEnum):
    """What the number is."""

    IDENTITY = "identity"
    PLATE = "plate"
    PHONE = "phone"
    CODE = "code"
    DATE = "date"
    TIME = "time"
    PLACE = "place"
    ROOM = "room"
    LINE = "line"
    MONEY = "money"
    DURATION = "duration"
    QUANTITY = "quantity"
    PERCENT = "percent"
    DECIMAL = "decimal"


@dataclass(frozen=True)
class TypedSpan:
    """Characters ``start``..``end`` of the spoken text, and how they are written."""

    start: int
    end: int
    kind: Kind
    written: str


Writer = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True)
class Rule:
    kind: Kind
    pattern: re.Pattern[str]
    write: Writer


LAST_HOUR = 24
TEN_THOUSAND, HUNDRED_MILLION = 10_000, 100_000_000
COUNTING = "一二三四五六七八九十"


def _number(spoken: str) -> str | None:
    """Cardinal in figures; round ten thousands keep 万 (35 000 → 35000, 50 000 → 5万).

    Two digits side by side are a guess (两三天, 三五个), three and more are read out (三零零).
    """
    value = cardinal(spoken)
    if value is None:
        return digit_string(spoken) if len(spoken) > 2 else None  # noqa: PLR2004
    if value and value % HUNDRED_MILLION == 0:
        return f"{value // HUNDRED_MILLION}亿"
    return f"{value // TEN_THOUSAND}万" if value and value % TEN_THOUSAND == 0 else str(value)


def _place(spoken: str) -> str | None:
    """A house number; 三四号楼 (three or four) is a guess."""
    pair = len(spoken) == 2 and DIGITS.get(spoken[0], 99) + 1 == DIGITS.get(spoken[1])  # noqa: PLR2004
    return None if pair else figures(spoken)


def _hour(spoken: str) -> str | None:
    """七八点 is a guess, 二十五点 no hour."""
    value = cardinal(spoken)
    return None if value is None or value > LAST_HOUR else str(value)


def _year(spoken: str) -> str | None:
    """九八 is a year, 七八 (seven or eight) may be a count."""
    return None if spoken in COUNTING else digit_string(spoken)


def _code(spoken: str) -> str | None:
    """Digits read one by one; whoever counts (一二三四五六) says no number, but 12345."""
    counts = spoken in COUNTING and spoken != "一二三四五"
    return None if counts else digit_string(spoken)


def _with(convert: Callable[[str], str | None], **special: Callable[[str], str | None]) -> Writer:
    """Convert every group named n… (``special``: by another function) and keep the rest."""

    def write(match: re.Match[str]) -> str | None:
        pieces, position = [], match.start()
        for name in sorted(match.re.groupindex, key=match.re.groupindex.__getitem__):
            if match[name] is None:
                continue
            number = special.get(name, convert)(match[name])
            if number is None:
                return None
            pieces += [match.string[position : match.start(name)], number]
            position = match.end(name)
        return "".join([*pieces, match.string[position : match.end()]])

    return write


def _fraction(match: re.Match[str]) -> str | None:
    """三点五 → 3.5, 一点五万 → 1.5万; the unit stays."""
    whole, tenths = cardinal(match["n"]), digit_string(match["d"])
    if whole is None or tenths is None:
        return None
    return f"{whole}.{tenths}{match.string[match.end('d') : match.end()]}"


def _percent(match: re.Match[str]) -> str | None:
    if match["n"] == "百":
        return "100%"
    whole = cardinal(match["n"])
    tenths = digit_string(match["d"]) if match["d"] else ""
    return None if whole is None or tenths is None else f"{whole}{'.' if tenths else ''}{tenths}%"


def _characters(match: re.Match[str]) -> str | None:
    """Digit by digit, letters in capitals, blanks between them left out."""
    written = "".join(str(DIGITS.get(one, one)) for one in re.sub(r"[\s·]", "", match[0]))
    return written.upper().replace("叉", "X")


N = f"{NUMERAL}+"
# 几, 数, 好, 第 before a numeral make it vague or part of a name; 周三天黑 holds a weekday.
EXACT = "(?<![几数好第周0-9零〇幺一二两三四五六七八九十百千万亿点])(?<!星期)(?<!礼拜)"
ALONE = "(?<![零〇幺一二两三四五六七八九十百千万亿点])"
END = "(?![零〇幺一二两三四五六七八九十百千万亿])"
DAY_PART = (
    "(?:凌晨|清早|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|半夜|夜里|深夜|今晚|昨晚|今早|明早)"
)
MONTH = "(?:一|二|三|四|五|六|七|八|九|十[一二]?)"
DAY = "(?:三十[一]?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
MINUTE = f"(?:[零〇]{DIGIT}|[二三四五]?十{DIGIT}?|{DIGIT}(?=分))"
POINTS = (
    "(?!建议|意见|要求|问题|希望|看法|理由|原因|想法|诉求|情况|疑问|请求"
    "|[零〇幺一二两三四五六七八九])"
)
SIZES = (
    "平方公里|平方千米|平方米|平方厘米|平方|平米|公顷|亩|公里|千米|毫米|厘米|公分|米|里地|公斤|千克|毫克|克|斤|"
    "吨|升|度|分贝|倍|千瓦|兆|伏|寸|折|岁"
)
COUNTED = (
    "户|辆|人|次|名|个(?!月|小时|钟头|星期|礼拜)|家|间|张|台|只|头|棵|袋|箱|套|页|条|位|件|批|份"
    "|盏|株|桶|筐|座|趟|根|把|本|场"
)
PROVINCE = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
FIVE = (
    f"{ALONE}(?P<n>[幺一]二三{DIGIT}{{2}}|[幺一]零[零〇](?:八六|零零|一零)"
    f"|九五{DIGIT}{{3}}|九六{DIGIT}{{3,4}})"
)

RULES = (
    Rule(
        Kind.PLATE,
        re.compile(f"{PROVINCE}\\s?[A-Za-z]\\s?·?(?:(?:{DIGIT}|[0-9A-Za-z])\\s?){{4,5}}(?:{DIGIT}|[0-9A-Za-z])"),
        _characters,
    ),
    Rule(
        Kind.IDENTITY,
        re.compile(f"{ALONE}[一二三四五六七八]{DIGIT}{{16}}(?:{DIGIT}|[Xx叉]){END}"),
        _characters,
    ),
    Rule(
        Kind.PHONE,
        re.compile(f"{ALONE}(?P<n>[幺一]{DIGIT}{{10}}|[零〇]{DIGIT}{{9,11}}|[四八][零〇]{{2}}{DIGIT}{{7}}){END}"),
        _with(digit_string),
    ),
    Rule(
        Kind.PHONE,
        re.compile(f"(?:电话|座机|固话)(?:号码)?(?:是|就是|为)?(?P<n>{DIGIT}{{7,8}}){END}"),
        _with(digit_string),
    ),
    Rule(
        Kind.PHONE,
        re.compile(f"{FIVE}(?:{END}|(?={NUMERAL}{{1,2}}(?:次|遍|回|个电话)))"),
        _with(_code),
    ),
    Rule(
        Kind.PHONE,
        re.compile(
            f"{ALONE}(?P<n>[幺一][幺一二][零二九])(?=热线|电话|打|报警|急救|救护|消防|指挥|民警|出警|$)"
            f"|(?<=[打拨报叫])(?:了|过)?(?P<n2>[幺一][幺一二][零二九]){END}|{ALONE}(?P<n3>幺[幺二][零二九]){END}"
        ),
        _with(digit_string),
    ),
    Rule(Kind.CODE, re.compile(f"{ALONE}(?P<n>{DIGIT}{{5,}}){END}"), _with(_code)),
    Rule(
        Kind.CODE,
        re.compile(
            f"(?:尾号|工号|编号|单号|号码|警号|验证码|后四位|末四位|卡号)(?:是|为)?(?P<n>{DIGIT}{{3,}}){END}"
        ),
        _with(digit_string),
    ),
    Rule(Kind.PERCENT, re.compile(f"百分之(?P<n>{N})(?:点(?P<d>{DIGIT}+))?"), _percent),
    Rule(
        Kind.DECIMAL,
        re.compile(
            f"{EXACT}(?P<n>{N})点(?P<d>{DIGIT}+)(?=[万亿]?(?:多)?(?:{SIZES}|元|块|个|公|万|亿|级|秒|小时|%))[万亿]?"
        ),
        _fraction,
    ),
    Rule(Kind.DECIMAL, re.compile(f"{ALONE}(?P<n>[零〇])点(?P<d>{DIGIT}+)(?!分|十)"), _fraction),
    Rule(
        Kind.DATE,
        re.compile(
            f"(?:(?P<n1>(?:二[零〇]|[一幺]九){DIGIT}{{2}}|{DIGIT}{{2}})年)?(?P<n2>{MONTH})月(?:份|(?P<n3>{DAY})[号日])"
        ),
        _with(figures),
    ),
    Rule(
        Kind.DATE,
        re.compile(f"(?P<n1>(?:二[零〇]|[一幺]九){DIGIT}{{2}})年(?:(?P<n2>{MONTH})月(?![一二三四五六七八九十]))?"),
        _with(figures),
    ),
    Rule(Kind.DATE, re.compile(f"{ALONE}(?P<n>[七八九零〇]{DIGIT})年(?!级|代)"), _with(_year)),
    Rule(
        Kind.DATE,
        re.compile(
            f"(?:(?<=[今去明前]年)(?P<n1>{MONTH})月(?![一二三四五六七八九十])|{ALONE}(?P<n2>{MONTH})月(?=底|初|中旬|上旬|下旬|末))"
        ),
        _with(figures),
    ),
    Rule(
        Kind.TIME,
        re.compile(f"{DAY_PART}的?(?P<n1>{NUMERAL}{{1,3}})点(?:(?P<n2>{MINUTE})分?)?{POINTS}"),
        _with(figures, n1=_hour),
    ),
    Rule(
        Kind.TIME,
        re.compile(
            f"{EXACT}(?P<n1>[二两三四五六七八九十][一二三四十]?)点(?:(?P<n2>{MINUTE})分?)?{POINTS}"
        ),
        _with(figures, n1=_hour),
    ),
    Rule(
        Kind.TIME,
        re.compile(f"{EXACT}(?P<n1>一)点(?:钟|半(?!天|年|个)|一刻|三刻|(?P<n2>{NUMERAL}{{2,3}})分)"),
        _with(figures),
    ),
    Rule(
        Kind.ROOM,
        re.compile(
            f"(?:(?P<n1>{N})(?:号楼|栋|幢|座|楼))(?:(?P<n2>{N})(?:单元|梯))?(?P<n3>{DIGIT}{{3,4}})(?:室|房)?{END}"
        ),
        _with(figures),
    ),
    Rule(
        Kind.ROOM,
        re.compile(f"(?P<n1>{N})(?:单元|梯)(?P<n2>{DIGIT}{{3,4}})(?:室|房)?{END}"),
        _with(figures),
    ),
    Rule(Kind.ROOM, re.compile(f"(?P<n>{DIGIT}{{3,4}})(?:室|房间|号房|房)"), _with(figures)),
    Rule(
        Kind.PLACE,
        re.compile(f"{EXACT}(?P<n>{N})(?:号楼|号线|号院|号|[栋幢](?![镇村路街])|单元|层|弄)"),
        _with(_place),
    ),
    Rule(Kind.PLACE, re.compile(f"{EXACT}(?P<n>{N})楼(?!梯|道)"), _with(_place)),
    Rule(Kind.PLACE, re.compile(f"(?<=[村屯庄寨社])(?P<n>{N})[组队社]"), _with(_place)),
    Rule(
        Kind.LINE,
        re.compile(
            f"{ALONE}(?P<n>{DIGIT}{{2,3}}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])路(?=公交|车|巴士|的?司机|末班|首班)"
            f"|(?<=[坐乘等])(?P<n2>{N})路(?!口)"
            f"|(?<![一-龥])(?P<n3>{DIGIT}{{3}}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]百{NUMERAL}*)路(?!口)"
            f"|{ALONE}(?P<n4>{DIGIT}?[零〇幺]{DIGIT}|{DIGIT}{DIGIT}[零〇幺]|[二三四五六七八九]十[一二三四五六七八九]?|[一二三四五六七八九]百{NUMERAL}+)路(?!口)"
        ),
        _with(figures),
    ),
    Rule(
        Kind.MONEY,
        re.compile(f"{EXACT}(?P<n1>{N})[块元](?P<n2>{DIGIT})(?:[毛角](?:(?P<n3>{DIGIT})分)?|(?=钱|一|$|[，。]))"),
        _with(_number),
    ),
    Rule(
        Kind.MONEY,
        re.compile(f"{EXACT}(?P<n>{N})(?:多)?(?:块钱|元钱|元(?![里桥区宫坊村路旦宵])|人民币|美元|港币|毛钱)"),
        _with(_number),
    ),
    Rule(
        Kind.MONEY,
        re.compile(
            f"{EXACT}(?P<n>(?=[^块]*[十百千万]|(?<=[收交花要罚付欠扣]){NUMERAL}){N})多?块(?![地儿])"
        ),
        _with(_number),
    ),
    Rule(
        Kind.DURATION,
        re.compile(f"{EXACT}(?P<n>{N})(?:多)?(?:个半?多?)?(?:小时|钟头|星期|礼拜)"),
        _with(_number),
    ),
    Rule(
        Kind.DURATION,
        re.compile(
            f"{EXACT}(?P<n>(?!一(?:天|年|个|周)){N})多?(?:个半?多?月|分钟|秒钟?|天(?!两头|黑|亮|气)|周(?![岁边围转]|[一二三四五六日末])|年(?!级|代))"
        ),
        _with(_number),
    ),
    Rule(
        Kind.QUANTITY,
        # 一米八 stays: 1米八 is nobody's way to write it.
        re.compile(f"{EXACT}(?P<n>{N})多?(?:{SIZES})(?![一二三四五六七八九半])"),
        _with(_number),
    ),
    Rule(
        Kind.QUANTITY,
        re.compile(f"{EXACT}(?P<n>{NUMERAL}*[十百千]{NUMERAL}*万?)(?:多|余)?(?:{COUNTED})"),
        _with(_number),
    ),
    Rule(
        Kind.QUANTITY,
        re.compile(f"{EXACT}(?P<n>{N})(?<=[万亿])(?:多|余)?(?=(?:{COUNTED}|$|[，。])|工资|押金|定金|赔偿|欠款)"),
        _with(_number),
    ),
)  # fmt: skip
