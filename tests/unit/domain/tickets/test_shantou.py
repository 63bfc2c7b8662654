"""Shantou 2016, rule by rule. Registered Mon 2021-03-01; no holiday until 3 April."""

import pytest

from tests.unit.domain.tickets.scenes import Outcome, ev, run

REG, SENT = "2021-03-01T10:00:00", "2021-03-01T11:00:00"
HANDLER = {"handler_name": "林某", "handler_contact": "0754-1"}
BACK = {"unit": "甲局", "reason": "非主要责任", "suggested_unit": "乙局"}


def registered(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    return run(
        "shantou", ev(REG, "register", **{"category": "complaint", **fields}), *more, now=now
    )


def sent(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    return registered(ev(SENT, "dispatch", unit="甲局"), *more, now=now, **fields)


def working(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    signed = ev("2021-03-02T10:00:00", "sign", unit="甲局", **HANDLER)
    return sent(signed, *more, now=now, **fields)


def closed(*more: dict, now: str | None = None) -> Outcome:
    done = ev("2021-03-10T15:00:00", "request_close", unit="甲局", reply="已责令整改")
    return working(done, *more, now=now)


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("consult", "办事咨询"),
        ("help", "社会求助"),
        ("report", "投诉举报"),
        ("suggest", "意见建议"),
    ],
)
def test_ST_6_categories(category: str, kind: str) -> None:
    assert kind in registered(category=category).told("kind")["reason"]


def refused(ground: str) -> Outcome:
    return run("shantou", ev(REG, "refuse", ground=ground))


def _refused_by_article_seven(ground: str, word: str) -> None:
    out = refused(ground)
    assert (out.end, out.no) == ("REFUSED", [])
    reply = out.told("reply:REASON_CHANNEL")
    assert reply["article"] == "第七条"
    assert word in reply["reason"]


def test_ST_7_1_other_jurisdiction() -> None:
    _refused_by_article_seven("jurisdiction", "行政管辖")


def test_ST_7_2_party_congress_court() -> None:
    _refused_by_article_seven("non_gov_organ", "法院")


def test_ST_7_3_military() -> None:
    _refused_by_article_seven("military", "部队")


def test_ST_7_4_emergency_numbers() -> None:
    _refused_by_article_seven("emergency", "110")


def test_ST_7_5_government_information() -> None:
    _refused_by_article_seven("gov_info", "公开政府信息")


def test_ST_7_6_statutory_path() -> None:
    _refused_by_article_seven("statutory_path", "仲裁")


def test_ST_7_7_petition() -> None:
    _refused_by_article_seven("petition", "信访")


def test_ST_7_8_unlawful() -> None:
    _refused_by_article_seven("unlawful", "社会公德")


def test_ST_7_9_harm_to_others() -> None:
    _refused_by_article_seven("harm_others", "合法权益")


def test_ST_7_10_beyond_power() -> None:
    _refused_by_article_seven("beyond_power", "行政权限")


def test_ST_8_1_only_consultation_is_answered_on_the_spot() -> None:
    answer = ev("2021-03-01T10:05:00", "answer_directly")
    assert registered(answer, category="consult").end == "DIRECT_ANSWERED"


def test_ST_8_2_the_others_are_registered() -> None:
    answer = ev("2021-03-01T10:05:00", "answer_directly")
    for category in ("help", "complaint", "report", "suggest"):
        assert registered(answer, category=category).no == [(1, "第八条")]


def test_ST_8_3_refusal_gives_reason_and_channel() -> None:
    assert refused("petition").told("reply:REASON_CHANNEL")["by"] == "12345热线"
    assert refused("secret").no == [(0, "第七条")]  # no such ground in this text


def test_ST_8_5_data_refused_may_be_declined() -> None:
    assert registered(ev("2021-03-01T10:05:00", "supplement", refused=True)).end == "REFUSED"
    assert registered(ev("2021-03-01T10:05:00", "supplement", ask=["地点"])).end is None
    assert refused("info_refused").told("reply:REASON")["article"] == "第八条"


def test_ST_9a_dispatch_within_one_working_day() -> None:
    out = registered()
    assert out.due("dispatch") == "2021-03-02T23:59:59"
    assert out.clock("dispatch")["article"] == "第九条"
    assert sent().clock("dispatch")["stopped"] == f"{SENT}+08:00"


def test_ST_9b_main_responsible_unit() -> None:
    out = registered(ev(SENT, "dispatch", unit="甲局", assist=["乙局"]))
    assert out.told("main_unit")["article"] == "第九条"
    assert sent().told("main_unit") is None


def test_ST_10a_confirmation_gives_the_handler() -> None:
    assert working().no == []
    assert working().state == "accepted"
    for missing in HANDLER:
        less = {key: value for key, value in HANDLER.items() if key != missing}
        out = sent(ev("2021-03-02T10:00:00", "sign", unit="甲局", **less))
        assert out.no == [(2, "第十条")]


def test_ST_10b_silence_is_acceptance_after_two_working_days() -> None:
    assert sent(now="2021-03-03T23:59:59").state == "dispatched"
    out = sent(now="2021-03-04T00:00:00")
    assert out.state == "accepted"
    assert out.told("deemed_accepted")["at"] == "2021-03-03T23:59:59+08:00"


def test_ST_10c_return_with_reason_and_suggestion() -> None:
    assert sent(ev("2021-03-03T10:00:00", "request_return", **BACK)).state == "return_requested"
    for missing in ("reason", "suggested_unit"):
        less = {key: value for key, value in BACK.items() if key != missing}
        assert sent(ev("2021-03-03T10:00:00", "request_return", **less)).no == [(2, "第十条")]
    assert sent(ev("2021-03-04T10:00:00", "request_return", **BACK)).no == [(2, "第十条")]


def test_ST_10d_the_committee_designates() -> None:
    back = ev("2021-03-03T10:00:00", "request_return", **BACK)
    for by, rejected in (("市热线委员会", []), ("市热线中心", [(3, "第十条")])):
        out = sent(back, ev("2021-03-04T10:00:00", "designate", unit="乙局", by=by))
        assert out.no == rejected


def test_ST_11_contact() -> None:
    assert working().owes("联系诉求人")["article"] == "第十一条"
    assert working(ev("2021-03-03T10:00:00", "contact", unit="甲局")).owes("联系") is None


def _limit(category: str, due: str) -> None:
    out = sent(category=category)
    assert out.due("handle") == due
    assert out.clock("handle")["article"] == "第十二条"


def test_ST_12_1_consultation_two_working_days() -> None:
    _limit("consult", "2021-03-03T23:59:59")


def test_ST_12_2_suggestion_five_working_days() -> None:
    _limit("suggest", "2021-03-08T23:59:59")


def test_ST_12_3_help_seven_working_days() -> None:
    _limit("help", "2021-03-10T23:59:59")


def test_ST_12_4_complaint_and_report_ten_working_days() -> None:
    _limit("complaint", "2021-03-15T23:59:59")
    _limit("report", "2021-03-15T23:59:59")


def test_ST_12_5_deemed_closed_with_evidence() -> None:
    filed = {"unit": "甲局", "kind": "admin_case_filed"}
    out = working(ev("2021-03-08T10:00:00", "deem_closed", **filed, evidence=["立案决定书"]))
    assert out.end == "DEEMED_CLOSED"
    assert out.due("visit") == "2021-03-10T23:59:59"
    assert working(ev("2021-03-08T10:00:00", "deem_closed", **filed)).no == [(3, "第十二条")]
    odd = {"unit": "甲局", "kind": "too_hard", "evidence": ["a"]}
    assert working(ev("2021-03-08T10:00:00", "deem_closed", **odd)).no == [(3, "第十二条")]
    wish = ev("2021-03-05T10:00:00", "deem_closed", **filed, evidence=["a"])
    assert working(wish, category="suggest").no == [(3, "第十二条")]
    assert sent(statutory_by="2021-05-10").due("handle") == "2021-05-10T23:59:59"


def test_ST_12_6_report_on_the_day_of_the_reply() -> None:
    out = working(ev("2021-03-10T09:00:00", "reply_requester", unit="甲局", reply="已处理"))
    assert out.owes("当日报送")["by"] == "2021-03-10T23:59:59+08:00"
    assert out.owes("当日报送")["article"] == "第十二条"
    assert closed().owes("当日报送") is None


def test_ST_13_written_reply_for_complaints() -> None:
    bare = ev("2021-03-10T15:00:00", "request_close", unit="甲局")
    assert working(bare).no == [(3, "第十三条")]
    assert closed().end == "CLOSED"


def test_ST_14_objection_to_the_centre() -> None:
    objected = ev("2021-03-11T09:00:00", "order_rework", ground="objection_well_founded")
    assert closed(objected).state == "accepted"
    assert working(objected).no == [(3, "第十五条")]  # there is no reply to object to yet


def test_ST_15a_visit_within_two_working_days_of_the_result() -> None:
    out = closed()
    assert out.due("visit") == "2021-03-12T23:59:59"
    assert out.owes("回访")["article"] == "第十五条"
    assert closed(ev("2021-03-12T10:00:00", "visit")).told("visit_late") is None
    assert closed(ev("2021-03-15T10:00:00", "visit")).told("visit_late")


def _rounds(count: int) -> list[dict]:
    """After the first closing: dissatisfied, sent back, closed again, `count` times."""
    found = []
    for day in range(count):
        found += [
            ev(f"2021-03-{11 + day}T09:00:00", "visit", solved=False, satisfied=False),
            ev(f"2021-03-{11 + day}T10:00:00", "order_rework", ground="objection_well_founded"),
            ev(f"2021-03-{11 + day}T16:00:00", "request_close", unit="甲局", reply="再次处理"),
        ]
    return found


def test_ST_15b_rework_for_two_grounds() -> None:
    out = closed(*_rounds(1)[:2])
    assert (out.state, out.no) == ("accepted", [])
    bare = ev("2021-03-11T10:00:00", "order_rework")
    assert closed(bare).no == [(4, "第十五条")]
    odd = ev("2021-03-11T10:00:00", "order_rework", ground="rude")
    assert closed(odd).no == [(4, "第十五条")]


def test_ST_15c_two_reworks_at_most() -> None:
    assert closed(*_rounds(2)).no == []
    out = closed(*_rounds(2), *_rounds(3)[6:8])
    assert out.no == [(11, "第十五条")]


def test_ST_16_1_open_nothing_new_is_archived() -> None:
    out = working(ev("2021-03-08T10:00:00", "duplicate", new_facts=False))
    assert out.told("duplicate:archive")["article"] == "第十六条"
    assert (out.state, out.due("handle")) == ("accepted", "2021-03-15T23:59:59")


def test_ST_16_2_open_new_facts_restart_the_clock() -> None:
    out = working(ev("2021-03-08T10:00:00", "duplicate", new_facts=True))
    assert (out.state, out.due("handle")) == ("accepted", "2021-03-22T23:59:59")
    moved = out.told("clock:handle")
    assert "2021-03-15" in moved["reason"]
    assert "2021-03-22" in moved["reason"]


def test_ST_16_3_closed_nothing_new_is_archived() -> None:
    out = closed(ev("2021-03-16T10:00:00", "duplicate", new_facts=False))
    assert out.end == "CLOSED"
    assert out.told("duplicate:archive")["article"] == "第十六条"


def test_ST_16_4_closed_new_facts_are_sent_again_with_a_new_clock() -> None:
    out = closed(ev("2021-03-16T10:00:00", "duplicate", new_facts=True))
    assert (out.state, out.end) == ("dispatched", None)
    assert out.due("handle") == "2021-03-30T23:59:59"
    assert out.due("sign") == "2021-03-18T23:59:59"


def first(at: str = "2021-03-12T17:00:00", days: int | None = 10, **fields: object) -> dict:
    given = {"unit": "甲局", "reason": "联合审查", **fields}
    return ev(at, "request_extension", **given, **({"days": days} if days else {}))


def test_ST_17a_first_extension_is_filed_one_working_day_ahead() -> None:
    # Due Mon 15 March; one working day before is the end of Fri 12 March.
    out = working(first())
    assert (out.no, out.due("handle")) == ([], "2021-03-29T23:59:59")
    assert out.owes("告知诉求人")["article"] == "第十七条"
    assert working(first("2021-03-13T09:00:00")).no == [(3, "第十七条")]
    assert working(first(days=11)).no == [(3, "第十七条")]
    assert working(first(days=None)).no == [(3, "第十七条")]
    assert working(first(reason="")).no == [(3, "第十七条")]
    helping = ev("2021-03-05T09:00:00", "request_extension", unit="甲局", reason="难", days=5)
    assert working(helping, category="help").no == [(3, "第十七条")]
    assert working(first(), ev("2021-03-12T18:00:00", "decide_extension", accept=True)).no


def test_ST_17b_second_extension_needs_plan_and_approval() -> None:
    again = {"unit": "甲局", "reason": "仍在审查", "plan": "两周内完成", "days": 5}
    asked = ev("2021-03-26T10:00:00", "request_extension", **again)
    out = working(first(), asked)
    assert out.due("handle") == "2021-03-29T23:59:59"
    assert out.owes("审核延期")["who"] == "市热线中心"
    granted = ev("2021-03-26T15:00:00", "decide_extension", accept=True)
    # 30, 31 March, 1, 2 April; 3 to 5 April off (Qingming); Tue 6 April.
    assert working(first(), asked, granted).due("handle") == "2021-04-06T23:59:59"
    denied = ev("2021-03-26T15:00:00", "decide_extension", accept=False)
    assert working(first(), asked, denied).due("handle") == "2021-03-29T23:59:59"
    for change in ({"plan": ""}, {"days": 6}):
        wrong = ev("2021-03-26T10:00:00", "request_extension", **{**again, **change})
        assert working(first(), wrong).no == [(4, "第十七条")]
    third = ev("2021-04-01T10:00:00", "request_extension", **again)
    assert working(first(), asked, granted, third).no == [(6, "第十七条")]


def test_ST_18_urgent_domains_are_handled_urgently() -> None:
    assert sent(urgency="emergency_general").owes("紧急事项")["article"] == "第十八条"
    assert sent().owes("紧急事项") is None


def test_ST_19a_refusal_is_a_ground_of_supervision() -> None:
    assert sent(ev("2021-03-02T10:00:00", "supervise", trigger="shirk")).no == []
    assert sent(ev("2021-03-02T10:00:00", "supervise", trigger="life_safety")).no == [
        (2, "第十九条")
    ]


def test_ST_19b_cards_come_after_the_deadline() -> None:
    # Due Mon 15: more than one working day over on Wed 17, more than two on Thu 18.
    assert working(now="2021-03-15T23:59:59").card is None
    over = working(now="2021-03-16T12:00:00")
    assert (over.late, over.card) == (True, None)
    assert working(now="2021-03-16T23:59:59").card is None
    yellow = working(now="2021-03-17T00:00:00").raw["cards"]
    assert yellow == [
        {"colour": "yellow", "at": "2021-03-16T23:59:59+08:00", "article": "第十九条"}
    ]
    assert working(now="2021-03-17T23:59:59").card == "yellow"
    assert working(now="2021-03-18T00:00:00").card == "red"
    # An approved extension moves the cards with the limit.
    assert working(first(), now="2021-03-18T00:00:00").card is None


def test_expired_rules_run_and_are_labelled() -> None:
    assert registered().raw["in_force"] is True
    late = run("shantou", ev("2026-03-02T10:00:00", "register", category="help"))
    assert (late.raw["in_force"], late.raw["rules_version"]) == (False, "shantou-2016-11-01")
