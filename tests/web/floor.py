"""The engine's side of seats, as a page meets it: states kept in memory, orders written down."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.orders import OrderRefused

Seats = dict[str, dict[str, Any]]


class Floor:
    """Answers the orders of the HTTP service. ``orders``: those that were given, oldest first."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.seats: Seats = {}
        self.waiting: dict[str, str] = {}
        self.queue_of: dict[str, str] = {}
        self.alarms: list[dict[str, Any]] = []
        self.orders: list[dict[str, Any]] = []
        self.put_aside: dict[str, str] = {}

    def sit(self, seat: str, agent: str, state: str = "ready", **more: Any) -> None:
        self.seats[seat] = {
            "seat": seat, "state": state, "since": self.now.isoformat(), "agent": agent,
            "reason": "", "device": "phone", "telephone": "free", "kind": "general",
            "queues": ["general"], "skills": {}, "call_id": None, "until": None,
            "afterwards": None,
        } | more  # fmt: skip

    def alarm(self, kind: str, text_zh: str, **more: Any) -> dict[str, Any]:
        raised = {
            "id": len(self.alarms) + 1, "at": self.now.isoformat(), "kind": kind,
            "level": "warning", "call_id": "", "seat": "", "queue": "", "number": "", "words": "",
            "figure": "", "text_zh": text_zh, "text_en": kind, "drill": False, "over_at": None,
            "acknowledged_by": "", "acknowledged_at": None,
        } | more  # fmt: skip
        self.alarms.insert(0, raised)
        return raised

    def given(self, order: str) -> list[dict[str, Any]]:
        """Orders of this kind, without who gave them."""
        return [
            {name: value for name, value in one.items() if name not in ("by", "supervises")}
            for one in self.orders
            if one["order"] == order
        ]

    async def __call__(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        self.orders.append(dict(asked))
        act = getattr(self, f"_{asked['order']}", None)
        if act is not None:
            return dict(act(asked))
        if "seat" in asked and asked["seat"] not in self.seats:
            texts = (f"no seat {asked['seat']}", "没有这个坐席")
            raise OrderRefused("not_found", "SeatUnknown", texts)
        return {"id": "c1", "leg": "l1"}

    def _seats(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "seats": list(self.seats.values()), "waiting": self.waiting, "queue_of": self.queue_of,
            "alarms_open": sum(one["over_at"] is None for one in self.alarms),
        }  # fmt: skip

    def _own_seat(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        mine = [one for one in self.seats.values() if one["agent"] == asked["by"]]
        return {"seat": mine[0] if mine else None, "waiting": len(self.waiting)}

    def _log_in(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        self.sit(asked["seat"], asked["by"], device=asked["device"])
        return {"seat": self.seats[asked["seat"]], "phone": None}

    def _phone(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"seat": self.seats[asked["seat"]], "phone": None}

    def _log_out(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"seat": self.seats.pop(asked["seat"]) | {"state": "logged_out"}}

    def _state(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        changed = {"state": asked["state"], "reason": asked["reason"], "until": None}
        self.seats[asked["seat"]] |= changed
        return {"seat": self.seats[asked["seat"]]}

    def _move(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        self.seats[asked["seat"]]["queues"] = list(asked["queues"])
        return {"seat": self.seats[asked["seat"]]}

    def _wrap_up(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        seat = self.seats[asked["seat"]]
        until = datetime.fromisoformat(seat["until"]) + timedelta(seconds=asked["extend_s"])
        seat["until"] = until.isoformat()
        return {"seat": seat}

    def _park(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        seat = self.seats[asked["seat"]]
        self.put_aside[seat["call_id"]] = asked["seat"]
        seat |= {"state": "ready", "call_id": None}
        return {"leg": "l1"}

    def _parked(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"parked": self.put_aside}

    def _fetch(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        del self.put_aside[asked["call_id"]]
        return {"leg": "l1"}

    def _help(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"alarm": self.alarm("help", f"坐席 {asked['seat']} 求助", seat=asked["seat"])}

    def _alarms(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"alarms": self.alarms}

    def _acknowledge(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        alarm = next(one for one in self.alarms if one["id"] == asked["alarm"])
        alarm |= {"acknowledged_by": asked["by"], "acknowledged_at": self.now.isoformat()}
        return {"alarm": alarm}

    def _broadcast(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: asked[name] for name in ("text", "queues", "by")}
        return {"id": 1, "at": self.now.isoformat(), **told}
