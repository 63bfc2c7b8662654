"""Experts and leaders on the line: on duty, and out of hours."""

import asyncio
import io
import wave
from array import array
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.asterisk.conftest import agent, citizen
from tests.asterisk.flows import database_of, drafted, taken_over
from tests.asterisk.hotline import Hotline
from tests.asterisk.people import Person

LOUD = 1000
HOUR = timedelta(hours=1)


def flow_with(kind: str) -> dict[str, Any]:
    seat = {"type": kind, "queue": f"{kind}s", "wait_s": 6, "answered": "end", "otherwise": "bye"}
    return {
        "name": f"with-{kind}", "version": 0, "title": "值守", "start": "seat", "exhausted": "bye",
        "nodes": {
            "seat": seat,
            "bye": {"type": "say", "say": ["goodbye"], "then": "end"},
            "end": {"type": "hang_up"},
        },
    }  # fmt: skip


@pytest.fixture
def wang(hotline: Hotline) -> Person:
    return Person(hotline, "wang", "supervisor")


def put_on_duty(wang: Person, name: str, kind: str, starts: datetime) -> int:
    wang.ask("PUT", f"/queues/{kind}s", by_roster=True)
    profile: dict[str, Any] = {"kind": kind, "queues": [f"{kind}s"], "wrap_up_s": 0}
    wang.ask("PUT", f"/seats/profiles/{name}", **profile)
    duty = {
        "account": name, "kind": kind, "queue": f"{kind}s", "title": "市医保局局长",
        "starts_at": starts.isoformat(), "ends_at": (starts + HOUR).isoformat(),
    }  # fmt: skip
    return int(wang.ask("POST", "/rosters", status=201, **duty)["id"])


def spoken_s(sound: bytes) -> float:
    """For how long the caller heard somebody speak: the right channel's loud tenths of a second."""
    with wave.open(io.BytesIO(sound)) as file:
        samples = array("h", file.readframes(file.getnframes()))[1::2]
    tenths = [samples[at : at + 800] for at in range(0, len(samples), 800)]
    return sum(1 for tenth in tenths if max(map(abs, tenth)) > LOUD) / 10


@pytest.mark.parametrize("kind", ["expert", "leader"])
def test_on_duty_they_are_reached_and_out_of_hours_callers_go_on(
    hotline: Hotline, wang: Person, kind: str
) -> None:
    name = f"zhao-{kind}"
    late, early = (f"13800{71 if kind == 'leader' else 72}000{place}" for place in (1, 2))
    asyncio.run(drafted(database_of(hotline), flow_with(kind), [late, early]))
    taken_over(hotline, early)
    person = Person(hotline, name, "agent")
    tomorrow = datetime.now(UTC) + 24 * HOUR
    later = put_on_duty(wang, name, kind, tomorrow)
    with agent(hotline, "1003") as seat:
        refused = person.ask("POST", "/seats/1003/login", status=409, device="phone")
        assert refused["error"] == "NotOnDuty"
        with citizen(hotline, late) as caller:
            caller.dial("12345")
            call = hotline.call_of(late, within_s=60)
        assert call["path"] == ["seat", "bye", "end"]
        hotline.draft_of(late)  # by then the recording is kept
        # A leader's window is told: longer than the shortened farewell, which is all else.
        heard_s = spoken_s(wang.sound(call["call_id"]))
        assert (heard_s > 3) == (kind == "leader"), heard_s
        wang.ask("POST", f"/rosters/{later}/call-off", reason="改期")
        put_on_duty(wang, name, kind, datetime.now(UTC) - timedelta(minutes=5))
        person.ask("POST", "/seats/1003/login", device="phone")
        with citizen(hotline, early) as caller:
            caller.dial("12345")
            seat.wait("CALL_ESTABLISHED", within_s=40)
            seat.pause(1)
            seat.hang_up()
            assert hotline.call_of(early)["seat"] == "1003"
        assert hotline.call_of(early)["path"] == ["seat", "end"]
        person.ask("POST", "/seats/1003/logout")
