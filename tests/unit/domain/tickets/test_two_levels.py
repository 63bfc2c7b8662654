"""City to district and on to its unit; lead and assisting units; what a dispatch goes by."""

import json
from dataclasses import replace

import pytest

from domain.calendar.table import state_council
from domain.cities.load import rule_sets
from domain.cities.rules import Stated
from domain.tickets.catalogue import Catalogue, written_back
from domain.tickets.lifecycle.engine import step
from domain.tickets.lifecycle.ticket import Ticket
from domain.tickets.rehearsal.scenario import parse
from tests.unit.domain.tickets.scenes import Outcome, ev, run

OFFICE, UNIT = "金平区热线管理责任单位", "金平区城管局"
START = [
    ev("2021-03-01T10:00:00", "register", category="complaint"),
    ev("2021-03-01T11:00:00", "dispatch", unit=OFFICE, level="district"),
]
ON = ev("2021-03-02T09:00:00", "dispatch", unit=UNIT)
SIGN = {"handler_name": "林某", "handler_contact": "0754-1"}


def shantou(*more: dict, now: str | None = None) -> Outcome:
    return run("shantou", *START, *more, now=now)


def test_ST_9c_the_district_picks_its_unit_within_its_own_working_day() -> None:
    out = shantou()
    # The centre had until Tue 2 March and was in time; now the district's own day runs.
    assert (out.raw["unit"], out.state) == (OFFICE, "dispatched")
    clock = out.clock("dispatch")
    assert (clock["started"][:19], clock["due"][:19]) == (
        "2021-03-01T11:00:00",
        "2021-03-02T23:59:59",
    )
    assert clock["stopped"] is None
    assert out.owes("确定本区")["who"] == OFFICE
    assert out.told("district")["article"] == "第九条"
    on = shantou(ON)
    assert (on.raw["unit"], on.clock("dispatch")["stopped"][:19]) == (UNIT, "2021-03-02T09:00:00")
    assert on.owes("确定本区") is None
    # The unit at the end has its own two working days; the limit runs from the first receipt.
    assert on.due("sign") == "2021-03-04T23:59:59"
    assert on.due("handle") == "2021-03-15T23:59:59"
    # Only a district's office hands on, and only once.
    again = ev("2021-03-02T10:00:00", "dispatch", unit="龙湖区城管局")
    assert shantou(ON, again).no == [(3, "第九条")]
    city = [START[0], ev("2021-03-01T11:00:00", "dispatch", unit="市城管局"), ON]
    assert run("shantou", *city).no == [(2, "第九条")]


def test_the_district_confirms_or_is_silent_for_itself() -> None:
    silent = shantou(now="2021-03-04T09:00:00")
    assert silent.told("deemed_accepted")["at"] == "2021-03-03T23:59:59+08:00"
    late = ev("2021-03-04T09:00:00", "dispatch", unit=UNIT)
    out = shantou(late)
    assert (out.state, out.due("sign"), out.no) == ("dispatched", "2021-03-08T23:59:59", [])
    signed = shantou(ON, ev("2021-03-03T09:00:00", "sign", unit=UNIT, **SIGN))
    assert signed.state == "accepted"


def test_a_districts_unit_returns_to_its_office() -> None:
    back = ev(
        "2021-03-03T10:00:00",
        "request_return",
        unit=UNIT,
        reason="非职责",
        suggested_unit="区环保局",
    )
    asked = shantou(ON, back)
    assert asked.owes("审核退单")["who"] == OFFICE
    yes = ev("2021-03-03T15:00:00", "decide_return", accept=True)
    out = shantou(ON, back, yes)
    assert (out.raw["unit"], out.state) == (OFFICE, "accepted")
    assert out.due("dispatch") == "2021-03-04T23:59:59"
    other = ev("2021-03-04T09:00:00", "dispatch", unit="区环保局")
    assert shantou(ON, back, yes, other).raw["unit"] == "区环保局"
    # The office itself gives back to the city's centre.
    office = ev(
        "2021-03-02T09:00:00",
        "request_return",
        unit=OFFICE,
        reason="非本区",
        suggested_unit="龙湖区",
    )
    assert shantou(office).owes("审核退单")["who"] == "12345热线"
    up = shantou(office, ev("2021-03-02T10:00:00", "decide_return", accept=True))
    assert up.state == "registered"


def test_the_limit_may_run_from_the_last_receipt() -> None:
    rules = rule_sets("shantou")[-1]
    leaf = replace(rules, clock_node=Stated("leaf", "engine default, not law"))
    scene = parse(json.dumps({"city": "shantou", "events": [*START, ON]}))
    for given, due in ((rules, "2021-03-15"), (leaf, "2021-03-16")):
        ticket = Ticket()
        for event in scene.events:
            ticket = step(ticket, event, given, state_council())
        assert ticket.clocks["handle"].due.date().isoformat() == due


