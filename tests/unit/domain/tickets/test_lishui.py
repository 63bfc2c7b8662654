"""Lishui 2026, rule by rule. Registered Wed 2026-09-30; Oct 1-7 off, Sat Oct 10 is worked."""

import pytest

from tests.unit.domain.tickets.scenes import NAMED, Outcome, ev, run

RETURN = {"unit": "甲局", "reason": "非本单位职责", "basis": "权责清单", "suggested_unit": "乙局"}
REG, SENT = "2026-09-30T10:00:00", "2026-09-30T11:00:00"


def begun(*more: dict, now: str | None = None, **register: object) -> Outcome:
    fields = {"category": "complaint", "urgency": "general", **register}
    return run(
        "lishui",
        ev(REG, "register", **fields),
        ev(SENT, "dispatch", unit="甲局"),
        *more,
        now=now,
    )


def closed(*more: dict, now: str | None = None) -> Outcome:
    """Signed and closed on Fri 2026-10-09 at 15:00."""
    return begun(
        ev("2026-10-08T09:00:00", "sign", unit="甲局"),
        ev("2026-10-09T15:00:00", "request_close", unit="甲局", reply="路灯已修好"),
        *more,
        now=now,
    )


@pytest.mark.parametrize(
    ("category", "kind"),
    [("consult", "咨询求助"), ("report", "投诉举报"), ("suggest", "意见建议"), ("other", "其他")],
)
def test_LS_2b_categories(category: str, kind: str) -> None:
    assert kind in begun(category=category).told("kind")["reason"]


def refused(ground: str) -> Outcome:
    return run("lishui", ev(REG, "refuse", ground=ground))


def test_LS_15_1_in_scope_is_accepted() -> None:
    out = begun()
    assert (out.state, out.no) == ("dispatched", [])


def test_LS_15_2_emergency_is_transferred_at_once() -> None:
    out = refused("emergency")
    assert out.end == "TRANSFERRED_LINE"
    assert out.told("reply:TRANSFER_NOW")["article"] == "第十五条"


def test_LS_15_3_statutory_path_is_told() -> None:
    assert refused("petition").told("reply:TELL_CHANNEL")
    assert refused("statutory_path").end == "REFUSED"


def test_LS_15_4_unlawful_and_secrets_are_explained() -> None:
    assert "工作秘密" in refused("secret").told("reply:EXPLAIN")["reason"]
    assert refused("unlawful").end == "REFUSED"
    # Jurisdiction is a ground in Shantou and Huizhou only.
    assert refused("jurisdiction").no == [(0, "第十五条")]


def test_LS_15_5_repeat_open_or_closed_is_told() -> None:
    still = begun(ev("2026-10-08T10:00:00", "duplicate", new_facts=False))
    assert still.state == "dispatched"
    assert still.told("duplicate:tell_progress")["article"] == "第十五条"
    done = closed(ev("2026-10-12T10:00:00", "duplicate", new_facts=False))
    assert done.told("duplicate:tell_result")["article"] == "第十五条"


def test_LS_16a_direct_answer_or_ticket() -> None:
    out = run("lishui", ev(REG, "register", category="help"), ev(SENT, "answer_directly"))
    assert out.end == "DIRECT_ANSWERED"
    assert begun(ev("2026-10-08T10:00:00", "answer_directly")).no == [(2, "第十六条")]


def test_LS_16c_urgent_events_are_reported_upward() -> None:
    assert begun(urgency="emergency_major").owes("即时上报")["article"] == "第十六条"
    assert begun().owes("即时上报") is None


def test_LS_17a_fast_matter_three_working_days_from_registration() -> None:
    out = begun(urgency="fast")
    assert out.due("handle") == "2026-10-10T23:59:59"  # a Saturday that is worked
    assert out.clock("handle")["article"] == "第十七条"


def test_LS_17b_general_matter_seven_working_days_from_registration() -> None:
    out = begun()
    assert out.due("handle") == "2026-10-15T23:59:59"
    assert out.clock("handle")["started"] == f"{REG}+08:00"
    assert not begun(now="2026-10-15T23:59:59").late
    assert begun(now="2026-10-16T00:00:00").late


def test_LS_17c_statutory_limit_prevails() -> None:
    assert begun(statutory_by="2026-11-30").due("handle") == "2026-11-30T23:59:59"


def test_LS_18a_first_receiver_answers() -> None:
    assert begun().owes("办理并答复")["who"] == "甲局"


def test_LS_18b_first_receiver_leads_the_assisting_units() -> None:
    out = run(
        "lishui",
        ev(REG, "register", category="complaint"),
        ev(SENT, "dispatch", unit="甲局", assist=["乙局"]),
    )
    assert out.raw["assist"] == ["乙局"]
    assert out.owes("办理并答复")["who"] == "甲局"


