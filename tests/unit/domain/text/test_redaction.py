from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.drafting.privacy import private_speech
from domain.drafting.speech import Side, Transcript
from domain.text.redaction import Private, private_spans, redact
from tests.unit.domain.drafting.spoken import utterances


@pytest.mark.parametrize(
    ("told", "masked"),
    [
        ("我的电话是幺三八零零一一二二三三", "我的电话是[电话号码]"),
        ("打13800112233找我", "打[电话号码]找我"),
        ("手机138-0011-2233", "手机[电话号码]"),
        ("手机一三八，零零一一，二二三三", "手机[电话号码]"),
        ("座机零五七一八七六五四三二一", "座机[电话号码]"),
        ("座机0571-87654321", "座机[电话号码]"),
        ("电话是87654321", "电话是[电话号码]"),
        ("身份证三三零一零六一九八八零三零四一二三叉", "身份证[身份证号]"),
        ("身份证号33010619880304123X", "身份证号[身份证号]"),
        ("卡号6222021234567890123", "卡号[银行卡号]"),
        ("卡号是六二二二 零二一二 三四五六 七八九零", "卡号是[银行卡号]"),
        ("银行卡622202198803041234", "银行卡[银行卡号]"),
        ("车牌浙A12345停在门口", "车牌[车牌号]停在门口"),
        ("粤 L 八八 B 二三", "[车牌号]"),
        ("鲁RD12345", "[车牌号]"),
        ("我叫王小明住在文三路", "我叫[姓名]住在文三路"),
        ("我叫李强电话等下说", "我叫[姓名]电话等下说"),
        ("我姓张", "我姓[姓名]"),
        ("免贵姓欧阳", "免贵姓[姓名]"),
        ("一位姓陈的司机", "一位姓[姓名]的司机"),
        ("我是赵丽华，家住城西", "我是[姓名]，家住城西"),
        ("陈女士来电", "[姓名]女士来电"),
    ],
)
def test_private_words_are_masked(told: str, masked: str) -> None:
    assert redact(told) == masked


@pytest.mark.parametrize(
    "told",
    [
        "打12345热线", "打幺幺零报警", "我是居民，反映路灯", "老百姓有意见", "姓名登记错了",
        "文三路一百二十三号", "二零二五年三月十五号", "客服4001234567", "收了13500块", "浙江的车",
        "我叫了三次没人来", "",
    ],
)  # fmt: skip
def test_what_is_public_stays(told: str) -> None:
    assert redact(told) == told


@pytest.mark.parametrize("kind", list(Private))
def test_masking_twice_changes_nothing(kind: Private) -> None:
    assert redact(f"登记{kind.value}的") == f"登记{kind.value}的"


@given(st.text("零幺一二三138我叫姓王小明浙A电话卡号，- ", max_size=40))
def test_spans_are_in_order_and_leave_nothing_to_hide(told: str) -> None:
    spans = private_spans(told)
    assert all(span.start < span.end for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))


def test_the_sound_of_private_words() -> None:
    said = utterances("我 叫 王小明 | 电话 幺三八 零零一一 二二三三 | 谢谢")
    found = private_speech(Transcript.of(said, Side.CALLER))
    assert [(kind, span.words) for kind, span in found] == [
        (Private.NAME, "王小明"),
        (Private.PHONE, "幺三八零零一一二二三三"),
    ]
    (_, name), (_, phone) = found
    assert (round(name.start_s, 1), round(name.end_s, 1)) == (0.4, 1.0)
    assert (round(phone.start_s, 1), round(phone.end_s, 1)) == (2.4, 4.6)
