import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.callers.emergency import Level, Service, emergency_words


@pytest.mark.parametrize(
    ("said", "service", "why"),
    [
        ("我家厨房着火了快来人", Service.FIRE, "着火了"),
        ("楼上烧起来了都是烟", Service.FIRE, "烧起来了"),
        ("我家煤气泄漏味道很大", Service.FIRE, "煤气泄漏"),
        ("我被困在电梯里了", Service.FIRE, "困在电梯里"),
        ("救命啊有人拿着刀", Service.POLICE, "救命"),
        ("有人抢劫", Service.POLICE, "抢劫"),
        ("楼顶有人要跳楼", Service.POLICE, "要跳楼"),
        ("我爸晕倒了怎么办", Service.AMBULANCE, "晕倒了"),
        ("孩子掉河里了", Service.AMBULANCE, "掉河里"),
        ("麻烦帮我叫救护车", Service.AMBULANCE, "叫救护车"),
        ("中山路这里出车祸了", Service.TRAFFIC, "出车祸"),
        ("前面发生了车祸有人受伤", Service.TRAFFIC, "发生了车祸"),
        ("上次也着火现在又着火了", Service.FIRE, "着火了"),
    ],
)
def test_clear_danger(said: str, service: Service, why: str) -> None:
    found = emergency_words(said)
    assert found is not None
    assert (found.service, found.level, found.why) == (service, Level.CLEAR, why)
    assert said[found.start : found.end] == why


@pytest.mark.parametrize(
    "said",
    [
        "上次着火的那栋楼现在还没修",
        "去年我们小区着火了到现在没赔",
        "昨天有人晕倒了",
        "我去年出了车祸想问伤残鉴定",
        "车祸赔偿怎么算",
        "楼道里有煤气味",
        "楼下经常有人打架",
        "小区门口停满了车救护车都进不来",
        "我的钱包被偷了",
    ],
)
def test_what_may_be_a_story_is_for_a_person_to_judge(said: str) -> None:
    found = emergency_words(said)
    assert found is not None
    assert found.level is Level.SUSPECTED


@pytest.mark.parametrize(
    "said",
    [
        "",
        "电线老化容易着火",
        "我怕着火了跑不出去",
        "万一着火了怎么办",
        "没有人受伤",
        "没有着火",
        "防止煤气泄漏",
        "我想咨询社保",
        "火车站怎么走",
        "楼上半夜装修吵得没法睡",
        "如果发生火灾消防通道堵了怎么办",
        "工地扬尘很大",
    ],
)
def test_no_danger(said: str) -> None:
    assert emergency_words(said) is None


@given(st.text("着火了没有上次怕现在救命车祸的楼晕倒", max_size=25))
def test_never_fails_and_always_quotes_what_was_said(said: str) -> None:
    found = emergency_words(said)
    assert found is None or said[found.start : found.end] == found.why