@pytest.mark.parametrize("missing", ["reason", "basis", "suggested_unit"])
def test_LS_18c_return_needs_reason_basis_and_suggestion(missing: str) -> None:
    less = {key: value for key, value in RETURN.items() if key != missing}
    assert begun(ev("2026-10-08T09:00:00", "request_return", **less)).no == [(2, "第十八条")]
    assert begun(ev("2026-10-08T09:00:00", "request_return", **RETURN)).state == "return_requested"


def test_LS_18c_return_within_one_working_day_of_receipt() -> None:
    assert begun().due("return") == "2026-10-08T23:59:59"
    last = begun(ev("2026-10-08T23:59:59", "request_return", **RETURN))
    assert (last.state, last.no) == ("return_requested", [])
    assert begun(ev("2026-10-09T00:00:00", "request_return", **RETURN)).no == [(2, "第十八条")]


def test_LS_18d_refused_return_stays_with_the_unit() -> None:
    asked = ev("2026-10-08T09:00:00", "request_return", **RETURN)
    out = begun(asked, ev("2026-10-08T15:00:00", "decide_return", accept=False))
    assert (out.state, out.raw["unit"]) == ("accepted", "甲局")
    again = ev("2026-10-08T16:00:00", "request_return", **RETURN)
    out = begun(asked, ev("2026-10-08T15:00:00", "decide_return", accept=False), again)
    assert out.no == [(4, "第十八条")]


def test_LS_18d_granted_return_is_dispatched_again_and_the_clock_goes_on() -> None:
    out = begun(
        ev("2026-10-08T09:00:00", "request_return", **RETURN),
        ev("2026-10-08T10:00:00", "dispatch", unit="乙局"),  # not decided yet
        ev("2026-10-08T15:00:00", "decide_return", accept=True),
        ev("2026-10-08T16:00:00", "dispatch", unit="乙局"),
    )
    assert out.no == [(3, "第十八条")]
    assert (out.state, out.raw["unit"]) == ("dispatched", "乙局")
    assert out.due("handle") == "2026-10-15T23:59:59"
    assert out.due("return") == "2026-10-09T23:59:59"


def test_LS_18e_silence_is_acceptance() -> None:
    assert begun(now="2026-10-08T23:59:59").state == "dispatched"
    out = begun(now="2026-10-09T00:00:00")
    assert out.state == "accepted"
    said = out.told("deemed_accepted")
    assert said["by"] == "silence"
    assert said["at"] == "2026-10-08T23:59:59+08:00"
    assert said["article"] == "第十八条"


def designated(by: str) -> Outcome:
    return begun(
        ev("2026-10-08T09:00:00", "request_return", **RETURN),
        ev("2026-10-08T15:00:00", "designate", unit="乙局", by=by),
    )


def test_LS_4_19a_hard_case_consultation_settles_the_unit() -> None:
    assert designated("疑难事项会商").raw["unit"] == "乙局"


def test_LS_19a_the_authority_settles_the_unit() -> None:
    assert designated("信访部门（主管部门）").no == []
    assert designated("hotline").no == [(3, "第十九条")]


def test_LS_19b_the_result_is_written_back_to_the_catalogue() -> None:
    assert designated("authority").owes("派单目录")["article"] == "第十九条"


def test_LS_20_1_contact() -> None:
    assert begun().owes("联系诉求人")["article"] == "第二十条"
    assert begun(ev("2026-10-08T09:00:00", "contact", unit="甲局")).owes("联系诉求人") is None


def test_LS_20_3_a_closing_needs_the_reply() -> None:
    signed = ev("2026-10-08T09:00:00", "sign", unit="甲局")
    empty = begun(signed, ev("2026-10-09T15:00:00", "request_close", unit="甲局"))
    assert empty.no == [(3, "第二十条")]
    assert closed().end == "CLOSED"


def test_LS_20_4_no_extension_but_an_explanation() -> None:
    asked = ev("2026-10-12T09:00:00", "request_extension", unit="甲局", reason="难", days=5)
    out = begun(asked)
    assert out.no == [(2, "第二十条")]
    assert out.due("handle") == "2026-10-15T23:59:59"
    late = begun(now="2026-10-16T09:00:00")
    assert late.owes("说明理由")
    told = ev("2026-10-15T09:00:00", "report_stage", unit="甲局", reason="等待配件")
    out = begun(told, now="2026-10-16T09:00:00")
    assert (out.late, out.raw["explained"], out.owes("说明理由")) == (True, True, None)


def test_LS_30a_visit_within_three_working_days_of_closing() -> None:
    out = closed()
    assert out.due("visit") == "2026-10-13T23:59:59"  # 10 (worked), 12, 13
    assert out.owes("回访")["article"] == "第三十条"
    out = closed(ev("2026-10-13T09:00:00", "visit", solved=True, satisfied=True))
    assert out.owes("回访") is None
    assert out.told("visit_late") is None
    assert closed(ev("2026-10-14T09:00:00", "visit")).told("visit_late")
    assert begun(ev("2026-10-08T09:00:00", "visit")).no == [(2, "第三十条")]


