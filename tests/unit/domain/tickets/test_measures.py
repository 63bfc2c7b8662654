"""Measures, the coordinating body, referrals, what is pushed and explained."""

from tests.unit.domain.tickets.scenes import Outcome, ev, run

SENT = [
    ev("2026-03-02T10:00:00", "register", category="complaint"),
    ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
]


def supervised(city: str, **fields: object) -> Outcome:
    return run(city, *SENT, ev("2026-03-03T10:00:00", "supervise", **fields))


def test_HZ_5_what_the_coordinating_body_takes() -> None:
    grounds = ("clustered", "assigned_repeatedly", "no_rule_urgent", "duty_dispute", "assessment")
    for ground in (*grounds, "other"):
        out = supervised("hangzhou", measure="coordination", ground=ground)
        assert out.told("coordination")["article"] == "第五条"
    assert supervised("hangzhou", measure="coordination", ground="dull").no == [(2, "第五条")]
    # Shantou's text knows no such body.
    no = supervised("shantou", measure="coordination", ground="clustered").no
    assert no == [(2, "engine default, not law")]


def test_HZ_23_files_and_joint_meetings() -> None:
    for measure in ("files_and_questions", "joint_meeting", "联席会议"):
        assert supervised("hangzhou", measure=measure).told("measure")["article"] == "第二十三条"
    assert supervised("hangzhou", measure="fine").no == [(2, "第二十三条")]


def test_HE_22b_four_means() -> None:
    for measure in ("phone", "written", "on_site", "thematic"):
        assert supervised("heze", measure=measure).told("measure")["article"] == "第二十二条"
    assert supervised("heze", measure="joint_meeting").no == [(2, "第二十二条")]


def test_HE_23_leads_go_to_discipline_inspection() -> None:
    for ground in ("shirk", "falsify", "inaction", "misconduct", "rude", "poor_service"):
        out = supervised("heze", measure="referral", ground=ground)
        effect = out.raw["effects"][-1]
        assert (effect["kind"], effect["to"]) == ("referral", "同级纪检监察机关")
        assert (effect["article"], effect["about"]["unit"]) == ("第二十三条", "甲局")
    assert supervised("heze", measure="referral", ground="slow").no == [(2, "第二十三条")]
    silent = supervised("lishui", measure="referral", ground="shirk")
    assert silent.no == [(2, "engine default, not law")]


def test_huizhou_refers_shirking_and_low_efficiency() -> None:
    assert supervised("huizhou", measure="referral", ground="shirk").no == []
    assert supervised("huizhou", measure="referral", ground="rude").no == [(2, "第二十七条")]
    assert supervised("huizhou", measure="提醒函").told("measure")["article"] == "第二十七条"


def test_HUI_6_the_joint_meeting_settles_what_is_hard() -> None:
    hard = supervised("huizhou", measure="coordination", ground="duty_dispute")
    assert hard.told("coordination")["article"] == "第六条"
    settled = ev(
        "2026-03-03T11:00:00", "designate", unit="乙局", by="联席会议", decision="属地管理"
    )
    back = ev("2026-03-03T12:00:00", "request_return", unit="乙局", reason="a", basis="b")
    out = run("huizhou", *SENT, settled, back)
    assert (out.raw["unit"], out.no) == ("乙局", [(3, "第十六条")])
    assert "属地管理" in out.told("designated")["reason"]
    assert supervised("huizhou", measure="coordination", ground="dull").no == [(2, "第六条")]


def test_shantou_refers_only_after_two_reworks() -> None:
    transfer = {"measure": "referral", "ground": "suspected_unlawful"}
    assert supervised("shantou", **transfer).no == [(2, "第十五条")]
    rounds = []
    for day in (4, 8, 10):
        rounds.append(
            ev(f"2026-03-{day:02}T15:00:00", "request_close", unit="甲局", reply="已处理")
        )
        if day < 10:
            rounds.append(
                ev(
                    f"2026-03-{day + 1:02}T09:00:00",
                    "order_rework",
                    ground="objection_well_founded",
                )
            )
    out = run("shantou", *SENT, *rounds, ev("2026-03-11T09:00:00", "supervise", **transfer))
    assert out.no == []
    assert out.raw["effects"][-1]["to"] == "行政执法监督部门或者监察机关"


def test_HE_15_3_what_cannot_be_solved_is_explained() -> None:
    hard = ev(
        "2026-03-05T10:00:00",
        "report_stage",
        unit="甲局",
        reason="客观上暂不能解决",
        unsolvable=True,
    )
    assert run("heze", *SENT, hard).owes("解释")["article"] == "第十五条"
    told = ev("2026-03-05T11:00:00", "reply_requester", unit="甲局", reply="说明原因")
    assert run("heze", *SENT, hard, told).owes("解释") is None
    plain = ev("2026-03-05T10:00:00", "report_stage", unit="甲局", reason="仍在施工")
    assert run("heze", *SENT, plain).owes("解释") is None


def test_HE_30a_full_records_are_pushed_to_the_unit() -> None:
    done = ev("2026-03-06T15:00:00", "request_close", unit="甲局", reply="已修复")
    rated = ev("2026-03-09T10:00:00", "rate", level="满意")
    out = run("heze", *SENT, done, rated)
    effect = out.raw["effects"][-1]
    assert (effect["kind"], effect["to"], effect["article"]) == ("push", "甲局", "第三十条")
    assert effect["about"]["ratings"] == 1
    assert run("lishui", *SENT, done, rated).raw["effects"] == []


def test_extensions_are_told_by_an_effect() -> None:
    asked = ev("2026-03-05T10:00:00", "request_extension", unit="甲局", reason="复杂", days=5)
    granted = ev("2026-03-05T11:00:00", "decide_extension", accept=True)
    effect = run("huizhou", *SENT, asked, granted).raw["effects"][-1]
    assert (effect["kind"], effect["to"], effect["article"]) == ("sms", "诉求人", "第十三条")
    assert effect["about"]["until"].startswith("2026-03-30")  # due 23 March, and five more
    denied = ev("2026-03-05T11:00:00", "decide_extension", accept=False)
    assert run("huizhou", *SENT, asked, denied).raw["effects"] == []


def test_a_duty_opinion_given_as_a_form_is_complete() -> None:
    done = [
        ev(
            "2026-03-10T15:00:00",
            "request_close",
            unit="甲局",
            reply="已依法处理",
            evidence=["录音"],
        ),
        ev("2026-03-10T16:00:00", "decide_close", accept=True),
        ev("2026-03-11T09:00:00", "rate", level="不满意"),
        ev("2026-03-11T10:00:00", "order_rework"),
    ]
    full = {"handling": "依法办理", "remedies": "行政复议", "suggestions": "协商"}
    when = "2026-03-12T10:00:00"
    assert run("huizhou", *SENT, *done, ev(when, "duty_opinion", opinion=full)).no == []
    for missing in full:
        less = {key: value for key, value in full.items() if key != missing}
        assert run("huizhou", *SENT, *done, ev(when, "duty_opinion", opinion=less)).no == [
            (6, "第十八条")
        ]
