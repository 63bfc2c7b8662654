"""Huizhou draft, rule by rule. Registered Mon 2026-03-02; no holiday until 4 April."""

import pytest

from tests.unit.domain.tickets.scenes import NAMED, Outcome, ev, run

REG, SENT = "2026-03-02T10:00:00", "2026-03-02T11:00:00"
BACK = {"unit": "甲局", "reason": "非本单位职责", "basis": "三定方案"}
SEALED = {"reason": "自然灾害", "documents": ["sealed_statement"]}
FORM = ("response", "unit", "time", "way", "process", "opinion", "result", "guidance")


def registered(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    given = {"category": "complaint", "requester": NAMED, **fields}
    return run("huizhou", ev(REG, "register", **given), *more, now=now)


def sent(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    return registered(ev(SENT, "dispatch", unit="甲局"), *more, now=now, **fields)


def working(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    return sent(ev("2026-03-02T15:00:00", "sign", unit="甲局"), *more, now=now, **fields)


def asked_close(at: str = "2026-03-20T15:00:00", **fields: object) -> dict:
    given = {"unit": "甲局", "reply": "已清理占道摊位", "evidence": ["通话录音"], **fields}
    return ev(at, "request_close", **given)


def closed(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    yes = ev("2026-03-20T17:00:00", "decide_close", accept=True)
    return working(asked_close(**fields), yes, *more, now=now)


def test_HUI_7a_categories() -> None:
    for category, kind in (("consult", "咨询"), ("help", "求助"), ("complaint", "投诉")):
        assert kind in registered(category=category).told("kind")["reason"]


def _refused(ground: str, word: str) -> None:
    out = run("huizhou", ev(REG, "refuse", ground=ground))
    assert (out.end, out.no) == ("REFUSED", [])
    assert word in out.told("reply:EXPLAIN_GUIDE")["reason"]


def test_HUI_7_1_other_jurisdiction() -> None:
    _refused("jurisdiction", "管辖")


def test_HUI_7_2_statutory_path() -> None:
    _refused("statutory_path", "仲裁")


def test_HUI_7_3_petition() -> None:
    _refused("petition", "信访")


def test_HUI_7_4_secrets() -> None:
    _refused("secret", "国家机密")


def test_HUI_7_5_unlawful_or_no_request() -> None:
    _refused("unlawful", "公序良俗")
    _refused("no_request", "实质诉求")


def test_HUI_7_6_repeat_of_a_closed_matter() -> None:
    _refused("duplicate_closed", "办理完毕")
    again = closed(ev("2026-03-25T09:00:00", "duplicate", new_facts=False))
    assert again.told("duplicate:refuse")["article"] == "第七条"
    assert again.end == "CLOSED"


def test_HUI_7_7_other_lawful_grounds() -> None:
    _refused("other", "不予受理")


def test_HUI_7z_refusal_explains_and_guides() -> None:
    out = run("huizhou", ev(REG, "refuse", ground="jurisdiction"))
    assert "其他合法途径" in out.told("reply:EXPLAIN_GUIDE")["reason"]
    assert run("huizhou", ev(REG, "refuse", ground="military")).no == [(0, "第七条")]


def test_HUI_9c_missing_data_is_asked_once_then_closed() -> None:
    ask = ev("2026-03-03T09:00:00", "supplement", ask=["地址", "时间"])
    assert working(ask).owes("补充信息")["article"] == "第九条"
    gone = ev("2026-03-04T09:00:00", "supplement", unreachable=True)
    assert working(ask, gone).end == "CLOSED_NO_INFO"
    assert working(gone).no == [(3, "第九条")]
    twice = ev("2026-03-04T09:00:00", "supplement", ask=["电话"])
    assert working(ask, twice).no == [(4, "第九条")]


def test_HUI_10_only_consultation_is_answered_at_once() -> None:
    answer = ev("2026-03-02T10:05:00", "answer_directly")
    assert registered(answer, category="consult").end == "DIRECT_ANSWERED"
    for category in ("help", "complaint", "report", "suggest"):
        assert registered(answer, category=category).no == [(1, "第十条")]


def test_HUI_11c_separate_or_lead_and_assist() -> None:
    both = ev(SENT, "dispatch", unit="甲局", assist=["乙局"])
    assert registered(both).raw["assist"] == ["乙局"]
    assert sent().no == []


def test_HUI_11d_several_units_found_later_is_no_return() -> None:
    later = ev("2026-03-03T09:00:00", "request_return", **BACK, several_units=True)
    assert working(later).no == [(3, "第十一条")]


def test_HUI_12_hard_case_is_settled_by_joint_meeting() -> None:
    out = sent(ev("2026-03-03T09:00:00", "designate", unit="乙局", by="联席会议"))
    assert (out.raw["unit"], out.no) == ("乙局", [])


def test_HUI_13a_sign_in_within_one_working_day_and_silence_is_nothing() -> None:
    assert sent().due("sign") == "2026-03-03T23:59:59"
    out = sent(now="2026-03-05T09:00:00")
    assert (out.state, out.told("deemed_accepted")) == ("dispatched", None)
    assert out.owes("签收")["by"] == "2026-03-03T23:59:59+08:00"
    assert working().owes("签收") is None


def _limit(category: str, due: str) -> None:
    out = sent(category=category)
    assert out.due("handle") == due
    assert out.clock("handle")["article"] == "第十三条"
    assert out.clock("handle")["started"] == f"{SENT}+08:00"


def test_HUI_13b_consultation_two_working_days_from_receipt() -> None:
    _limit("consult", "2026-03-04T23:59:59")


def test_HUI_13c_help_and_suggestion_ten_working_days() -> None:
    _limit("help", "2026-03-16T23:59:59")
    _limit("suggest", "2026-03-16T23:59:59")


def test_HUI_13d_complaint_and_report_fifteen_working_days() -> None:
    _limit("complaint", "2026-03-23T23:59:59")
    _limit("report", "2026-03-23T23:59:59")


def test_HUI_13e_national_items_follow_their_own_limit() -> None:
    assert sent(statutory_by="2026-03-06").due("handle") == "2026-03-06T23:59:59"


@pytest.mark.parametrize("missing", ["reason", "basis"])
def test_HUI_13f_return_needs_reason_and_basis(missing: str) -> None:
    less = {key: value for key, value in BACK.items() if key != missing}
    assert sent(ev("2026-03-03T09:00:00", "request_return", **less)).no == [(2, "第十三条")]
    assert sent(ev("2026-03-03T09:00:00", "request_return", **BACK)).state == "return_requested"
    assert sent(ev("2026-03-04T09:00:00", "request_return", **BACK)).no == [(2, "第十三条")]


def test_HUI_13g_major_emergency_one_hour_on_site_one_day_reply() -> None:
    out = sent(urgency="emergency_major")
    assert out.due("on_site") == "2026-03-02T12:00:00"
    assert out.due("reply") == "2026-03-03T23:59:59"
    assert out.clock("handle") is None
    assert sent(urgency="emergency_major", now="2026-03-02T12:00:01").late
    there = ev("2026-03-02T11:40:00", "arrive_on_site", unit="甲局")
    assert not sent(there, urgency="emergency_major", now="2026-03-02T12:00:01").late


def test_HUI_13h_general_emergency_one_day_on_site_three_days_reply() -> None:
    out = sent(urgency="emergency_general")
    assert out.due("on_site") == "2026-03-03T23:59:59"
    assert out.due("reply") == "2026-03-05T23:59:59"


def test_HUI_13i_stage_report() -> None:
    out = working(
        ev("2026-03-03T09:00:00", "report_stage", unit="甲局", report="已封控现场"),
        urgency="emergency_major",
    )
    assert (out.no, out.raw["explained"]) == ([], True)


def asked(at: str, **fields: object) -> dict:
    return ev(at, "request_extension", unit="甲局", **fields)


GRANT_1 = (
    asked("2026-03-20T09:00:00", reason="案情复杂"),
    ev("2026-03-20T15:00:00", "decide_extension", accept=True),
)
# 15 working days after 23 March: 24-31 March (6), 1-3 April (9), 4-6 off, 7-10 (13), 13, 14.
GRANT_2 = (
    asked("2026-04-13T09:00:00", **SEALED),
    ev("2026-04-13T15:00:00", "decide_extension", accept=True),
)


def test_HUI_13j_extension_gives_its_grounds() -> None:
    assert working(asked("2026-03-20T09:00:00")).no == [(3, "第十三条")]
    assert working(GRANT_1[0]).no == []


def test_HUI_13k_two_extensions_each_as_long_as_the_limit() -> None:
    assert working(*GRANT_1).due("handle") == "2026-04-14T23:59:59"
    out = working(*GRANT_1, *GRANT_2)
    # 15-30 April (12), 1-5 May off, 6-8 May (15); Sat 9 May is worked but not needed.
    assert (out.no, out.due("handle")) == ([], "2026-05-08T23:59:59")
    assert working(*GRANT_1, *GRANT_2, asked("2026-05-07T09:00:00", **SEALED)).no == [
        (7, "第十三条")
    ]
    assert working(asked("2026-03-20T09:00:00", reason="难", days=16)).no == [(3, "第十三条")]


def test_HUI_13l_the_second_extension_needs_a_sealed_statement() -> None:
    bare = asked("2026-04-13T09:00:00", reason="仍然复杂")
    assert working(*GRANT_1, bare).no == [(5, "第十三条")]
    assert working(*GRANT_1, GRANT_2[0]).no == []


def test_HUI_13m_extension_is_told_by_sms() -> None:
    out = working(*GRANT_1)
    assert out.owes("短信")["who"] == "12345热线"
    assert working(GRANT_1[0]).owes("短信") is None
    denied = ev("2026-03-20T15:00:00", "decide_extension", accept=False)
    assert working(GRANT_1[0], denied).due("handle") == "2026-03-23T23:59:59"


def test_HUI_13n_after_two_extensions_a_staged_closing() -> None:
    staged = {
        "kind": "staged",
        "cause": "等待鉴定",
        "progress": "已立案",
        "plan": "鉴定后处理",
        "reply_record": "已电话说明",
        "opinion": "理解",
    }
    yes = ev("2026-05-08T15:00:00", "decide_close", accept=True)
    full = asked_close("2026-05-08T09:00:00", **staged)
    assert working(*GRANT_1, *GRANT_2, full, yes).end == "CLOSED_STAGED"
    for missing in ("cause", "progress", "plan", "reply_record", "opinion"):
        less = asked_close("2026-05-08T09:00:00", **{**staged, missing: ""})
        assert working(*GRANT_1, *GRANT_2, less).no == [(7, "第十四条")]


def test_HUI_13o_emergencies_are_not_extended() -> None:
    out = working(asked("2026-03-02T16:00:00", reason="难"), urgency="emergency_major")
    assert out.no == [(3, "第十三条")]


def test_HUI_14a_closing_is_reviewed_and_the_clock_is_that_of_first_receipt() -> None:
    assert working(asked_close()).state == "closing_review"
    assert closed().end == "CLOSED"
    back = ev("2026-03-20T17:00:00", "decide_close", accept=False, reason="答非所问")
    out = working(asked_close(), back, now="2026-03-24T09:00:00")
    assert (out.state, out.due("handle")) == ("accepted", "2026-03-23T23:59:59")
    assert out.late


def test_HUI_14b_the_reply_answers_and_is_no_list_of_laws() -> None:
    assert working(asked_close(reply="")).no == [(3, "第十四条")]
    laws = "根据《噪声污染防治法》第八十二条、《治安管理处罚法》第五十八条。"
    assert working(asked_close(reply=laws)).no == [(3, "第十四条")]
    assert working(asked_close(reply=laws + "已要求夜间停工。")).no == []
    form = dict.fromkeys(FORM, "已说明")
    assert working(asked_close(reply=form)).no == []
    for name in FORM:
        assert working(asked_close(reply={**form, name: ""})).no == [(3, "第十四条")]


def test_HUI_15a_the_unit_tells_the_requester_unless_anonymous() -> None:
    assert working(asked_close(evidence=[])).owes("告知诉求人的证据")["article"] == "第十五条"
    hidden = working(asked_close(evidence=[]), requester={"anonymous": True})
    assert hidden.owes("告知诉求人的证据") is None


def test_HUI_15b_contested_and_no_evidence_is_false_handling() -> None:
    said = ev("2026-03-23T09:00:00", "visit", satisfied=False, contested=True)
    assert closed(said, evidence=[]).raw["false_handling"] is True
    assert closed(said).raw["false_handling"] is False


def test_HUI_17a_withdrawal_before_dispatch() -> None:
    assert registered(ev("2026-03-02T10:30:00", "withdraw", by="requester")).end == "WITHDRAWN"


def test_HUI_17b_withdrawal_after_dispatch_goes_through_the_unit() -> None:
    gone = ev("2026-03-05T09:00:00", "withdraw", by="requester")
    out = working(gone)
    assert (out.end, out.owes("退回热线")["article"]) == (None, "第十七条")
    back = ev("2026-03-05T10:00:00", "request_return", unit="甲局")
    assert working(gone, back).end == "WITHDRAWN"


def test_HUI_17c_told_to_the_unit_only_is_no_withdrawal() -> None:
    assert working(ev("2026-03-05T09:00:00", "withdraw", by="unit")).no == [(3, "第十七条")]


def test_HUI_17d_upstream_items_are_withdrawn_where_they_came_from() -> None:
    gone = ev("2026-03-05T09:00:00", "withdraw", by="requester")
    assert working(gone, origin="national").no == [(3, "第十七条")]


BAD = ev("2026-03-23T09:00:00", "rate", axis="unit", level="dissatisfied")
REDO = ev("2026-03-24T09:00:00", "order_rework")


def test_HUI_18_duty_opinion_only_at_the_rework_stage() -> None:
    opinion = ev("2026-03-25T09:00:00", "duty_opinion", unit="甲局", opinion="超出政策规定")
    assert closed(opinion).no == [(5, "第十八条")]
    out = closed(BAD, REDO, opinion)
    assert out.told("blocked")["article"] == "第十八条"


def test_HUI_24a_five_levels_and_two_objects() -> None:
    for level in ("very_satisfied", "基本满意", "very_dissatisfied"):
        for axis in ("line", "unit"):
            assert closed(ev("2026-03-23T09:00:00", "rate", axis=axis, level=level)).no == []
    assert closed(ev("2026-03-23T09:00:00", "rate", axis="unit", level="solved")).no
    assert closed(ev("2026-03-23T09:00:00", "rate", axis="solved", level="satisfied")).no == [
        (5, "第二十四条")
    ]


def test_HUI_24b_exemption_needs_statement_and_proof() -> None:
    full = {"ground": "special", "statement": "情况说明", "proof": ["判决书"]}
    assert closed(BAD, ev("2026-03-24T09:00:00", "exempt", **full)).raw["exempt"] == "special"
    for gone in ("statement", "proof"):
        less = {key: value for key, value in full.items() if key != gone}
        assert closed(BAD, ev("2026-03-24T09:00:00", "exempt", **less)).no == [(6, "第二十四条")]


def test_HUI_25_one_rework_after_a_negative_rating() -> None:
    assert closed(BAD, REDO).state == "accepted"
    fine = ev("2026-03-23T09:00:00", "rate", axis="unit", level="basically_satisfied")
    assert closed(fine, REDO).no == [(6, "第二十五条")]
    again = (
        asked_close("2026-03-26T09:00:00"),
        ev("2026-03-26T10:00:00", "decide_close", accept=True),
        ev("2026-03-27T09:00:00", "rate", axis="unit", level="dissatisfied"),
        ev("2026-03-27T10:00:00", "order_rework"),
    )
    assert closed(BAD, REDO, *again).no == [(10, "第二十五条")]


def test_HUI_26_2_yellow_one_working_day_before() -> None:
    assert working(now="2026-03-20T23:59:58").card is None
    shown = working(now="2026-03-23T09:00:00").raw["cards"]
    assert shown == [
        {"colour": "yellow", "at": "2026-03-20T23:59:59+08:00", "article": "第二十六条"}
    ]
    # Late, and still yellow: card and lateness are two things.
    out = working(now="2026-03-24T09:00:00")
    assert (out.late, out.card) == (True, "yellow")
    assert closed(now="2026-03-23T09:00:00").card is None


def test_HUI_26_3_red_one_working_day_after() -> None:
    assert working(now="2026-03-24T23:59:58").card == "yellow"
    out = working(now="2026-03-24T23:59:59")
    assert (out.card, out.raw["cards"][0]["article"]) == ("red", "第二十六条")


def test_HUI_27_supervision() -> None:
    assert working(ev("2026-03-10T09:00:00", "supervise", trigger="low_efficiency")).no == []
    early = working(ev("2026-03-10T09:00:00", "supervise", trigger="overdue"))
    assert early.no == [(3, "第二十七条")]


def test_HUI_36_the_draft_runs_and_is_labelled() -> None:
    out = registered()
    assert (out.raw["rules_version"], out.raw["in_force"]) == ("huizhou-draft", False)
    assert out.raw["status"] == "draft"
