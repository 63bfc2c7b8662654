"""What agents and supervisors ask of the whole floor, and of citizens who are rung back."""

from collections.abc import Awaitable, Callable

from domain.queueing.alarms import AlarmKind
from domain.queueing.call_backs import CallBackSettled, NotDiallable
from domain.queueing.seats import Profile
from ivr.alarms import About, Alarms, AlarmSettled, AlarmUnknown
from ivr.call import Publish, Write
from ivr.call_backs import CallBacks, CallBackUnknown, Earlier, NoOutsideLine
from ivr.desk import Desk
from ivr.orders import Answer, Body, Orders
from services.floor_records import FloorRecords
from services.orders import OrderRefused

REFUSALS: dict[type[Exception], tuple[str, str]] = {
    AlarmUnknown: ("not_found", "没有这条告警"),
    AlarmSettled: ("conflict", "该告警已有人处理"),
    CallBackUnknown: ("not_found", "没有这条待办回拨"),
    CallBackSettled: ("conflict", "该回拨正在拨打或已有结果"),
    NotDiallable: ("bad", "来电未显示可回拨的号码"),
    NoOutsideLine: ("conflict", "没有可用于回拨的中继线路"),
}


class FloorOrders:
    """Adds its orders to those of the engine. ``refresh``: settings are read anew at once."""

    def __init__(
        self,
        orders: Orders,
        desk: Desk,
        alarms: Alarms,
        call_backs: CallBacks,
        means: tuple[Write, Publish, FloorRecords],
        refresh: Callable[[], Awaitable[None]],
    ) -> None:
        self._orders, self._desk, self._alarms = orders, desk, alarms
        self._call_backs, self._refresh = call_backs, refresh
        self._write, self._publish, self._records = means
        known: dict[str, Callable[[Body], Awaitable[Answer]]] = {
            "settings_changed": self._settings_changed,
            "alarms": self._alarm_list,
            "acknowledge": self._acknowledge,
            "broadcast": self._broadcast,
            "help": self._help,
            "move": self._move,
            "call_back": self._call_back,
            "cancel_call_back": self._cancel,
        }
        for name, order in known.items():
            orders.add(name, _guarded(order))

    async def _settings_changed(self, _: Body) -> Answer:
        await self._refresh()
        return {}

    async def _alarm_list(self, _: Body) -> Answer:
        return {"alarms": self._alarms.listed()}

    async def _acknowledge(self, body: Body) -> Answer:
        return {"alarm": self._alarms.acknowledge(int(body["alarm"]), str(body["by"]))}

    async def _broadcast(self, body: Body) -> Answer:
        told = {
            "text": str(body["text"]),
            "queues": [str(queue) for queue in body["queues"]],
            "by": str(body["by"]),
        }
        for queue in told["queues"]:
            self._known_queue(str(queue))
        record = self._records.event("broadcast", self._desk.now(), **told)
        self._write(record)
        answer = {"id": record.seq, "at": record.at.isoformat(), **told}
        self._publish({"type": "broadcast", "call_id": "", **answer})
        return answer

    async def _help(self, body: Body) -> Answer:
        seat = self._orders.own_seat(body)
        about = About(
            level="clear",
            call_id=seat.call_id or "",
            seat=seat.seat_id,
            words=str(body.get("note") or ""),
        )
        return {"alarm": self._alarms.ring(AlarmKind.HELP, about)}

    async def _move(self, body: Body) -> Answer:
        seat = self._desk.exchange.seat(self._orders.seat_named(body))
        queues = tuple(str(queue) for queue in body["queues"])
        for queue in queues:
            self._known_queue(queue)
        known = self._desk.login(seat.seat_id).profile
        moved = Profile(known.kind, queues, dict(known.skills), known.wrap_up, known.missed_pause)
        return {"seat": self._orders.shown(self._desk.serve(seat.seat_id, moved))}

    async def _call_back(self, body: Body) -> Answer:
        seat = self._orders.own_seat(body)
        earlier = Earlier(
            str(body["call_id"]),
            str(body["caller"]),
            str(body["queue"]) or seat.profile.queues[0],
            str(body["ticket_number"]),
        )
        if earlier.queue not in seat.profile.queues and not body.get("supervises"):
            texts = (
                f"the call waited in queue {earlier.queue}, which seat {seat.seat_id} does not "
                f"serve: it serves {', '.join(seat.profile.queues)}",
                f"该来电属于队列 {earlier.queue}，本坐席不服务该队列",
            )
            raise OrderRefused("conflict", "OtherQueue", texts, tuple(seat.profile.queues))
        made = self._call_backs.by_agent(seat.seat_id, seat.agent, earlier)
        return {"id": made.id, "leg": made.leg or made.next_leg}

    async def _cancel(self, body: Body) -> Answer:
        one = self._call_backs.cancel(str(body["id"]), str(body["reason"])[:100])
        return {"id": one.id}

    def _known_queue(self, queue: str) -> None:
        rules = self._desk.exchange.rules
        if queue not in rules:
            texts = (
                f"there is no queue {queue}; there are {', '.join(sorted(rules))}",
                f"没有队列 {queue}",
            )
            raise OrderRefused("bad", "QueueUnknown", texts, tuple(sorted(rules)))


def _guarded(order: Callable[[Body], Awaitable[Answer]]) -> Callable[[Body], Awaitable[Answer]]:
    async def guarded(body: Body) -> Answer:
        try:
            return await order(body)
        except tuple(REFUSALS) as failure:
            kind, chinese = REFUSALS[type(failure)]
            texts = (str(failure), chinese)
            raise OrderRefused(kind, type(failure).__name__, texts) from failure  # type: ignore[arg-type]

    return guarded
