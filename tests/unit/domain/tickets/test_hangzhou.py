"""Hangzhou 2023, rule by rule: no numbers, a feedback limit for each ticket."""

import pytest

from tests.unit.domain.tickets.scenes import NAMED, Outcome, ev, run

REG, SENT = "2026-03-02T10:00:00", "2026-03-02T11:00:00"


def registered(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    return run("hangzhou", ev(REG, "register", **{"category": "report", **fields}), *more, now=now)


def sent(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    return registered(
        ev(SENT, "dispatch", unit="甲局", feedback_by="2026-03-13"), *more, now=now, **fields
    )


def closed(*more: dict, now: str | None = None, **fields: object) -> Outcome:
    done = ev("2026-03-12T15:00:00", "request_close", unit="甲局", reply="已查处")
    return sent(done, *more, now=now, **fields)


def refused(ground: str, **fields: object) -> Outcome:
    return run("hangzhou", ev(REG, "refuse", ground=ground, **fields))


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("consult", "咨询"),
        ("report", "举报"),
        ("criticism", "批评"),
        ("help", "其他"),
        ("complaint", "其他"),
    ],
)
def test_HZ_6_categories(category: str, kind: str) -> None:
    assert kind in registered(category=category).told("kind")["reason"]


def test_HZ_7b_no_feedback_is_owed_without_name_and_contact() -> None:
    assert closed(requester=NAMED).owes("告知诉求人")
    silent = registered(requester={"wants_reply": True})
    assert (silent.state, silent.no) == ("registered", [])


def test_HZ_8b_unclear_is_not_registered_after_asking() -> None:
    assert refused("unclear", asked=True).end == "NOT_REGISTERED"
    assert refused("unclear").no == [(0, "第八条")]


def test_HZ_8c_several_requests_are_registered_separately() -> None:
    assert registered(requests=["路灯", "噪音"]).no == [(0, "第八条")]
    assert registered(requests=["路灯"]).no == []


def test_HZ_9_refusal_states_its_reason() -> None:
    reply = refused("secret").told("reply:DECLINE")
    assert (reply["by"], reply["article"]) == ("12345热线", "第九条")
    assert refused("jurisdiction").no == [(0, "第九条")]


def test_HZ_9_1_emergency_is_transferred_or_guided() -> None:
    assert refused("emergency").told("reply:TRANSFER_OR_GUIDE")
    assert run("hangzhou", ev(REG, "transfer_line", line="110")).end == "TRANSFERRED_LINE"


def test_HZ_9_2_statutory_path_is_told() -> None:
    assert refused("statutory_path").told("reply:TELL_CHANNEL")
    assert refused("petition").told("reply:TELL_CHANNEL")


def test_HZ_9_3_secrets_are_declined() -> None:
    assert "商业秘密" in refused("secret").told("reply:DECLINE")["reason"]


def test_HZ_9_4_out_of_scope_is_declined() -> None:
    assert refused("out_of_scope").end == "REFUSED"


def test_HZ_10_11a_only_consultation_is_answered_directly() -> None:
    answer = ev("2026-03-02T10:05:00", "answer_directly")
    assert registered(answer, category="consult").end == "DIRECT_ANSWERED"
    assert registered(answer, category="report").no == [(1, "第十一条")]


def test_HZ_14_repeat_is_told_progress_or_result() -> None:
    again = ev("2026-03-13T10:00:00", "duplicate", new_facts=False)
    assert sent(again).told("duplicate:tell_progress")["article"] == "第十四条"
    assert closed(again).told("duplicate:tell_result")["article"] == "第十四条"
    new = ev("2026-03-13T10:00:00", "duplicate", new_facts=True)
    assert sent(new).due("handle") == "2026-03-13T23:59:59"
    assert closed(new).owes("另行登记")


def test_HZ_15a_the_feedback_limit_is_fixed_for_each_ticket() -> None:
    out = sent()
    assert out.due("handle") == "2026-03-13T23:59:59"
    assert out.clock("handle")["article"] == "第十五条"
    bare = registered(ev(SENT, "dispatch", unit="甲局"))
    assert bare.clock("handle") is None
    assert bare.owes("确定反馈期限")["article"] == "第十五条"


def test_HZ_15b_several_contents_are_assigned_separately() -> None:
    both = {"unit": "甲局", "assist": ["乙局"], "several_contents": True}
    assert registered(ev(SENT, "dispatch", **both)).no == [(1, "第十五条")]
    assert registered(ev(SENT, "dispatch", unit="甲局", several_contents=True)).no == []


def test_HZ_15c_extension_needs_consent_and_notice() -> None:
    asked = ev("2026-03-12T09:00:00", "request_extension", unit="甲局", days=3, reason="取证")
    assert sent(asked).due("handle") == "2026-03-13T23:59:59"
    out = sent(asked, ev("2026-03-12T15:00:00", "decide_extension", accept=True))
    assert out.due("handle") == "2026-03-18T23:59:59"
    assert out.owes("告知诉求人")["article"] == "第十五条"
    denied = sent(asked, ev("2026-03-12T15:00:00", "decide_extension", accept=False))
    assert denied.due("handle") == "2026-03-13T23:59:59"
    unasked = sent(ev("2026-03-12T15:00:00", "decide_extension", accept=True))
    assert unasked.no == [(2, "第十五条")]


