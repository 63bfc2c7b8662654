"""Scenarios in a few words: every one goes through the replay, as text, like a user's file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from domain.calendar.table import state_council
from domain.tickets.rehearsal.outcome import play
from domain.tickets.rehearsal.scenario import parse

NAMED = {"name": "王某", "contact": "13800000000", "wants_reply": True}


def ev(at: str, do: str, **fields: object) -> dict[str, object]:
    """`at` without a zone is China's time."""
    return {"at": f"{at}+08:00", "do": do, **fields}


@dataclass(frozen=True)
class Outcome:
    raw: Mapping[str, object]

    @property
    def state(self) -> object:
        return self.raw["state"]

    @property
    def end(self) -> object:
        return self.raw["end_state"]

    @property
    def late(self) -> object:
        return self.raw["late"]

    def clock(self, name: str) -> dict | None:
        return next((c for c in self.raw["clocks"] if c["name"] == name), None)

    def due(self, name: str) -> str:
        """The end of a clock, without the zone, which is always +08:00."""
        clock = self.clock(name)
        assert clock, f"no clock {name}"
        assert clock["due"].endswith("+08:00")
        return clock["due"][:-6]

    @property
    def no(self) -> list[tuple[int, str]]:
        """(index, article) of everything that was rejected."""
        return [(r["index"], r["article"]) for r in self.raw["rejected"]]

    def owes(self, what: str) -> dict | None:
        return next((o for o in self.raw["obligations"] if what in o["what"]), None)

    def may(self, what: str) -> dict | None:
        return next((o for o in self.raw["proposals"] if what in o["what"]), None)

    def told(self, what: str) -> dict | None:
        return next((h for h in self.raw["history"] if h["what"] == what), None)

    @property
    def card(self) -> str | None:
        return next((c["colour"] for c in self.raw["cards"]), None)


def run(city: str, *events: dict, now: str | None = None, **top: object) -> Outcome:
    scene = {"city": city, "events": list(events), **top}
    if now:
        scene["now"] = f"{now}+08:00"
    return Outcome(play(parse(json.dumps(scene, ensure_ascii=False)), state_council()))
