"""Place names that corrections teach: only what was said, only what two tickets agree on."""

import pytest

from domain.drafting.address import find_address, find_place
from domain.drafting.learning.lessons import Example, Lessons
from domain.drafting.learning.place_names import compared_places, learn_places

# A firm's name without a mark: no rule can know that it is a place.
FIRM = "鼎盛汇"


def ticket(number, text, address, city="菏泽"):
    return Example(id=str(number), text=text, city=city, address=address)


def corrected(count, city="菏泽", district="牡丹区"):
    said = ("在{}晚上太吵了", "{}那里的垃圾没人管", "我要反映{}停车太贵", "{}又停水了两天")
    return [
        ticket(n, f"{district}{said[n % len(said)].format(FIRM)}", f"{district}{FIRM}", city)
        for n in range(count)
    ]


def test_a_name_that_two_tickets_teach_is_known():
    names = learn_places(corrected(2))
    assert names == {"菏泽": {FIRM: "poi"}}
    said = f"你好{FIRM}的电梯坏了"
    assert find_place(said, "菏泽") is None
    learnt = find_place(said, "菏泽", learnt=names["菏泽"])
    assert learnt is not None
    assert (learnt.found.value, learnt.parts["poi"]) == (FIRM, FIRM)


def test_one_ticket_alone_teaches_nothing():
    assert learn_places(corrected(1)) == {}


def test_each_city_has_its_own():
    assert learn_places([*corrected(1), *corrected(1, "杭州", "西湖区")]) == {}
    assert set(learn_places([*corrected(2), *corrected(2, "杭州", "西湖区")])) == {"菏泽", "杭州"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("曹县晚上太吵了", f"曹县{FIRM}"),  # written from elsewhere: never said
        ("我家停水了", ""),  # nothing signed
        ("曹县青菏路太吵了", "曹县青菏路"),  # drafted right
        ("曹县那个我们家楼上太吵了", "曹县我们家楼上"),  # no name
    ],
)
def test_what_teaches_no_name(text, address):
    assert learn_places([ticket(n, text, address) for n in range(4)]) == {}


def test_figures_are_of_requests_held_back():
    found = compared_places(corrected(40))
    assert found.requests == 40
    assert found.before < 0.5 < found.after
    assert found.adopted


def test_what_makes_addresses_worse_is_not_adopted():
    # Two agents wrote the caller's complaint into the address: as a name it spoils the others'.
    wrong = [ticket(f"w{n}", "曹县青菏路噪音大", "曹县青菏路噪音大") for n in range(2)]
    right = [ticket(n, "曹县青菏路噪音大", "曹县青菏路") for n in range(40)]
    found = compared_places([*wrong, *right])
    assert found.after < found.before
    assert not found.adopted


def test_without_lessons_nothing_changes():
    assert find_address(f"曹县{FIRM}对面", "菏泽") == find_address(f"曹县{FIRM}对面", "菏泽", ())
    stored = {"category": {}, "topic": {}, "units": {}}
    assert Lessons.of_json(stored) == Lessons()
    known = Lessons(places={"菏泽": {FIRM: "poi"}})
    assert Lessons.of_json(known.as_json()) == known
