"""Where several articles meet: found by playing scenarios and reading the texts beside them."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.calendar.limit import CHINA
from domain.calendar.table import state_council
from domain.cities.load import rule_sets
from domain.cities.rules import ENGINE_DEFAULT, Stated
from domain.tickets.lifecycle.engine import step
from domain.tickets.lifecycle.states import Verb
from domain.tickets.lifecycle.ticket import Event, Ticket
from tests.unit.domain.tickets.scenes import Outcome, ev, run

SIGN = {"handler_name": "林某", "handler_contact": "0754-1"}


def shantou(*more: dict, now: str | None = None, category: str = "complaint") -> Outcome:
    """Registered Mon 2021-03-01, complaint due Mon 15 March; signed."""
    return run(
        "shantou",
        ev("2021-03-01T10:00:00", "register", category=category),
        ev("2021-03-01T11:00:00", "dispatch", unit="甲局", assist=["乙局"]),
        ev("2021-03-02T09:00:00", "sign", unit="甲局", **SIGN),
        *more,
        now=now,
    )


def test_what_the_unit_owes_follows_a_clock_that_starts_again() -> None:
    out = shantou(ev("2021-03-08T09:00:00", "duplicate", new_facts=True))
    assert out.due("handle") == "2021-03-22T23:59:59"
    assert out.owes("办理并答复")["by"] == "2021-03-22T23:59:59+08:00"
    assert out.owes("配合办理")["by"] == "2021-03-19T23:59:59+08:00"


def test_a_late_ticket_does_not_become_punctual_by_a_repeat() -> None:
    # Art. 16 (2): 在办理期限内. After it the text is silent.
    again = ev("2021-03-16T09:00:00", "duplicate", new_facts=True)
    out = shantou(again, now="2021-03-17T09:00:00")
    assert (out.late, out.due("handle"), out.card) == (True, "2021-03-15T23:59:59", "yellow")
    assert out.told("duplicate:late")["article"] == "engine default, not law"
    last_day = ev("2021-03-15T23:59:59", "duplicate", new_facts=True)
    assert shantou(last_day).due("handle") == "2021-03-29T23:59:59"


def test_an_extension_after_the_limit_is_too_late_by_the_article() -> None:
    asked = ev("2021-03-16T09:00:00", "request_extension", unit="甲局", reason="联合审查", days=3)
    assert shantou(asked).no == [(3, "第十七条")]


def test_the_sign_in_of_a_unit_that_was_silent_is_recorded_all_the_same() -> None:
    out = run(
        "shantou",
        ev("2021-03-01T10:00:00", "register", category="help"),
        ev("2021-03-01T11:00:00", "dispatch", unit="甲局"),
        ev("2021-03-04T09:00:00", "sign", unit="甲局", **SIGN),
        ev("2021-03-04T10:00:00", "request_return", unit="甲局", reason="a", suggested_unit="b"),
    )
    assert out.no == [(3, "第十条")]


def test_a_terminated_ticket_leaves_the_unit_nothing_to_do() -> None:
    out = run(
        "heze",
        ev("2026-03-02T10:00:00", "register", category="complaint"),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
        ev("2026-03-03T10:00:00", "supplement", refused=True),
        ev("2026-03-05T10:00:00", "deem_closed", unit="甲局", kind="info_refused", materials=["x"]),
        ev("2026-03-06T10:00:00", "decide_close", accept=True),
    )
    assert out.end == "TERMINATED"
    assert [duty["who"] for duty in out.raw["obligations"]] == ["12345热线"]  # the visit
    assert out.raw["proposals"] == []


def huizhou(*more: dict) -> Outcome:
    done = [
        ev("2026-03-10T10:00:00", "request_close", unit="甲局", reply="已处理完毕", evidence=["a"]),
        ev("2026-03-10T11:00:00", "decide_close", accept=True),
    ]
    return run(
        "huizhou",
        ev("2026-03-06T10:00:00", "register", category="complaint"),
        ev("2026-03-06T11:00:00", "dispatch", unit="甲局"),
        *done,
        *more,
    )


@pytest.mark.parametrize(
    ("level", "negative"),
    [("1", True), ("不满意", True), ("基本满意", False), (1, True), (3, False), (5, False)],
)
def test_levels_by_name_and_by_number(level: object, negative: bool) -> None:
    out = huizhou(ev("2026-03-11T10:00:00", "rate", level=level))
    assert out.no == []
    duty = out.owes("评估是否重办")
    assert bool(duty) is negative
    if duty:
        assert (duty["who"], duty["article"]) == ("12345热线", "第二十五条")


def test_mediation_and_enforcement_do_not_chase_satisfaction() -> None:
    for ground, rejected in (("mediation", []), ("ENFORCEMENT", []), ("shy", [(4, "第二十四条")])):
        freed = ev("2026-03-12T10:00:00", "exempt", ground=ground, statement="说明", proof=["x"])
        assert huizhou(freed).no == rejected


@pytest.mark.parametrize(
    ("city", "ground", "rejected"),
    [
        ("huizhou", "STATUTORY", []),
        ("huizhou", "DUP_CLOSED", []),
        ("hangzhou", "gov_info", []),
        ("shantou", "GOV_INFO", []),
        ("lishui", "jurisdiction", [(0, "第十五条")]),
    ],
)
def test_grounds_by_their_shorter_words(city: str, ground: str, rejected: list) -> None:
    out = run(city, ev("2026-03-02T10:00:00", "refuse", ground=ground))
    assert out.no == rejected
    if (city, ground) == ("shantou", "GOV_INFO"):
        assert "公开政府信息" in out.told("reply:REASON_CHANNEL")["reason"]


def test_lishui_tells_solved_from_satisfied_by_the_level() -> None:
    rated = [
        ev("2026-09-04T10:00:00", "rate", level="未解决"),
        ev("2026-09-04T11:00:00", "rate", level="满意", axis="满意"),
    ]
    out = run(
        "lishui",
        ev("2026-09-01T10:00:00", "register", category="complaint"),
        ev("2026-09-01T11:00:00", "dispatch", unit="甲局"),
        ev("2026-09-03T10:00:00", "request_close", unit="甲局", reply="已处理"),
        *rated[:1],
    )
    assert out.owes("核实并反馈")["who"] == "甲局"


def test_a_rework_without_a_new_feedback_limit_has_no_old_one() -> None:
    out = run(
        "hangzhou",
        ev("2026-03-02T10:00:00", "register", category="report"),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局", feedback_by="2026-03-12"),
        ev("2026-03-10T09:00:00", "request_close", unit="甲局", reply="已查处"),
        ev("2026-03-11T09:00:00", "order_rework", ground="unreasonable"),
    )
    assert out.owes("告知热线")["by"] is None
    assert out.owes("确定反馈期限")["article"] == "第十五条"


def lishui(*more: dict, now: str | None = None, **dispatch: object) -> Outcome:
    """Tue 2026-09-01, general: due Thu 10 September."""
    return run(
        "lishui",
        ev("2026-09-01T10:00:00", "register", category="complaint"),
        ev("2026-09-01T11:00:00", "dispatch", unit="甲局", **dispatch),
        *more,
        now=now,
    )


def test_an_assisting_unit_neither_accepts_nor_returns_for_the_lead() -> None:
    signed = ev("2026-09-02T10:00:00", "sign", unit="乙局")
    out = lishui(signed, assist=["乙局"])
    assert (out.state, out.clock("sign")["stopped"]) == ("dispatched", None)
    assert out.told("assist_signed")["article"] == "第十八条"
    lead = ev("2026-09-02T11:00:00", "sign", unit="甲局")
    assert lishui(signed, lead, assist=["乙局"]).state == "accepted"
    back = {"reason": "a", "basis": "b", "suggested_unit": "丁局"}
    away = ev("2026-09-02T10:00:00", "request_return", unit="乙局", **back)
    assert lishui(away, assist=["乙局"]).no == [(2, "engine default, not law")]


def test_only_the_leading_unit_closes() -> None:
    done = {"reply": "已处理"}
    own = ev("2026-09-03T10:00:00", "request_close", unit="甲局", **done)
    assert lishui(own, assist=["乙局"]).end == "CLOSED"
    other = ev("2026-09-03T10:00:00", "request_close", unit="乙局", **done)
    assert lishui(other, assist=["乙局"]).no == [(2, "第十八条")]
    stranger = ev("2026-09-03T10:00:00", "request_close", unit="丙局", **done)
    assert lishui(stranger, assist=["乙局"]).no == [(2, "engine default, not law")]


def test_a_closed_ticket_is_not_to_be_supervised_for_being_late() -> None:
    assert lishui(now="2026-09-11T09:00:00").may("督办")
    done = ev("2026-09-11T09:00:00", "request_close", unit="甲局", reply="已处理")
    out = lishui(done)
    assert (out.late, out.may("督办")) == (True, None)


def test_an_extension_granted_after_the_limit_makes_punctual_again() -> None:
    out = run(
        "huizhou",
        ev("2026-03-02T10:00:00", "register", category="consult"),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
        ev("2026-03-04T20:00:00", "request_extension", unit="甲局", reason="复杂"),
        ev("2026-03-05T10:00:00", "decide_extension", accept=True),
        now="2026-03-06T20:00:00",
    )
    assert (out.late, out.due("handle"), out.may("督办")) == (False, "2026-03-06T23:59:59", None)


def test_a_city_that_keys_by_urgency_says_that_a_tickets_own_limit_changes_nothing() -> None:
    out = lishui(feedback_by="2026-09-05")
    assert out.due("handle") == "2026-09-10T23:59:59"
    assert out.told("feedback_by")["article"] == "第十七条"


def test_a_limit_before_the_event_is_refused() -> None:
    for name, article in (("feedback_by", "第十五条"), ("statutory_by", "第十六条")):
        early = ev("2026-03-02T10:00:00", "register", category="report", **{name: "2026-03-01"})
        assert run("hangzhou", early).no == [(0, article)]
        same_day = {**early, name: "2026-03-02"}
        assert run("hangzhou", same_day).due("handle") == "2026-03-02T23:59:59"


def test_danger_to_life_is_proposed_for_supervision() -> None:
    def sent(urgency: str) -> Outcome:
        begin = ev("2026-03-02T10:00:00", "register", category="report", urgency=urgency)
        return run("hangzhou", begin, ev("2026-03-02T11:00:00", "dispatch", unit="甲局"))

    assert sent("emergency_major").may("督办")["article"] == "第二十二条"
    assert sent("general").may("督办") is None


def test_a_fixed_limit_does_not_start_again_with_another_unit() -> None:
    out = run(
        "huizhou",
        ev("2026-03-02T10:00:00", "register", category="help", statutory_by="2026-03-20"),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
    )
    assert out.clock("handle")["started"] == "2026-03-02T10:00:00+08:00"
    assert out.told("clock:handle") is None


def test_huizhou_visits_after_a_negative_rating_only() -> None:
    assert huizhou().may("回访") is None
    assert huizhou(ev("2026-03-11T10:00:00", "rate", level="满意")).may("回访") is None
    bad = huizhou(ev("2026-03-11T10:00:00", "rate", level="非常不满意"))
    assert bad.may("回访")["article"] == "第二十五条"
    # Hangzhou may visit whatever it closed.
    done = ev("2026-03-10T09:00:00", "request_close", unit="甲局", reply="已查处")
    begin = ev("2026-03-02T10:00:00", "register", category="report")
    sent = ev("2026-03-02T11:00:00", "dispatch", unit="甲局", feedback_by="2026-03-12")
    assert run("hangzhou", begin, sent, done).may("回访")["article"] == "第二十四条"


def test_several_requests_in_one_ticket_where_the_text_does_not_split_them() -> None:
    begin = ev("2026-03-02T10:00:00", "register", category="help", requests=["路灯", "噪音"])
    out = run("huizhou", begin)
    assert (out.no, out.told("requests")["article"]) == ([], "engine default, not law")
    assert run("hangzhou", begin).no == [(0, "第八条")]


@pytest.mark.parametrize(
    ("reading", "due"),
    [("calendar_end", "2026-03-03T23:59:59+08:00"), ("rolling_24h", "2026-03-03T11:00:00+08:00")],
)
def test_a_natural_day_has_two_readings(reading: str, due: str) -> None:
    rules = replace(rule_sets("huizhou")[-1], natural_day=Stated(reading, ENGINE_DEFAULT))
    begin = {"category": "help", "urgency": "emergency_major"}
    at = datetime(2026, 3, 2, 11, tzinfo=CHINA)
    ticket = step(Ticket(), Event(at, Verb.REGISTER, begin), rules, state_council())
    ticket = step(ticket, Event(at, Verb.DISPATCH, {"unit": "甲局"}), rules, state_council())
    assert ticket.clocks["reply"].due.isoformat() == due
    assert ticket.clocks["on_site"].due.isoformat() == "2026-03-02T12:00:00+08:00"
