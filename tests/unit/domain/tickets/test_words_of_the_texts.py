"""Grounds said in the words of a text, and where one article ends another's clock."""

import pytest

from tests.unit.domain.tickets.scenes import NAMED, Outcome, ev, run


def huizhou(*more: dict, now: str | None = None, **register: object) -> Outcome:
    given = {"category": "complaint", **register}
    return run(
        "huizhou",
        ev("2026-11-02T10:00:00", "register", **given),
        ev("2026-11-02T11:00:00", "dispatch", unit="甲局"),
        *more,
        now=now,
    )


def shantou(category: str, *more: dict, now: str | None = None) -> Outcome:
    return run(
        "shantou",
        ev("2020-11-02T10:00:00", "register", category=category),
        ev("2020-11-03T11:00:00", "dispatch", unit="市住建局"),
        *more,
        now=now,
    )


def hangzhou(requester: dict, *more: dict) -> Outcome:
    return run(
        "hangzhou",
        ev("2026-11-02T10:00:00", "register", category="report", requester=requester),
        ev("2026-11-02T11:00:00", "dispatch", unit="甲局", feedback_by="2026-11-09"),
        *more,
    )


def test_HUI_13g_a_reply_in_time_ends_the_limit_to_reply() -> None:
    more = (
        ev("2026-11-02T11:30:00", "arrive_on_site", unit="甲局"),
        ev("2026-11-03T10:00:00", "reply_requester", unit="甲局", reply="已处置"),
    )
    out = huizhou(*more, urgency="emergency_major", now="2026-11-10T10:00:00")
    assert not out.late
    assert out.clock("reply")["stopped"] == "2026-11-03T10:00:00+08:00"
    silent = huizhou(more[0], urgency="emergency_major", now="2026-11-04T00:00:00")
    assert silent.late


@pytest.mark.parametrize(
    "ground", ["4", "（四）", "16.4", "harmless_flaw", "登记内容、文字存在瑕疵但不影响后续办理"]
)
def test_HUI_16_4_a_ground_by_its_number_or_its_words_is_the_same(ground: str) -> None:
    asked = ev("2026-11-03T10:00:00", "request_return", unit="甲局", reason="不符", basis="清单")
    granted = ev("2026-11-03T11:00:00", "decide_return", accept=True, ground=ground)
    out = huizhou(asked, granted)
    assert out.no == [(3, "第十六条")]
    assert out.state == "return_requested"


def test_HUI_14b_a_short_answer_is_one_a_list_of_laws_is_not() -> None:
    short = huizhou(ev("2026-11-10T10:00:00", "request_close", unit="甲局", reply="已修复"))
    assert (short.state, short.no) == ("closing_review", [])
    laws = "根据《城市道路管理条例》第二十条的规定。"
    listed = huizhou(ev("2026-11-10T10:00:00", "request_close", unit="甲局", reply=laws))
    assert listed.no == [(2, "第十四条")]


def test_HUI_17c_the_unit_by_its_name_guides_the_requester_to_the_line() -> None:
    told = huizhou(ev("2026-11-03T10:00:00", "withdraw", by="甲局"))
    assert told.no == [(2, "第十七条")]
    asked = huizhou(ev("2026-11-03T10:00:00", "withdraw", by="requester"))
    assert asked.owes("退回")["who"] == "甲局"


@pytest.mark.parametrize("origin", ["national", "provincial", "粤省心", "国家政务服务平台"])
def test_HUI_17d_an_upstream_matter_is_withdrawn_where_it_came_from(origin: str) -> None:
    out = huizhou(ev("2026-11-03T10:00:00", "withdraw"), origin=origin)
    assert out.no == [(2, "第十七条")]
    own = huizhou(ev("2026-11-03T10:00:00", "withdraw"), origin="city")
    assert own.no == []


@pytest.mark.parametrize(
    ("city", "ground", "end"),
    [
        ("huizhou", "不属于我市行政管辖范围", "REFUSED"),
        ("huizhou", "duplicate", "REFUSED"),
        ("shantou", "部队内部职责范围", "REFUSED"),
        ("shantou", "申请政府信息公开", "REFUSED"),
        ("lishui", "已进入信访渠道", "REFUSED"),
        ("lishui", "应当通过110处理", "TRANSFERRED_LINE"),
        ("heze", "同一事实重复提出", "DUPLICATE_ARCHIVED"),
        ("hangzhou", "涉及商业秘密", "REFUSED"),
    ],
)
def test_a_ground_in_the_words_of_the_text(city: str, ground: str, end: str) -> None:
    out = run(city, ev("2026-11-02T10:00:00", "refuse", ground=ground))
    assert (out.end, out.no) == (end, [])


def test_a_ground_that_no_text_has_is_refused_with_those_it_has() -> None:
    out = run("lishui", ev("2026-11-02T10:00:00", "refuse", ground="不想受理"))
    assert out.no == [(0, "第十五条")]
    assert "petition" in out.raw["rejected"][0]["allowed"]


