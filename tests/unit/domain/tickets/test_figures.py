"""The assessment's figures, counted by hand from a few tickets and compared."""

import json
from datetime import datetime

import pytest

from domain.calendar.limit import CHINA
from domain.calendar.table import state_council
from domain.cities.load import rule_sets
from domain.tickets.assessment.figures import Call, Figure, Span, by_unit, connection, figures
from domain.tickets.assessment.work import Work, work_of
from domain.tickets.rehearsal.outcome import play
from domain.tickets.rehearsal.scenario import parse
from tests.unit.domain.tickets.scenes import ev

YEAR = Span(
    datetime(2026, 1, 1, tzinfo=CHINA),
    datetime(2027, 1, 1, tzinfo=CHINA),
    datetime(2026, 12, 31, tzinfo=CHINA),
)
HUI, LS = rule_sets("huizhou")[-1], rule_sets("lishui")[-1]


def work(city: str, *events: dict) -> Work:
    """Through the replay: everything must be accepted there."""
    scene = parse(json.dumps({"city": city, "events": list(events)}, ensure_ascii=False))
    assert play(scene, state_council())["rejected"] == []
    return work_of(scene.events, rule_sets(city)[-1], state_council(), YEAR.now)


def of(found: tuple[Figure, ...], name: str) -> tuple[int, int]:
    one = next(figure for figure in found if figure.name == name)
    return one.part, one.whole


def hui(*more: dict, category: str = "help") -> Work:
    """Mon 2026-03-02; help: ten working days, due Mon 16 March."""
    return work(
        "huizhou",
        ev("2026-03-02T10:00:00", "register", category=category),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
        *more,
    )


def signed(at: str = "2026-03-03T10:00:00") -> dict:
    return ev(at, "sign", unit="甲局")


def done(at: str = "2026-03-10T10:00:00") -> list[dict]:
    asked = ev(at, "request_close", unit="甲局", reply="已处理完毕", evidence=["录音"])
    return [asked, ev(at.replace("T10", "T11"), "decide_close", accept=True)]


def test_sign_in_and_closing_in_time_are_shares_of_what_was_due() -> None:
    works = [
        hui(signed(), *done()),
        hui(signed("2026-03-04T10:00:00"), *done("2026-03-17T10:00:00")),  # both too late
        hui(),  # never signed, never done
    ]
    found = figures(works, HUI, YEAR)
    assert of(found, "sign_on_time_rate") == (1, 3)
    assert of(found, "close_on_time_rate") == (1, 3)
    assert of(found, "overdue_rate") == (2, 3)
    assert of(found, "intake") == (3, 3)
    assert of(found, "closing_rate") == (2, 3)


def test_the_sign_in_of_an_assisting_unit_is_not_the_leads() -> None:
    begin = [
        ev("2026-03-02T10:00:00", "register", category="help"),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局", assist=["乙局"]),
    ]
    other = ev("2026-03-03T10:00:00", "sign", unit="乙局")
    assert of(figures([work("huizhou", *begin, other)], HUI, YEAR), "sign_on_time_rate") == (0, 1)
    own = figures([work("huizhou", *begin, other, signed())], HUI, YEAR)
    assert of(own, "sign_on_time_rate") == (1, 1)


def test_what_is_not_due_yet_is_not_counted() -> None:
    early = Span(YEAR.start, YEAR.end, datetime(2026, 3, 3, 12, tzinfo=CHINA))
    found = figures([hui()], HUI, early)
    assert of(found, "sign_on_time_rate") == (0, 0)
    assert next(f for f in found if f.name == "close_on_time_rate").share is None
    late = Span(YEAR.start, YEAR.end, datetime(2026, 3, 4, tzinfo=CHINA))
    assert of(figures([hui()], HUI, late), "sign_on_time_rate") == (0, 1)


def test_the_period_is_that_of_the_deadline() -> None:
    march = Span(datetime(2026, 3, 1, tzinfo=CHINA), datetime(2026, 3, 16, tzinfo=CHINA), YEAR.now)
    assert of(figures([hui(signed(), *done())], HUI, march), "close_on_time_rate") == (0, 0)
    assert of(figures([hui(signed(), *done())], HUI, march), "sign_on_time_rate") == (1, 1)


