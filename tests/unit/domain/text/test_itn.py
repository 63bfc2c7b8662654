import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text.itn.normalise import normalise, write
from domain.text.itn.numerals import cardinal, digit_string, figures


@pytest.mark.parametrize(
    ("spoken", "value"),
    [
        ("零", 0), ("十", 10), ("十五", 15), ("二十", 20), ("一百零二", 102), ("一百二", 120),
        ("一百二十", 120), ("两千五", 2500), ("两千零五", 2005), ("三万六", 36000),
        ("三万五千六", 35600), ("三万零六", 30006), ("一亿", 10**8), ("十二万三千", 123000),
        ("", None), ("百", None), ("一二", None), ("十百", None), ("万", None), ("一百百", None),
    ],
)  # fmt: skip
def test_cardinals(spoken: str, value: int | None) -> None:
    assert cardinal(spoken) == value


def test_digit_strings() -> None:
    assert digit_string("幺三八") == "138"
    assert digit_string("三百") is None
    assert figures("三零一") == "301"
    assert figures("三百零一") == "301"


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("我的电话是一三八一二三四五六七八", "我的电话是13812345678"),
        ("幺五九零零零幺二二三三", "15900012233"),
        ("电话号码是八六五四三二一零", "电话号码是86543210"),
        ("零五七一八七六五四三二一", "057187654321"),
        ("阳光花园八号楼二单元三零一", "阳光花园8号楼2单元301"),
        ("十二幢一零零二室", "12幢1002室"),
        ("文三路一百二十三号", "文三路123号"),
        ("四楼", "4楼"),
        ("收了我三万五千六百块钱", "收了我35600块钱"),
        ("欠我五万元工资", "欠我5万元工资"),
        ("罚了两百块", "罚了200块"),
        ("百分之三点五", "3.5%"),
        ("二零二五年三月十五号", "2025年3月15号"),
        ("六月十号下午三点半", "6月10号下午3点半"),
        ("晚上十一点半", "晚上11点半"),
        ("凌晨一点二十分", "凌晨1点20分"),
        ("停了两天了", "停了2天了"),
        ("等了四十分钟", "等了40分钟"),
        ("二二零路公交车", "220路公交车"),
        ("今年五十五岁", "今年55岁"),
        ("三百多户", "300多户"),
        ("地铁一号线", "地铁1号线"),
        ("二十四小时", "24小时"),
        ("三十二路", "32路"),
        ("坐三十二路到人民广场", "坐32路到人民广场"),
        ("收了我一万三千五百块", "收了我13500块"),
        ("等了三个小时", "等了3个小时"),
        ("身份证号三三零一零六一九八八零三零四一二三叉", "身份证号33010619880304123X"),
        ("车牌浙A一二三四五", "车牌浙A12345"),
        ("粤L八八B二三", "粤L88B23"),
        ("鲁 R 八 B 六 六 一", "鲁R8B661"),
        ("卡号六二二二零二一二三四五六七八九零一二三", "卡号6222021234567890123"),
        ("打一二三四五热线", "打12345热线"),
        ("我打了一二三四五没人接", "我打了12345没人接"),
        ("打幺幺零报警", "打110报警"),
        ("拨一二零", "拨120"),
        ("一二三一五不管", "12315不管"),
        ("尾号三三六六", "尾号3366"),
        ("三点五公里", "3.5公里"),
        ("一点五万元", "1.5万元"),
        ("家里才十三点五度", "家里才13.5度"),
        ("三亩地", "3亩地"),
        ("一百二十平方米", "120平方米"),
        ("八十九平", "八十九平"),
        ("百分之百", "100%"),
        ("一九九八年建的", "1998年建的"),
        ("今年三月交的房", "今年3月交的房"),
        ("早上九点二十", "早上9点20"),
        ("下午四点零五分", "下午4点05分"),
        ("十五块五毛", "15块5毛"),
        ("亏了两千三百万", "亏了2300万"),
        ("王家村三组", "王家村3组"),
        ("十几个人里有三十个人", "十几个人里有30个人"),
        ("二零二五年", "2025年"),
    ],
)
def test_typed_spans_are_written_in_figures(spoken: str, written: str) -> None:
    assert normalise(spoken) == written


@pytest.mark.parametrize(
    "spoken",
    [
        "文明一路", "第三人民医院", "十字路口", "下周一上午", "一直没人管", "七一路", "五一路",
        "三天两头来", "一天到晚吵", "一年到头", "有一点味道", "快一点来", "差一点摔倒",
        "好几个月了",
        "几十块钱", "三年级", "一块去", "这一块地", "四季青街道", "百丈镇", "万象城", "一下",
        "一些",
        "千岛湖镇", "五里墩村", "六和塔", "一个人", "九堡", "星期三", "说了算一说一",
        "二楼梯口坏了",
        "第二天", "三轮车", "五金店", "四面八方", "两三天", "三五个月", "晚上七八点", "七八年",
        "周三天黑以后", "这周三周四", "星期三天还没亮", "三四号楼之间", "提两点建议", "八一路",
        "经十路", "绿谷一号小区", "五一放假", "一二三四五六七", "一度中断", "千万别", "一亩三分地",
        "七八百块钱", "三元里", "第一百货", "第三十二中学", "文三路", "二七路", "一个一个", "万一",
        "三室一厅", "一辈子", "百分百", "三三两两", "五四广场", "四大名著", "九九重阳",
    ],
)  # fmt: skip
def test_names_and_idioms_stay(spoken: str) -> None:
    assert normalise(spoken) == spoken


@given(st.text("零幺一二两三四五六七八九十百千万号楼路点分元块月日天年上午一直第单", max_size=30))
def test_every_written_character_knows_where_it_was_spoken(spoken: str) -> None:
    written = write(spoken)
    assert len(written.origin) == len(written.text)
    if spoken:
        assert written.spoken_stretch(0, len(written.text)) == (0, len(spoken))
    for (start, end), (next_start, _) in zip(written.origin, written.origin[1:], strict=False):
        assert 0 <= start < end <= len(spoken)
        assert next_start in {start, end}


@given(st.integers(0, 10**8 - 1))
def test_cardinals_survive_a_round_trip(value: int) -> None:
    assert cardinal(read_out(value)) == value


def read_out(value: int) -> str:
    """The full, formal reading of a number below 10^8."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return read_out(high) + "万" + (gap + read_out(low) if low else "")
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + name
        zero = not digit if digit or text else False
    return text or "零"
