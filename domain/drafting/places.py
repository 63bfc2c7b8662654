"""Districts and counties of the five cities: GB/T 2260 names, and how people call the zones.

Streets and villages are found by the shape of their names (`address`), not by a list.
"""

DISTRICTS: dict[str, tuple[str, ...]] = {
    "杭州": (
        "上城区", "拱墅区", "西湖区", "滨江区", "萧山区", "余杭区", "临平区", "钱塘区", "富阳区",
        "临安区", "桐庐县", "淳安县", "建德市",
    ),
    "丽水": (
        "莲都区", "龙泉市", "青田县", "缙云县", "遂昌县", "松阳县", "云和县", "庆元县",
        "景宁畲族自治县", "景宁县", "景宁",
    ),
    "菏泽": (
        "牡丹区", "定陶区", "曹县", "单县", "成武县", "巨野县", "郓城县", "鄄城县", "东明县",
    ),
    "汕头": ("金平区", "龙湖区", "澄海区", "濠江区", "潮阳区", "潮南区", "南澳县"),
    "惠州": (
        "惠城区", "惠阳区", "惠东县", "博罗县", "龙门县", "大亚湾开发区", "大亚湾区", "大亚湾",
        "仲恺高新区", "仲恺区", "仲恺",
    ),
}  # fmt: skip

# Every one of the five has them, and people name them without the city.
ZONES = ("经济开发区", "经济技术开发区", "开发区", "经开区", "高新区")


def cities(city: str) -> tuple[str, ...]:
    """The city's bare name if it is one of the five, else all five."""
    name = city.removesuffix("市")
    return (name,) if name in DISTRICTS else tuple(DISTRICTS)


def city_named(text: str) -> str:
    """Which of the five cities ``text`` names, by itself or by a district; "" if none."""
    for city, own in DISTRICTS.items():
        if city in text or any(name in text for name in own):
            return city
    return ""


def district_named(text: str, city: str) -> str:
    """The full name of the first district in ``text`` (在余杭 → 余杭区); "" if none."""
    found = [(text.index(name), -len(name), name) for name in districts(city) if name in text]
    if not found:
        return ""
    name = min(found)[2]
    full = [one for own in DISTRICTS.values() for one in own if one[:-1] == name]
    return full[0] if full else name


def districts(city: str) -> tuple[str, ...]:
    """Names of the city's districts, the longest first; all five cities' for an unknown one.

    People leave out the last character (在余杭), so both forms are given; not of two-character
    names, whose first character alone says nothing (曹县).
    """
    own = DISTRICTS.get(city.removesuffix("市")) or sum(DISTRICTS.values(), ())
    full_length = 3
    short = {name[:-1] for name in own if len(name) == full_length and name[-1] in "区县市"}
    return tuple(sorted({*own, *short, *ZONES}, key=lambda name: (-len(name), name)))