def test_HZ_16a_statutory_limit_before_feedback_limit() -> None:
    out = registered(
        ev(SENT, "dispatch", unit="甲局", feedback_by="2026-03-13", statutory_by="2026-05-08")
    )
    assert out.due("handle") == "2026-05-08T23:59:59"
    assert out.clock("handle")["article"] == "第十六条"


def test_HZ_17a_result_before_the_limit() -> None:
    assert not closed().late
    late = sent(ev("2026-03-14T09:00:00", "request_close", unit="甲局", reply="已查处"))
    assert late.late
    assert sent(ev("2026-03-12T09:00:00", "request_close", unit="甲局")).no == [(2, "第十七条")]


def test_HZ_17b_reply_only_to_who_wants_it_and_can_be_reached() -> None:
    assert closed(requester=NAMED).owes("告知诉求人")["article"] == "第十七条"
    assert closed(requester={**NAMED, "contact": ""}).owes("告知诉求人") is None
    assert closed(requester={**NAMED, "wants_reply": False}).owes("告知诉求人") is None
    told = ev("2026-03-12T16:00:00", "reply_requester", unit="甲局")
    assert closed(told, requester=NAMED).owes("告知诉求人") is None


def test_HZ_19a_return_gives_its_reason() -> None:
    back = ev("2026-03-05T09:00:00", "request_return", unit="甲局", reason="非职责")
    assert sent(back).state == "return_requested"
    assert sent(ev("2026-03-05T09:00:00", "request_return", unit="甲局")).no == [(2, "第十九条")]


def _returned(count: int) -> list[dict]:
    """`count` assignments, each returned."""
    found = [ev(REG, "register", category="report")]
    for day in range(count):
        unit = f"{day}局"
        found += [
            ev(f"2026-03-0{3 + day}T09:00:00", "dispatch", unit=unit, feedback_by="2026-03-13"),
            ev(f"2026-03-0{3 + day}T10:00:00", "request_return", unit=unit, reason="非职责"),
        ]
    return found


@pytest.mark.parametrize(("count", "allowed"), [(1, False), (2, False), (3, True)])
def test_HZ_19b_designation_after_three_assignments(count: int, allowed: bool) -> None:
    named = ev("2026-03-06T09:00:00", "designate", unit="丁局", by="热线管理机构")
    out = run("hangzhou", *_returned(count), named)
    assert out.no == ([] if allowed else [(1 + 2 * count, "第十九条")])
    assert (out.raw["unit"] == "丁局") is allowed


def test_HZ_22_supervision_triggers() -> None:
    urgent = ev("2026-03-03T09:00:00", "supervise", trigger="life_safety")
    assert sent(urgent).no == []
    early = ev("2026-03-13T09:00:00", "supervise", trigger="overdue")
    assert sent(early).no == [(2, "第二十二条")]
    late = ev("2026-03-14T09:00:00", "supervise", trigger="overdue", joint=True)
    assert sent(late).no == []
    assert sent(now="2026-03-14T09:00:00").may("督办")["article"] == "第二十二条"


def test_HZ_24_visit_may_and_rework_has_grounds() -> None:
    assert closed().may("回访")["article"] == "第二十四条"
    assert closed().owes("回访") is None
    again = ev("2026-03-13T09:00:00", "order_rework", ground="unreasonable")
    assert closed(again).state == "accepted"
    assert closed(again).owes("确定反馈期限")
    limited = ev("2026-03-13T09:00:00", "order_rework", ground="unlawful", feedback_by="2026-03-20")
    assert closed(limited).due("handle") == "2026-03-20T23:59:59"
    for wrong in ({}, {"ground": "dissatisfied"}):
        assert closed(ev("2026-03-13T09:00:00", "order_rework", **wrong)).no == [(3, "第二十四条")]


def test_HZ_26_relief_for_new_matters_and_disputes() -> None:
    for ground in ("new_matter", "duty_dispute"):
        assert closed(ev("2026-03-13T09:00:00", "exempt", ground=ground)).raw["exempt"] == ground
    # Read literally "交办" covers every ticket: off until the city decides.
    assert closed(ev("2026-03-13T09:00:00", "exempt", ground="assigned")).no == [(3, "第二十六条")]


def test_HZ_27_relief_for_mediation_and_enforcement() -> None:
    for ground in ("mediation", "interested_enforcement"):
        assert closed(ev("2026-03-13T09:00:00", "exempt", ground=ground)).raw["exempt"] == ground
    assert closed(ev("2026-03-13T09:00:00", "exempt", ground="unlawful_request")).no
