from domain.drafting.duplicates import Matter, likely_duplicates

LAMP = "城乡建设/城市管理与市政/道路与路灯"


def matter(name: str, **changes: object) -> Matter:
    values = {"caller": "", "topic": LAMP, "text": "文三路一百二十号门口路灯不亮", "place": {}}
    return Matter(name, **{**values, **changes})  # type: ignore[arg-type]


def test_same_place_and_topic_in_other_words() -> None:
    one = matter("1", place={"road": "文三路", "number": "120号"}, text="文三路那儿灯黑了好几天")
    other = matter("2", place={"road": "文三路", "number": "120号"})
    (found,) = likely_duplicates(one, [other])
    assert found.id == "2"
    assert found.why[:2] == ("place:文三路", f"topic:{LAMP}")


def test_the_same_caller_again() -> None:
    one = matter("1", caller="13800000000", text="上次说的路灯还没有修")
    other = matter("2", caller="13800000000", place={"road": "文三路"}, text="路灯还没有修好")
    (found,) = likely_duplicates(one, [other])
    assert found.why[0] == "number"


def test_another_house_of_the_same_road_is_another_matter() -> None:
    one = matter("1", place={"road": "文三路", "number": "8号"}, text="油烟太大")
    other = matter("2", place={"road": "文三路", "number": "120号"}, text="油烟呛人")
    assert likely_duplicates(one, [other]) == []


def test_same_words_elsewhere_alone_do_not_suffice_with_another_topic() -> None:
    one = matter("1", text="路灯不亮", topic="")
    other = matter("2", text="水管爆了", topic="")
    assert likely_duplicates(one, [other, one]) == []


def test_withheld_numbers_are_not_the_same_number() -> None:
    one, other = matter("1", text="a" * 20, topic=""), matter("2", text="b" * 20, topic="")
    assert likely_duplicates(one, [other]) == []


def test_at_most_five_the_likest_first() -> None:
    place = {"road": "文三路", "number": "120号"}
    others = [matter(str(n), place=place) for n in range(2, 10)]
    exact = matter("99", place=place, caller="139")
    found = likely_duplicates(matter("1", place=place, caller="139"), [*others, exact])
    assert len(found) == 5
    assert found[0].id == "99"