def test_a_return_is_counted_for_the_unit_that_gave_it_back() -> None:
    back = ev("2026-03-03T09:00:00", "request_return", unit="甲局", reason="非职责", basis="三定")
    given = hui(
        back,
        ev("2026-03-03T10:00:00", "decide_return", accept=True),
        ev("2026-03-03T11:00:00", "dispatch", unit="乙局"),
        ev("2026-03-03T12:00:00", "sign", unit="乙局"),
    )
    units = by_unit([given], HUI, YEAR)
    assert of(units["甲局"], "return_rate") == (1, 1)
    assert of(units["乙局"], "return_rate") == (0, 1)
    assert of(units["甲局"], "sign_on_time_rate") == (1, 1)  # answered in time: by a return
    assert of(figures([given], HUI, YEAR), "return_rate") == (1, 2)
    assert [one.returned for one in given.assignments] == [True, False]


def test_extensions_move_the_deadline_and_are_counted() -> None:
    longer = hui(
        signed(),
        ev("2026-03-16T09:00:00", "request_extension", unit="甲局", reason="复杂", days=5),
        ev("2026-03-16T10:00:00", "decide_extension", accept=True),
        *done("2026-03-20T10:00:00"),
    )
    found = figures([longer, hui(signed(), *done())], HUI, YEAR)
    assert of(found, "extension_rate") == (1, 2)
    assert of(found, "close_on_time_rate") == (2, 2)


def rated(*levels: str) -> Work:
    """Rated, sent back after the first, rated again."""
    events = [signed(), *done(), ev("2026-03-11T09:00:00", "rate", level=levels[0])]
    for level in levels[1:]:
        events += [
            ev("2026-03-11T10:00:00", "order_rework"),
            *done("2026-03-12T10:00:00"),
            ev("2026-03-13T09:00:00", "rate", level=level),
        ]
    return hui(*events)


def test_the_second_rating_counts_after_a_rework() -> None:
    assert of(figures([rated("不满意")], HUI, YEAR), "satisfaction_rate") == (0, 1)
    again = figures([rated("不满意", "满意")], HUI, YEAR)
    assert of(again, "satisfaction_rate") == (1, 1)
    assert of(again, "rework_rate") == (1, 2)  # two results, one of them sent back
    assert of(again, "close_on_time_rate") == (2, 2)


def test_a_visit_is_a_rating_in_lishui_and_not_in_huizhou() -> None:
    visit = ev("2026-03-12T09:00:00", "visit", solved=True, satisfied=False)
    assert of(figures([hui(signed(), *done(), visit)], HUI, YEAR), "satisfaction_rate") == (0, 0)
    here = lishui(ev("2026-09-04T09:00:00", "visit", solved=True, satisfied=False))
    found = figures([here], LS, YEAR)
    assert of(found, "satisfaction_rate") == (0, 1)
    assert of(found, "solution_rate") == (1, 1)
    assert of(found, "visit_on_time_rate") == (1, 1)


def lishui(*more: dict) -> Work:
    """Tue 2026-09-01, general: due Thu 10 September."""
    return work(
        "lishui",
        ev("2026-09-01T10:00:00", "register", category="complaint"),
        ev("2026-09-01T11:00:00", "dispatch", unit="甲局"),
        ev("2026-09-03T10:00:00", "request_close", unit="甲局", reply="已处理"),
        *more,
    )


def test_an_exempted_negative_answer_is_left_out() -> None:
    bad = ev("2026-09-04T09:00:00", "visit", solved=False, satisfied=False)
    freed = ev(
        "2026-09-05T09:00:00", "exempt", ground="unlawful_request", proof=["说明"], reviewer="中心"
    )
    assert of(figures([lishui(bad)], LS, YEAR), "satisfaction_rate") == (0, 1)
    found = figures([lishui(bad, freed)], LS, YEAR)
    assert of(found, "satisfaction_rate") == (0, 0)
    assert next(f for f in found if f.name == "satisfaction_rate").left_out == 1


