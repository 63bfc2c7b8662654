import pytest

from domain.drafting.attention import find_abuse, find_emergency
from domain.drafting.contact import find_contact_name
from domain.drafting.found import Found
from domain.drafting.wishes import find_reply_wish, find_secrecy_wish


def value(found: Found | None) -> str:
    return found.value if found else ""


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("希望你们尽快给我一个答复", "yes"),
        ("处理好了打电话告诉我一声", "yes"),
        ("有结果通知我一下", "yes"),
        ("请尽快回复", "yes"),
        ("麻烦给我回个电话", "yes"),
        ("不用给我回复了", "no"),
        ("不需要回访", "no"),
        ("你们不用给我回电话派人来就行", "no"),
        ("路灯坏了", ""),
        ("他们一直没有答复", ""),
        ("打电话给物业没人接", ""),
    ],
)
def test_whether_an_answer_is_wanted(said: str, wanted: str) -> None:
    assert value(find_reply_wish(said)) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("请帮我保密", "yes"),
        ("我要匿名举报", "yes"),
        ("不要告诉老板是我说的", "yes"),
        ("别让他们知道", "yes"),
        ("我不方便透露姓名", "yes"),
        ("我怕被报复", "yes"),
        ("别说是我打的电话", "yes"),
        ("不用保密", "no"),
        ("我实名举报", "no"),
        ("路灯坏了", ""),
        ("合同里有保证金", ""),
    ],
)
def test_whether_secrecy_is_wanted(said: str, wanted: str) -> None:
    assert value(find_secrecy_wish(said)) == wanted


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("你们都是一群废物", "insult"),
        ("你他妈的到底管不管", "insult"),
        ("再不来我就炸了你们", "threat"),
        ("信不信我弄死你", "threat"),
        ("再不解决我就跳楼", "self_harm"),
        ("我死给你们看", "self_harm"),
        ("他骂我傻逼", ""),
        ("老板威胁要打死他们", ""),
        ("路灯坏了", ""),
        ("妈的话我听", ""),
        ("我妈的社保", ""),
        ("他妈的电话", "insult"),
    ],
)
def test_words_that_hurt_or_threaten(said: str, mark: str) -> None:
    assert value(find_abuse(said)) == mark


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("家里着火了快来", "119 clear"),
        ("我闻到煤气味", "119 suspected"),
        ("路灯坏了", ""),
        ("咨询火灾怎么预防", ""),
    ],
)
def test_words_of_danger(said: str, mark: str) -> None:
    assert value(find_emergency(said)) == mark


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我姓张", "张"),
        ("我叫王小明电话等下说", "王小明"),
        ("免贵姓欧阳", "欧阳"),
        ("一位姓陈的司机", ""),
        ("我姓李先生的李", "李先生"),
        ("陈女士不在", ""),
        ("路灯坏了", ""),
    ],
)
def test_the_callers_own_name(said: str, name: str) -> None:
    assert value(find_contact_name(said)) == name