def test_ST_12_1_the_limit_is_to_answer_and_the_report_has_the_same_day() -> None:
    answered = ev("2020-11-05T17:00:00", "reply_requester", unit="市住建局", reply="可以办理")
    reported = ev("2020-11-06T09:00:00", "request_close", unit="市住建局", reply="已答复")
    out = shantou("consult", answered)
    assert out.owes("当日报送")["by"] == "2020-11-05T23:59:59+08:00"
    after = shantou("consult", answered, reported)
    assert (after.end, after.late) == ("CLOSED", False)
    assert shantou("consult", reported).late


@pytest.mark.parametrize("kind", ["admin_case_filed", "作为行政案件立案处理", "case_filed"])
def test_ST_12_5_a_filed_case_by_other_words_is_one(kind: str) -> None:
    filed = ev("2020-11-06T10:00:00", "deem_closed", kind=kind, evidence=["立案决定书"])
    assert shantou("report", filed).end == "DEEMED_CLOSED"
    nothing = ev("2020-11-06T10:00:00", "deem_closed", kind=kind)
    assert shantou("report", nothing).no == [(2, "第十二条")]


def test_HZ_17b_the_duty_to_tell_stands_from_the_dispatch_on() -> None:
    owed = hangzhou(NAMED).owes("告知诉求人")
    assert owed == {
        "who": "甲局",
        "what": "将办理情况告知诉求人",
        "by": "2026-11-09T23:59:59+08:00",
        "article": "第十七条",
    }
    told = hangzhou(NAMED, ev("2026-11-05T10:00:00", "reply_requester", reply="已查处"))
    assert told.owes("告知诉求人") is None
    assert hangzhou({"wants_reply": True}).owes("告知诉求人") is None
    assert hangzhou({"wants_reply": True}).owes("告知热线")["article"] == "第十七条"


def test_HZ_24_a_finding_in_words_is_a_ground() -> None:
    closed = ev("2026-11-05T10:00:00", "request_close", unit="甲局", reply="已查处")
    found = ev("2026-11-06T10:00:00", "order_rework", reason="回访核实办理不合法")
    assert hangzhou(NAMED, closed, found).state == "accepted"
    lawful = ev("2026-11-06T10:00:00", "order_rework", reason="诉求人要求再办")
    assert hangzhou(NAMED, closed, lawful).no == [(3, "第二十四条")]


def test_LS_30d_proof_may_be_one_text_and_the_ground_in_words() -> None:
    begin = (
        ev("2026-11-02T10:00:00", "register", category="complaint"),
        ev("2026-11-02T11:00:00", "dispatch", unit="甲局"),
        ev("2026-11-05T10:00:00", "request_close", unit="甲局", reply="已说明政策"),
        ev("2026-11-06T10:00:00", "visit", solved=True, satisfied=False),
    )
    shown = ev(
        "2026-11-06T12:00:00", "exempt", ground="诉求不符合法律规定", proof="录音", reviewer="热线"
    )
    assert run("lishui", *begin, shown).raw["exempt"] == "unlawful_request"
    unread = ev("2026-11-06T12:00:00", "exempt", ground="诉求不符合法律规定", proof="录音")
    assert run("lishui", *begin, unread).no == [(4, "第三十条")]


@pytest.mark.parametrize("by", ["主管部门", "市委编办、市司法局会商", "authority"])
def test_LS_19a_a_dispute_may_come_up_after_silence_accepted(by: str) -> None:
    out = run(
        "lishui",
        ev("2026-11-02T10:00:00", "register", category="complaint"),
        ev("2026-11-02T11:00:00", "dispatch", unit="甲局"),
        ev("2026-11-05T10:00:00", "designate", unit="乙局", by=by),
    )
    assert (out.state, out.raw["unit"], out.no) == ("dispatched", "乙局", [])
    assert out.due("handle") == "2026-11-11T23:59:59"


def test_HE_16c_units_in_dispute_are_settled_by_the_line_even_after_one_has_signed() -> None:
    begin = (
        ev("2026-11-02T10:00:00", "register", category="complaint"),
        ev("2026-11-02T11:00:00", "dispatch", unit="甲局"),
        ev("2026-11-02T12:00:00", "sign", unit="甲局"),
    )
    settled = ev("2026-11-03T10:00:00", "designate", unit="乙局", by="市热线工作机构")
    assert run("heze", *begin, settled).raw["unit"] == "乙局"
    by_other = ev("2026-11-03T10:00:00", "designate", unit="乙局", by="甲局")
    assert run("heze", *begin, by_other).no == [(3, "第十六条")]


def test_ST_17a_what_was_answered_needs_no_more_time() -> None:
    answered = ev("2020-11-09T10:00:00", "reply_requester", unit="市住建局", reply="已修复")
    more = ev("2020-11-10T10:00:00", "request_extension", reason="现场踏勘", days=2)
    out = shantou("complaint", answered, more)
    assert [index for index, _ in out.no] == [3]
    assert shantou("complaint", more).no == []


def test_ST_10d_the_designated_unit_is_not_late_for_the_one_before() -> None:
    settled = ev("2020-11-19T10:00:00", "designate", unit="市城管局", by="市热线委员会")
    assert shantou("complaint", now="2020-11-19T09:00:00").may("督办")
    out = shantou("complaint", settled)
    assert (out.late, out.may("督办"), out.due("handle")) == (False, None, "2020-12-03T23:59:59")
    late = shantou("complaint", settled, now="2020-12-04T00:00:00")
    assert late.late
    assert late.may("督办")
