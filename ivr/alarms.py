"""Alarms of a running engine: raised once, seen by every desk, acknowledged by one person.

They are journalled, so that they outlive the engine, and reach desks over the live bus at once.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from domain.queueing.alarms import AlarmKind, Situation, Thresholds, over
from ivr.call import Now, Publish, Write
from services.floor_records import EVENT, FloorRecords
from services.journal import Record

REMEMBERED = 200
TEXTS = {
    AlarmKind.EMERGENCY: ("紧急情况，建议转 {number}：{words}", "offer {number}: {words}"),
    AlarmKind.TRUNK_DOWN: (
        "{number} 的线路 {figure} 未接通{words}",
        "{number} was not reached over line {figure}{words}",
    ),
    AlarmKind.HELP: ("坐席 {seat} 请求支援：{words}", "seat {seat} asks for help: {words}"),
    AlarmKind.WAITING: ("排队人数过多：{figure}", "too many callers wait: {figure}"),
    AlarmKind.LONGEST_WAIT: ("等候时间过长：{figure}", "a caller waits too long: {figure}"),
    AlarmKind.ANSWER_SHARE: ("目标接通率过低：{figure}", "too few are answered in time: {figure}"),
    AlarmKind.NOBODY_SERVES: ("有人排队而无人值守：{figure}", "nobody serves: {figure}"),
    AlarmKind.CALL_BACKS_LATE: ("超时未回拨：{figure}", "call-backs are late: {figure}"),
}  # fmt: skip


class AlarmUnknown(LookupError):
    def __init__(self, alarm_id: int) -> None:
        super().__init__(f"no alarm {alarm_id}")


class AlarmSettled(Exception):
    """Somebody else was first."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} has acknowledged it already")


@dataclass(frozen=True)
class About:
    """What an alarm is about. ``drill``: of a test caller; told all the same, and marked."""

    level: str = "warning"
    call_id: str = ""
    seat: str = ""
    queue: str = ""
    number: str = ""
    words: str = ""
    figure: str = ""
    drill: bool = False


class Alarms:
    def __init__(self, write: Write, publish: Publish, now: Now, records: FloorRecords) -> None:
        self._write, self._publish, self._now = write, publish, now
        self._records = records
        self._known: OrderedDict[int, dict[str, Any]] = OrderedDict()
        self._lasting: dict[AlarmKind, int] = {}

    def ring(self, kind: AlarmKind, about: About) -> dict[str, Any]:
        """A new alarm, on every desk at once."""
        chinese, english = TEXTS[kind]
        values = asdict(about)
        body = {
            "kind": kind.value,
            **values,
            "text_zh": chinese.format(**values),
            "text_en": english.format(**values),
        }
        record = self._records.event("alarm", self._now(), **body)
        self._write(record)
        alarm = self._remember(record)
        self._publish({"type": "alarm", **alarm})
        return alarm

    def watch(self, situation: Situation, limits: Thresholds) -> None:
        """Once a second: what passes a threshold is told once, and once that it is over."""
        found = over(situation, limits)
        for kind, figure in found.items():
            if kind not in self._lasting:
                self._lasting[kind] = int(self.ring(kind, About(figure=figure))["id"])
        for kind in [one for one in self._lasting if one not in found]:
            alarm_id = self._lasting.pop(kind)
            self._note("alarm_over", alarm_id)

    def acknowledge(self, alarm_id: int, by: str) -> dict[str, Any]:
        """Raises `AlarmUnknown`, or `AlarmSettled` for whoever comes second."""
        alarm = self._known.get(alarm_id)
        if alarm is None:
            raise AlarmUnknown(alarm_id)
        if alarm["acknowledged_by"]:
            raise AlarmSettled(alarm["acknowledged_by"])
        self._note("alarm_acknowledged", alarm_id, by=by)
        return alarm

    def listed(self) -> list[dict[str, Any]]:
        """The latest first."""
        return list(reversed(self._known.values()))

    def open(self) -> int:
        """How many nobody has seen to and are not over."""
        alarms = self._known.values()
        return sum(not one["acknowledged_by"] and one["over_at"] is None for one in alarms)

    def restore(self, records: Iterable[Record]) -> None:
        """As the journal remembers them; thresholds still passed are told anew."""
        for record in records:
            if record.kind != EVENT:
                continue
            self._records.last = max(self._records.last, record.seq)
            if record.body["what"] == "alarm":
                self._remember(record)
            else:
                self._apply(record.body, record.at)

    def _note(self, what: str, alarm_id: int, **more: str) -> None:
        record = self._records.event(what, self._now(), id=alarm_id, **more)
        self._write(record)
        self._apply(record.body, record.at)
        kind = self._known[alarm_id]["kind"] if alarm_id in self._known else ""
        self._publish(
            {"type": what, "call_id": "", "at": record.at.isoformat(), "id": alarm_id, "kind": kind}
            | more
        )

    def _apply(self, body: dict[str, Any], at: datetime) -> None:
        alarm = self._known.get(body.get("id", 0))
        if alarm is None:
            return
        if body["what"] == "alarm_over":
            alarm["over_at"] = at.isoformat()
        elif body["what"] == "alarm_acknowledged":
            alarm["acknowledged_by"], alarm["acknowledged_at"] = body["by"], at.isoformat()

    def _remember(self, record: Record) -> dict[str, Any]:
        body = {name: value for name, value in record.body.items() if name != "what"}
        alarm = {
            "id": record.seq,
            "at": record.at.isoformat(),
            **body,
            "over_at": None,
            "acknowledged_by": "",
            "acknowledged_at": None,
        }
        self._known[record.seq] = alarm
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return alarm


Ring = Callable[[AlarmKind, About], dict[str, Any]]
