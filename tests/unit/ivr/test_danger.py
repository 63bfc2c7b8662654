"""Words of danger, on both sides: at once, once, on every desk."""

from datetime import timedelta
from typing import Any

import pytest

from domain.callers.emergency import Service
from domain.queueing.alarms import AlarmKind, Situation, Thresholds
from domain.queueing.policy import Drill, Policy
from domain.queueing.rules import PriorityCause
from domain.queueing.seats import Caller
from ivr.alarms import About, Alarms, AlarmSettled, AlarmUnknown
from ivr.danger import DangerWatch
from ivr.desk import Desk
from services.floor_records import FloorRecords
from tests.unit.ivr.fakes import T0, Books, Clock, call_in


class Floor:
    def __init__(self, policy: Policy | None = None) -> None:
        self.clock, self.books = Clock(), Books()
        self.desk = Desk(self.clock.now)
        self.alarms = self.begun_anew()
        self.watch = DangerWatch(self.desk, self.alarms.ring, lambda: policy or Policy())

    def begun_anew(self) -> Alarms:
        return Alarms(
            self.books.records.append, self.books.told.append, self.clock.now, FloorRecords()
        )

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.books.told if one["type"] == kind]


@pytest.mark.parametrize("side", ["caller", "agent"])
def test_a_clear_danger_goes_first_and_is_told_once(side: str) -> None:
    floor = Floor()
    call = call_in(floor.books, floor.clock)
    floor.desk.join(Caller("before", T0 - timedelta(minutes=30)))
    floor.desk.join(Caller(call.call_id, T0))
    for partial in ("我家", "我家着火了", "我家着火了快来"):
        floor.watch.heard(call, side, partial)
    assert floor.desk.exchange.place(call.call_id) == 1
    assert PriorityCause.EMERGENCY_WORDS in call.causes
    (emergency,) = floor.told("emergency")
    assert (emergency["number"], emergency["level"], emergency["side"]) == ("119", "clear", side)
    (alarm,) = floor.told("alarm")
    assert (alarm["kind"], alarm["call_id"], alarm["drill"]) == ("emergency", call.call_id, False)
    assert "119" in alarm["text_zh"]
    assert floor.books.bodies("emergency") == [{"number": "119", "words": "着火了"}]


def test_what_is_only_suspected_colours_the_desk_and_alarms_nobody() -> None:
    floor = Floor()
    call = call_in(floor.books, floor.clock)
    floor.watch.heard(call, "caller", "楼下有人打架")
    assert [one["level"] for one in floor.told("emergency")] == ["suspected"]
    assert floor.told("alarm") == []
    assert call.causes == frozenset()
    floor.watch.heard(call, "caller", "今天天气好")
    assert len(floor.books.told) == 1


def test_a_city_has_words_of_its_own() -> None:
    floor = Floor(Policy(words={"井盖塌了": Service.FIRE}))
    call = call_in(floor.books, floor.clock)
    found = floor.watch.heard(call, "caller", "门口井盖塌了")
    assert found is not None
    assert (found.service, found.why, found.start, found.end) == (Service.FIRE, "井盖塌了", 2, 6)
    assert floor.told("alarm")[0]["words"] == "井盖塌了"


def test_a_drill_is_marked_as_one() -> None:
    drill = Drill(("13800000000",), T0 + timedelta(hours=1))
    floor = Floor(Policy(drill=drill))
    call = call_in(floor.books, floor.clock)
    floor.watch.keyed(call, "110", "110")
    assert floor.told("alarm")[0]["drill"] is True
    assert not drill.concerns("13800000000", T0 + timedelta(hours=1))
    assert not drill.concerns("13800000001", T0)


def test_a_threshold_rings_once_and_is_over_once() -> None:
    floor = Floor()
    limits = Thresholds(waiting=2)
    busy, calm = Situation(2, timedelta(0), None), Situation(1, timedelta(0), None)
    for situation in (busy, busy, calm, calm, busy):
        floor.alarms.watch(situation, limits)
    assert [one["type"] for one in floor.books.told] == ["alarm", "alarm_over", "alarm"]
    latest, first = floor.alarms.listed()
    assert (first["over_at"] is None, latest["over_at"]) == (False, None)
    assert floor.alarms.open() == 1


def test_an_alarm_is_acknowledged_by_one_and_outlives_the_engine() -> None:
    floor = Floor()
    alarm = floor.alarms.ring(AlarmKind.HELP, About(seat="1001", words="来电人威胁"))
    floor.alarms.acknowledge(alarm["id"], "chen")
    with pytest.raises(AlarmSettled, match="chen"):
        floor.alarms.acknowledge(alarm["id"], "wu")
    with pytest.raises(AlarmUnknown):
        floor.alarms.acknowledge(1, "wu")
    again = floor.begun_anew()
    again.restore(floor.books.records)
    assert again.listed() == floor.alarms.listed()
    assert again.ring(AlarmKind.HELP, About(seat="1002"))["id"] > alarm["id"]