def test_LS_30b_rating_within_thirty_days_of_the_reply() -> None:
    # 30 days after 10-09 is Sunday 11-08: it ends on Monday.
    assert closed().due("rate") == "2026-11-09T23:59:59"
    good = {"axis": "satisfied", "level": "satisfied"}
    assert closed(ev("2026-11-09T20:00:00", "rate", **good)).no == []
    assert closed(ev("2026-11-10T00:00:00", "rate", **good)).no == [(4, "第三十条")]
    assert closed(now="2026-11-10T00:00:00").told("rating_over")["by"] == "silence"


@pytest.mark.parametrize(
    "rating", [{"axis": "solved", "level": "unsolved"}, {"axis": "satisfied", "level": "不满意"}]
)
def test_LS_30c_negative_is_verified_and_put_right(rating: dict) -> None:
    out = closed(ev("2026-10-12T09:00:00", "rate", **rating))
    assert out.owes("核实并反馈")["article"] == "第三十条"
    again = closed(
        ev("2026-10-12T09:00:00", "rate", **rating), ev("2026-10-13T09:00:00", "order_rework")
    )
    assert (again.state, again.end) == ("accepted", None)
    assert again.due("handle") == "2026-10-22T23:59:59"  # the kind's own limit, by default
    assert "not law" in again.clock("handle")["article"]
    assert closed(ev("2026-10-13T09:00:00", "order_rework")).no == [(4, "第三十条")]


def test_LS_30d_exemption_needs_proof_and_review() -> None:
    bad = ev("2026-10-12T09:00:00", "visit", satisfied=False)
    full = {"ground": "unlawful_request", "proof": ["答复记录"], "reviewer": "李某"}
    out = closed(bad, ev("2026-10-12T15:00:00", "exempt", **full))
    assert (out.raw["exempt"], out.owes("核实")) == ("unlawful_request", None)
    for gone in full:
        less = {key: value for key, value in full.items() if key != gone}
        out = closed(bad, ev("2026-10-12T15:00:00", "exempt", **less))
        assert out.no == [(5, "第三十条")]


def test_LS_32a_supervision_triggers() -> None:
    assert begun(now="2026-10-16T09:00:00").may("督办")["article"] == "第三十二条"
    late = ev("2026-10-16T09:00:00", "supervise", trigger="overdue")
    assert begun(late).no == []
    early = ev("2026-10-15T09:00:00", "supervise", trigger="overdue")
    assert begun(early).no == [(2, "第三十二条")]
    assert begun(ev("2026-10-15T09:00:00", "supervise", trigger="low_efficiency")).no
    spared = closed(
        ev("2026-10-12T09:00:00", "visit", satisfied=False),
        ev("2026-10-12T15:00:00", "exempt", ground="unlawful_request", proof=["a"], reviewer="李"),
        ev("2026-10-13T15:00:00", "supervise", trigger="other"),
    )
    assert spared.no == [(6, "第三十二条")]


def test_LS_32b_joint_supervision_only_after_the_first() -> None:
    first = ev("2026-10-16T09:00:00", "supervise", trigger="overdue")
    joint = ev("2026-10-19T09:00:00", "supervise", trigger="overdue", joint=True)
    assert begun(first, joint).no == []
    assert begun(joint).no == [(2, "第三十二条")]


def test_LS_6_sign_in_in_time() -> None:
    assert begun().due("sign") == "2026-10-08T23:59:59"
    out = begun(ev("2026-10-08T09:00:00", "sign", unit="甲局"))
    assert (out.state, out.told("deemed_accepted")) == ("accepted", None)


def test_withdrawal_is_the_engine_default_where_the_text_is_silent() -> None:
    assert begun(ev("2026-10-08T09:00:00", "withdraw", by="requester")).end == "WITHDRAWN"
    out = closed(ev("2026-10-12T09:00:00", "withdraw"))
    assert out.no == [(4, "engine default, not law")]


def test_requester_is_optional() -> None:
    assert begun(requester=NAMED).state == begun().state


def test_a_closing_confirmed_or_sent_back_by_the_hotline_is_the_engine_default() -> None:
    later = closed(ev("2026-10-12T09:00:00", "decide_close", accept=True))
    assert later.due("visit") == "2026-10-15T23:59:59"
    assert later.told("review")["article"] == "engine default, not law"
    back = closed(ev("2026-10-12T09:00:00", "decide_close", accept=False))
    assert (back.state, back.due("handle")) == ("accepted", "2026-10-15T23:59:59")
    assert back.owes("回访") is None