@pytest.mark.parametrize(
    ("unit", "office"),
    [
        ("金平区热线管理责任单位", True),
        ("南澳县", True),
        ("南澳县人民政府", True),
        ("金平区城管局", False),
        ("市区联合执法队", False),
        ("市城管局", False),
    ],
)
def test_a_districts_office_is_known_by_its_name(unit: str, office: bool) -> None:
    sent = ev("2021-03-01T11:00:00", "dispatch", unit=unit)
    assert bool(run("shantou", START[0], sent).told("district")) is office
    said = ev("2021-03-01T11:00:00", "dispatch", unit=unit, level="unit")
    assert run("shantou", START[0], said).told("district") is None
    # Where the text knows no second level a name alone means nothing.
    begin = ev("2021-03-01T10:00:00", "register", category="report")
    assert run("hangzhou", begin, sent).told("district") is None


def test_LS_5_a_county_body_hands_on() -> None:
    begin = [
        ev("2026-09-01T10:00:00", "register", category="complaint"),
        ev("2026-09-01T11:00:00", "dispatch", unit="缙云县热线工作机构", level="district"),
    ]
    on = ev("2026-09-01T15:00:00", "dispatch", unit="缙云县住建局")
    out = run("lishui", *begin, on)
    assert (out.raw["unit"], out.told("district")["article"]) == ("缙云县住建局", "第五条")
    # The limit is Lishui's own, from registration; the text has no limit for handing on.
    assert (out.due("handle"), out.clock("dispatch")) == ("2026-09-10T23:59:59", None)
    assert run("hangzhou", *begin).told("district")["article"] == "engine default, not law"


def heze(*more: dict) -> Outcome:
    first = [
        ev("2026-03-02T10:00:00", "register", category="complaint"),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局", assist=["乙局", "丙局"]),
    ]
    return run("heze", *first, *more, settings={"provincial_default": True})


def test_assisting_units_hand_in_before_the_leads_limit() -> None:
    out = heze()
    duty = out.owes("配合办理")
    assert (duty["who"], duty["by"][:19], duty["article"]) == (
        "乙局",
        "2026-03-06T23:59:59",
        "第十六条",
    )
    given = heze(ev("2026-03-05T09:00:00", "report_stage", unit="乙局", report="已完成"))
    assert given.owes("配合办理")["who"] == "丙局"
    assert given.told("assisted")["reason"].startswith("乙局")
    assert given.raw["explained"] is False
    assert (
        run("heze", *[ev("2026-03-02T10:00:00", "register", category="help")]).owes("配合") is None
    )


def test_HZ_18_uncommon_matters_are_talked_over_first() -> None:
    def sent(**fields: object) -> Outcome:
        begin = ev("2026-03-02T10:00:00", "register", category="report")
        return run("hangzhou", begin, ev("2026-03-02T11:00:00", "dispatch", unit="甲局", **fields))

    for kind in ("uncommon", "difficult"):
        assert sent(**{kind: True}).no == [(1, "第十八条")]
        assert sent(**{kind: True}, consulted=True).no == []
    assert sent().no == []


KEYS = {"nature": "投诉", "content": "占道经营", "district": "惠城区", "industry": "餐饮"}


def test_HUI_11a_a_dispatch_goes_by_four_keys() -> None:
    def sent(keys: dict) -> Outcome:
        begin = ev("2026-03-02T10:00:00", "register", category="complaint")
        return run("huizhou", begin, ev("2026-03-02T11:00:00", "dispatch", unit="甲局", keys=keys))

    assert sent(KEYS).no == []
    for missing in KEYS:
        less = {key: value for key, value in KEYS.items() if key != missing}
        assert sent(less).no == [(1, "第十一条")]


def test_LS_12_a_designation_is_written_into_the_catalogue() -> None:
    events = [
        ev("2026-09-01T10:00:00", "register", category="complaint"),
        ev("2026-09-01T11:00:00", "dispatch", unit="甲局", keys=KEYS),
        ev("2026-09-02T10:00:00", "designate", unit="乙局", by="主管部门会商", decision="职能交叉"),
    ]
    out = run("lishui", *events)
    effect = out.raw["effects"][0]
    assert (effect["kind"], effect["article"]) == ("catalogue", "第十九条")
    assert "职能交叉" in out.told("designated")["reason"]
    rules, ticket = rule_sets("lishui")[-1], Ticket()
    for event in parse(json.dumps({"city": "lishui", "events": events})).events:
        ticket = step(ticket, event, rules, state_council())
    before = Catalogue()
    after = written_back(before, ticket.effects)
    assert (before.version, after.version) == (0, 1)
    assert after.units(KEYS) == ("乙局",)
    assert after.units({**KEYS, "district": "仲恺区"}) == ()
    # A dispatch alone teaches nothing.
    assert run("lishui", *events[:2]).raw["effects"] == []
