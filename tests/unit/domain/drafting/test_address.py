import pytest

from domain.drafting.address import find_address


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("我住在文明一路三号", "文明一路3号"),
        ("和平路五号", "和平路5号"),
        ("在第三人民医院门口", "第三人民医院门口"),
        ("碧湖镇保定村", "碧湖镇保定村"),
        ("我在余杭良渚街道的荀山村", "余杭良渚街道荀山村"),
        ("阳光花园八号楼二单元三零一", "阳光花园8号楼2单元301"),
        ("文三路和古墩路的十字路口", "文三路和古墩路的十字路口"),
    ],
)
def test_places(said: str, address: str) -> None:
    found = find_address(said, "杭州")
    assert found is not None
    assert found.value == address


@pytest.mark.parametrize(
    "said",
    [
        "我在马路上走",
        "二二零路公交车不来",
        "我们村的自来水停了",
        "我们小区没有电梯",
        "农村的医保",
        "一路上都堵",
        "这条路坏了",
        "十五号楼",
        "请问几号放假",
        "高速公路",
        "修路修了半年",
        "路灯坏了",
    ],
)
def test_no_place_is_named(said: str) -> None:
    assert find_address(said, "杭州") is None


def test_no_name_runs_over_a_rest() -> None:
    said = "卖假烟假酒店名叫好再来"
    assert find_address(said, "惠州", breaks=(0, 5, len(said))) is None


def test_a_district_said_elsewhere_comes_first() -> None:
    found = find_address("我是东明县的希望在黄河路多设几个垃圾桶", "菏泽")
    assert found is not None
    assert found.value == "东明县黄河路"
    assert len(found.stretches) == 2
