"""Heze 2025, rule by rule; [R] rules come from a fuller printing, [I] from surviving words."""

from tests.unit.domain.tickets.scenes import NAMED, Outcome, ev, run

REG, SENT = "2026-03-02T10:00:00", "2026-03-02T11:00:00"
BACK = {"unit": "甲局", "materials": ["职责说明"], "reason": "非职责"}
PROVINCE = {"provincial_default": True}


def registered(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    top = {"settings": fields.pop("settings")} if "settings" in fields else {}
    first = ev(REG, "register", **{"category": "complaint", **fields})
    return run("heze", first, *more, now=now, **top)


def sent(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    return registered(ev(SENT, "dispatch", unit="甲局"), *more, now=now, **fields)


def closed(*more: dict, **fields: object) -> Outcome:
    done = ev("2026-03-06T15:00:00", "request_close", unit="甲局", reply="已修复")
    return sent(done, *more, **fields)


def refused(ground: str, **fields: object) -> Outcome:
    return run("heze", ev(REG, "refuse", ground=ground, **fields))


def test_HE_9c_rating() -> None:
    assert closed(ev("2026-03-09T09:00:00", "rate", level="满意")).no == []
    assert sent(ev("2026-03-05T09:00:00", "rate", level="满意")).no


def test_HE_10a_real_name_is_not_required() -> None:
    assert registered(requester={"anonymous": True}).no == []


def test_HE_10b_needed_data_must_be_given() -> None:
    needs = {"needs": ["name", "contact", "address"]}
    assert registered(requester=NAMED, **needs).no == [(0, "第十条")]
    assert registered(requester={**NAMED, "address": "中华路1号"}, **needs).no == []


def test_HE_12a_answer_online_or_dispatch() -> None:
    answer = ev("2026-03-02T10:05:00", "answer_directly")
    assert registered(answer).end == "DIRECT_ANSWERED"
    assert sent(ev("2026-03-02T12:05:00", "answer_directly")).no == [(2, "第十二条")]


def test_HE_13_1_emergency_is_transferred_online() -> None:
    assert refused("emergency").end == "TRANSFERRED_LINE"


def test_HE_13_2_statutory_path_is_told() -> None:
    assert refused("statutory_path").told("reply:TELL_CHANNEL")["article"] == "第十三条"
    assert refused("petition").end == "REFUSED"


def test_HE_13_3_repeat_is_told_progress_or_result() -> None:
    again = ev("2026-03-09T09:00:00", "duplicate", new_facts=False)
    assert sent(again).told("duplicate:tell_progress")["article"] == "第十三条"
    assert closed(again).told("duplicate:tell_result")["article"] == "第十三条"


def test_HE_13_4_secrets_are_explained() -> None:
    assert "[R]" in refused("secret").told("reply:EXPLAIN")["reason"]


def test_HE_13_5_unlawful_is_persuaded() -> None:
    assert refused("unlawful").told("reply:PERSUADE")


def test_HE_13_6_other_grounds_with_reason() -> None:
    assert refused("other", reason="已由法院判决").told("reply:DECLINE_WITH_REASON")
    assert refused("other").no == [(0, "第十三条")]


def test_HE_14a_first_receiver_handles() -> None:
    assert sent().owes("办理并答复")["who"] == "甲局"


def test_HE_14b_return_needs_materials() -> None:
    back = ev("2026-03-05T09:00:00", "request_return", **BACK)
    assert sent(back).state == "return_requested"
    bare = ev("2026-03-05T09:00:00", "request_return", unit="甲局", reason="非职责")
    assert sent(bare).no == [(2, "第十四条")]


def test_HE_14c_verified_return_is_dispatched_again() -> None:
    back = ev("2026-03-05T09:00:00", "request_return", **BACK)
    yes = ev("2026-03-05T15:00:00", "decide_return", accept=True)
    other = ev("2026-03-05T16:00:00", "dispatch", unit="乙局")
    assert sent(back, other).no == [(3, "第十四条")]
    assert sent(back, yes).owes("重新派单")["article"] == "第十四条"
    assert sent(back, yes, other).raw["unit"] == "乙局"


def test_HE_15_1_contact() -> None:
    assert sent().owes("联系诉求人")["article"] == "第十五条"


def test_HE_15_2_no_clock_without_a_number() -> None:
    assert sent().clock("handle") is None
    out = sent(settings=PROVINCE)
    assert out.due("handle") == "2026-03-09T23:59:59"
    assert "not in the ordinance" in out.clock("handle")["article"]
    own = sent(settings={"handle_limit": "7wd"})
    assert own.due("handle") == "2026-03-11T23:59:59"
    assert "not law" in own.clock("handle")["article"]
    assert sent(statutory_by="2026-04-30").clock("handle")["article"] == "第十五条"


def test_HE_15_4_the_reply_is_fed_back() -> None:
    assert closed().end == "CLOSED"
    assert sent(ev("2026-03-06T15:00:00", "request_close", unit="甲局")).no == [(2, "第十五条")]


def _terminated(kind: str) -> None:
    asked = ev("2026-03-06T09:00:00", "deem_closed", unit="甲局", kind=kind, evidence=["记录"])
    bare = ev("2026-03-06T09:00:00", "deem_closed", unit="甲局", kind=kind)
    yes = ev("2026-03-06T15:00:00", "decide_close", accept=True)
    assert sent(asked).state == "closing_review"
    assert sent(asked, yes).end == "TERMINATED"
    assert sent(bare).no == [(2, "第十五条")]
    no = ev("2026-03-06T15:00:00", "decide_close", accept=False)
    assert sent(asked, no).state == "accepted"


def test_HE_15_5_terminated_when_information_is_refused() -> None:
    _terminated("info_refused")
    gone = sent(ev("2026-03-05T09:00:00", "supplement", refused=True))
    assert gone.may("终止办理")["article"] == "第十五条"


def test_HE_15_6_terminated_when_unlawful_and_explained() -> None:
    _terminated("unlawful_request_explained")


def test_HE_16a_the_unit_leads() -> None:
    out = registered(ev(SENT, "dispatch", unit="甲局", assist=["乙局"]))
    assert out.owes("办理并答复")["who"] == "甲局"
    assert out.raw["assist"] == ["乙局"]


def test_HE_16b_no_extension_but_a_stage_report_with_reasons() -> None:
    asked = ev("2026-03-06T09:00:00", "request_extension", unit="甲局", reason="难", days=5)
    assert sent(asked, settings=PROVINCE).no == [(2, "第十六条")]
    bare = ev("2026-03-06T09:00:00", "report_stage", unit="甲局")
    assert sent(bare).no == [(2, "第十六条")]
    told = ev("2026-03-06T09:00:00", "report_stage", unit="甲局", reason="等待材料")
    late = sent(told, settings=PROVINCE, now="2026-03-10T09:00:00")
    assert (late.late, late.raw["explained"]) == (True, True)


def test_HE_16c_dispute_is_settled_by_the_hotlines_consultation() -> None:
    named = ev("2026-03-05T09:00:00", "designate", unit="乙局", by="热线会商")
    assert sent(named).raw["unit"] == "乙局"
    other = ev("2026-03-05T09:00:00", "designate", unit="乙局", by="甲局")
    assert sent(other).no == [(2, "第十六条")]


def test_HE_17a_visit_shall() -> None:
    out = closed()
    assert out.owes("回访")["article"] == "第十七条"
    assert out.clock("visit") is None


def test_HE_17b_rework_if_dissatisfied_and_reasonable() -> None:
    bad = ev("2026-03-09T09:00:00", "visit", satisfied=False)
    assert closed(bad, ev("2026-03-09T10:00:00", "order_rework")).state == "accepted"
    assert closed(ev("2026-03-09T10:00:00", "order_rework")).no == [(3, "第十七条")]
    odd = ev("2026-03-09T10:00:00", "order_rework", reasonable=False)
    assert closed(bad, odd).no == [(4, "第十七条")]


def test_HE_22a_supervision_is_created_when_overdue() -> None:
    out = sent(settings=PROVINCE, now="2026-03-10T09:00:00")
    assert out.owes("督办")["article"] == "第二十二条"
    assert sent(settings=PROVINCE, now="2026-03-09T09:00:00").owes("督办") is None