def test_a_direct_answer_needs_no_unit() -> None:
    told = work(
        "lishui",
        ev("2026-09-01T10:00:00", "register", category="consult"),
        ev("2026-09-01T10:05:00", "answer_directly"),
    )
    found = figures([told, lishui()], LS, YEAR)
    assert of(found, "direct_answer_rate") == (1, 2)
    assert set(by_unit([told, lishui()], LS, YEAR)) == {"甲局"}


def test_sent_back_by_the_review_is_not_done() -> None:
    asked = ev("2026-03-10T10:00:00", "request_close", unit="甲局", reply="已处理完毕")
    back = ev("2026-03-11T10:00:00", "decide_close", accept=False, reason="没有回应诉求")
    found = figures([hui(signed(), asked, back, *done("2026-03-18T10:00:00"))], HUI, YEAR)
    assert of(found, "close_on_time_rate") == (0, 1)  # counted from the first receipt


def test_a_districts_office_confirms_by_handing_on() -> None:
    office, unit = "金平区热线管理责任单位", "金平区城管局"
    begin = [
        ev("2026-03-02T10:00:00", "register", category="help"),
        ev("2026-03-02T11:00:00", "dispatch", unit=office),
        ev("2026-03-03T10:00:00", "dispatch", unit=unit),
    ]
    back = [
        ev("2026-03-04T10:00:00", "request_return", unit=unit, reason="a", suggested_unit="b"),
        ev("2026-03-04T11:00:00", "decide_return", accept=True),
        ev("2026-03-04T15:00:00", "dispatch", unit="金平区环保局"),
    ]
    units = by_unit([work("shantou", *begin, *back)], rule_sets("shantou")[-1], YEAR)
    assert of(units[office], "sign_on_time_rate") == (1, 1)
    assert of(units[unit], "return_rate") == (1, 1)
    assert of(units[unit], "sign_on_time_rate") == (1, 1)
    assert of(units["金平区环保局"], "sign_on_time_rate") == (0, 1)  # never confirmed
    found = work("shantou", *begin, *back).assignments
    assert [one.returned for one in found] == [False, True, False]


def test_ST_20_intake_and_closing_rate() -> None:
    open_still = [
        ev("2026-03-02T10:00:00", "register", category="help"),
        ev("2026-03-02T11:00:00", "dispatch", unit="甲局"),
    ]
    closed = ev("2026-03-05T10:00:00", "request_close", unit="甲局", reply="已办")
    works = [work("shantou", *open_still), work("shantou", *open_still, closed)]
    found = figures(works, rule_sets("shantou")[-1], YEAR)
    assert (of(found, "intake"), of(found, "closing_rate")) == ((2, 2), (1, 2))
    named = {figure.name for figure in found if figure.article == "第二十条"}
    assert named == {"intake", "closing_rate"}


def test_HUI_26_0_extension_overdue_and_satisfaction_are_named() -> None:
    by_name = {figure.name: figure.article for figure in figures([], HUI, YEAR)}
    assert by_name["satisfaction_rate"] == by_name["overdue_rate"] == "第二十六条"
    assert by_name["extension_rate"] == "第二十六条"
    assert by_name["visit_rate"] == "engine default, not law"


@pytest.mark.parametrize(("answered", "met"), [(9, True), (8, False)])
def test_HUI_26_1_ninety_percent_of_calls_a_month(answered: int, met: bool) -> None:
    moment = datetime(2026, 3, 2, 9, tzinfo=CHINA)
    calls = [Call(moment, n < answered, 10.0 if n else 20.0) for n in range(10)]
    rate, soon = connection(calls, HUI, YEAR)
    assert (rate.part, rate.whole, rate.met) == (answered, 10, met)
    assert (rate.article, soon.part) == ("第二十六条", answered - 1)
    assert connection(calls, LS, YEAR)[0].met is None
    assert connection([], HUI, YEAR)[0].share is None
