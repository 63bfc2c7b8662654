"""Huizhou draft, Article 16: the review of returns and the nine grounds against one."""

from tests.unit.domain.tickets.scenes import ev
from tests.unit.domain.tickets.test_huizhou import BACK, sent, working


def test_HUI_16_a_refused_return_states_its_reason() -> None:
    back = ev("2026-03-03T09:00:00", "request_return", **BACK)
    no = ev("2026-03-03T15:00:00", "decide_return", accept=False)
    assert sent(back, no).no == [(3, "第十六条")]
    why = ev("2026-03-03T15:00:00", "decide_return", accept=False, reason="属于职责范围")
    assert sent(back, why).state == "accepted"


def _no_return_on(ground: str) -> None:
    back = ev("2026-03-03T09:00:00", "request_return", **BACK)
    yes = ev("2026-03-03T15:00:00", "decide_return", accept=True, ground=ground)
    assert sent(back, yes).no == [(3, "第十六条")]
    no = ev("2026-03-03T15:00:00", "decide_return", accept=False, ground=ground)
    assert sent(back, no).no == []
    free = ev("2026-03-03T15:00:00", "decide_return", accept=True)
    assert sent(back, free).state == "registered"


def test_HUI_16_1_within_the_units_duties() -> None:
    _no_return_on("within_duties")


def test_HUI_16_2_later_than_one_day_after_sign_in() -> None:
    _no_return_on("late_or_unreasoned")
    # Signed Mon 15:00: one day ends on Tue; the working-day limit ends then too.
    assert working(ev("2026-03-03T23:00:00", "request_return", **BACK)).no == []
    assert working(ev("2026-03-04T00:00:00", "request_return", **BACK)).no
    signed = ev("2026-03-03T15:00:00", "sign", unit="甲局")
    late = ev("2026-03-04T23:00:00", "request_return", **BACK)
    assert sent(signed, late).no == []  # the longer of two limits that contradict each other
    assert sent(signed, ev("2026-03-05T00:00:00", "request_return", **BACK)).no == [(3, "第十六条")]


def test_HUI_16_3_template_not_updated() -> None:
    _no_return_on("template_not_updated")


def test_HUI_16_4_harmless_flaw() -> None:
    _no_return_on("harmless_flaw")


def test_HUI_16_5_partly_inaccurate() -> None:
    _no_return_on("partly_inaccurate")


def test_HUI_16_6_basic_facts_given() -> None:
    _no_return_on("basic_facts_given")


def test_HUI_16_7_knowledge_base_blamed() -> None:
    _no_return_on("knowledge_base")


def test_HUI_16_8_unit_fixed_by_joint_meeting() -> None:
    _no_return_on("fixed_by_superior")
    fixed = ev("2026-03-03T09:00:00", "designate", unit="乙局", by="联席会议")
    back = ev("2026-03-03T10:00:00", "request_return", **{**BACK, "unit": "乙局"})
    assert sent(fixed, back).no == [(3, "第十六条")]


def test_HUI_16_9_other() -> None:
    _no_return_on("other")
