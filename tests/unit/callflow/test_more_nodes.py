"""The node types beyond the first flow: what they ask, where each report leads, what they keep."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from callflow.commands import Ask, AskDigits, AskKey, Command, EmergencyTransfer, EnterQueue, Say
from callflow.events import (
    DigitsTaken,
    Done,
    Event,
    Failed,
    Heard,
    KeysPressed,
    Known,
    MessageTaken,
    NobodyAnswered,
    NoKey,
    Talked,
    dumped,
    loaded,
)
from callflow.flow import Flow
from callflow.nodes import NODE_TYPES, Node
from callflow.nodes.base import Facts, Leaving, NodeBase, Scene, Staying
from callflow.nodes.schedule import ScheduleNode
from callflow.nodes.share import ShareNode
from callflow.simulate import World, simulate
from tests.unit.callflow.walking import FACTS, NOW, SCENE

NODE: TypeAdapter[Any] = TypeAdapter(Node)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def node(**fields: Any) -> Any:
    return NODE.validate_python(fields)


MENU = node(
    type="menu", say=["ask"], keys={"1": "a", "2": "b"}, words={"2": ["人工"]}, otherwise="c"
)
COLLECT = node(
    type="collect", say=["ask"], fact="id", least=4, most=6, taken="t", otherwise="o", tries=1
)
SPEAK = node(type="speak", say=["ask"], said="s", silent="n", failed="f")
INTENT = node(
    type="intent", say=["ask"], meanings=[{"words": ["水", "停水"], "to": "w"}], otherwise="o",
    failed="f",
)  # fmt: skip
LANGUAGE = node(type="language", say=["ask"], languages={"2": "en"}, then="t")
BLOCK = node(type="block_check", then="t", refused="r", failed="f")
CALL_BACK = node(type="call_back", say=["ask"], accepted="a", declined="d", failed="f")
EXPERT = node(type="expert", skills={"law": 2}, answered="a", otherwise="o")
LEADER = node(type="leader", seat="9001", announce=False, answered="a", otherwise="o")
ANNOUNCED = node(type="leader", answered="a", otherwise="o")
THREE = node(type="three_way", line="110", skills={"law": 1}, answered="a", otherwise="o")
TRANSFER = node(type="transfer", line="water", connected="c", failed="f")
SMS = node(type="send_sms", text="单号 {ticket_number}", sent="s", failed="f")
HTTP = node(type="http", url="http://127.0.0.1:9/x", keep=["outage"], answered="a", failed="f")
PRIVACY = node(type="privacy_pause", on=True, then="t", failed="f")
SWITCH = node(type="set_switch", switch="bad-weather", on=True, turned="t", failed="f")
BRANCH = node(
    type="branch",
    cases=[{"when": {"fact": "queue.waiting", "is": ">=", "value": 5}, "to": "many"}],
    otherwise="few",
    failed="f",
)
LEFT: list[tuple[NodeBase, Event, Leaving]] = [
    (MENU, KeysPressed("1"), Leaving("a")),
    (MENU, Heard("我要找人工"), Leaving("b")),
    (COLLECT, DigitsTaken("12345"), Leaving("t", values={"fact.id": "12345"})),
    (COLLECT, DigitsTaken("123"), Leaving("o")),
    (COLLECT, NoKey(), Leaving("o")),
    (SPEAK, MessageTaken(3.0, "路灯坏了"),
     Leaving("s", {"message": "taken"}, {"heard.text": "路灯坏了"})),
    (SPEAK, MessageTaken(0.2), Leaving("n")),
    (SPEAK, Failed("disk"), Leaving("f")),
    (INTENT, Heard("我家停水了"), Leaving("w", values={"heard.text": "我家停水了"})),
    (INTENT, Heard("嗯"), Leaving("o", values={"heard.text": "嗯"})),
    (INTENT, Failed("down"), Leaving("f")),
    (LANGUAGE, KeysPressed("2"), Leaving("t", language="en")),
    (LANGUAGE, NoKey(), Leaving("t")),
    (BLOCK, Known({"caller.suspended": True}),
     Leaving("r", {"suspended": "yes"}, {"caller.suspended": True})),
    (BLOCK, Known({}), Leaving("t")),
    (BLOCK, Failed("down"), Leaving("f")),
    (CALL_BACK, Known({}), Leaving("a", {"call_back": "accepted"})),
    (CALL_BACK, NoKey(), Leaving("d")),
    (CALL_BACK, Failed("full"), Leaving("f")),
    (EXPERT, Talked("8001", 4.0), Leaving("a", {"seat": "8001"})),
    (EXPERT, NobodyAnswered(logged_in=False), Leaving("o")),
    (THREE, Talked("1001", 4.0), Leaving("a", {"seat": "1001"})),
    (THREE, NobodyAnswered(logged_in=True), Leaving("o")),
    (TRANSFER, Talked("", 9.0), Leaving("c", {"transferred": "water"})),
    (TRANSFER, Failed("busy"), Leaving("f")),
    (SMS, Known({}), Leaving("s", {"sms": "sent"})),
    (SMS, Failed("down"), Leaving("f")),
    (HTTP, Known({"outage": "yes", "x": 1}), Leaving("a", values={"fact.outage": "yes"})),
    (HTTP, Failed("late"), Leaving("f")),
    (PRIVACY, Known({}), Leaving("t")),
    (PRIVACY, Failed("refused"), Leaving("f")),
    (SWITCH, Known({}), Leaving("t", {"switch.bad-weather": "on"})),
    (BRANCH, Known({"queue.waiting": 7}), Leaving("many", values={"queue.waiting": 7})),
    (BRANCH, Known({"queue.waiting": 2}), Leaving("few", values={"queue.waiting": 2})),
    (BRANCH, Failed("down"), Leaving("f")),
]  # fmt: skip
ENTERED: list[tuple[NodeBase, Command]] = [
    (MENU, AskKey(("ask",), 5, ("人工",))),
    (COLLECT, AskDigits(("ask",), 6, "#", 8, 4)),
    (BLOCK, Ask("caller", {"caller": FACTS.caller})),
    (EXPERT, EnterQueue(30, 30, "experts", {"law": 2})),
    (LEADER, EnterQueue(30, 30, "leaders", {}, "9001")),
    (THREE, EnterQueue(30, 30, "general", {"law": 1}, brings="110")),
    (SMS, Ask("sms", {"to": FACTS.caller, "text": f"单号 {FACTS.ticket_number}"})),
    (node(type="emergency", number="120"), EmergencyTransfer("120")),
    (BRANCH, Ask("queue", {"queue": "general", "caller": FACTS.caller})),
]


@pytest.mark.parametrize(("one", "event", "leaving"), LEFT)
def test_a_report_leads_to_its_node(one: NodeBase, event: Event, leaving: Leaving) -> None:
    assert one.leave(event, SCENE) == leaving
    assert leaving.to in one.exits()
    assert loaded(dumped(event)) == event


@pytest.mark.parametrize(("one", "command"), ENTERED)
def test_what_a_node_asks_for(one: NodeBase, command: Command) -> None:
    assert one.decide(SCENE) is None
    assert one.enter(SCENE) == (command,)


def test_callers_are_told_when_leaders_take_calls() -> None:
    (asked,) = ANNOUNCED.enter(SCENE)
    assert isinstance(asked, Ask)
    wait = EnterQueue(30, 30, "leaders")
    told = {"roster.announcement": "text-1"}
    now = ANNOUNCED.leave(Known({**told, "roster.now": True}), SCENE)
    assert now == Staying((Say(("text-1",)), wait), {"told": True})
    cut_short = ANNOUNCED.leave(KeysPressed("5"), Scene(FACTS, NOW, memory={"told": True}))
    assert cut_short == Staying((wait,))
    assert ANNOUNCED.leave(Talked("9001", 5.0), SCENE) == Leaving("a", {"seat": "9001"})
    # Another day: the caller hears when, and nobody rings.
    assert ANNOUNCED.leave(Known({**told, "roster.now": False}), SCENE) == Staying(
        (Say(("text-1",)),)
    )
    nobody = ANNOUNCED.leave(Known({"roster.now": False}), SCENE)
    assert nobody == Staying((Say(("leader-nobody",)),))
    assert ANNOUNCED.leave(Done(), SCENE) == Leaving("o")
    # No roster, no voice: whoever is at the seat is rung all the same.
    assert ANNOUNCED.leave(Failed("late"), SCENE) == Staying((wait,))


@pytest.mark.parametrize("kind", NODE_TYPES, ids=lambda kind: kind.__name__)
def test_every_type_has_an_example_that_is_one(kind: type[NodeBase]) -> None:
    example = NODE.validate_python(kind.example)
    assert type(example) is kind
    for way in example.ways():
        assert way.exit.zh
        assert way.exit.en


CAN_FAIL = ("speak", "intent", "block_check", "call_back", "expert", "leader", "three_way",
            "transfer", "ticket_progress", "send_sms", "http", "set_switch")  # fmt: skip


@pytest.mark.parametrize("name", CAN_FAIL)
def test_what_can_fail_has_an_error_edge_that_must_be_drawn(name: str) -> None:
    kind = next(one for one in NODE_TYPES if one.example["type"] == name)
    errors = [way.label for way in NODE.validate_python(kind.example).ways()
              if way.exit.by == "error"]  # fmt: skip
    assert errors
    for label in errors:
        fields = {key: value for key, value in kind.example.items() if key != label}
        with pytest.raises(ValidationError, match=label):
            NODE.validate_python(fields)


def test_a_menu_asks_again_and_gives_up_by_count() -> None:
    first = MENU.leave(NoKey(), SCENE)
    assert isinstance(first, Staying)
    again = Scene(FACTS, NOW, memory=first.memory)
    assert MENU.leave(KeysPressed("9"), again) == Leaving("c")


@pytest.mark.parametrize(
    ("when", "place"),
    [
        ("2026-11-23T09:00", "open"),
        ("2026-11-23T20:00", "night"),
        ("2026-10-01T10:00", "night"),  # National Day, a Thursday
        ("2026-10-10T10:00", "open"),  # a Saturday worked instead
        ("2026-12-31T10:00", "special"),
    ],
)
def test_hours_holidays_make_up_days_and_one_off_days(when: str, place: str) -> None:
    schedule = ScheduleNode.model_validate(
        {
            "slots": [{"days": ["workday"], "from": "08:30", "until": "17:30", "to": "open"}],
            "days": [{"on": "2026-12-31", "to": "special"}],
            "otherwise": "night",
        }
    )
    leaving = schedule.decide(Scene(FACTS, datetime.fromisoformat(f"{when}+08:00")))
    assert leaving == Leaving(place)


def test_a_switch_goes_before_every_hour() -> None:
    fields = ScheduleNode.example
    schedule = ScheduleNode.model_validate(fields)
    on = schedule.leave(Known({"switch.bad-weather": True}), SCENE)
    off = schedule.leave(Known({}), Scene(FACTS, datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)))
    assert (on, off) == (Leaving("weather"), Leaving("people"))


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ({"fact": "queue.waiting", "is": "=", "value": "5"}, "queue.waiting is int, not str"),
        ({"fact": "call.dialled", "is": "<", "value": "5"}, "< compares numbers"),
        ({"fact": "time.hour", "is": "starts", "value": 5}, "starts looks into texts"),
        ({"fact": "moon.phase", "is": "=", "value": 1}, "no fact 'moon.phase'"),
        ({"fact": "time.hour", "is": "=", "value": "__import__('os')"}, "int, not str"),
        ({"all": []}, "at least 1 item"),
    ],
)
def test_conditions_are_typed(when: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why.replace("(", r"\(").split("'")[0]):
        node(type="branch", cases=[{"when": when, "to": "a"}], otherwise="b", failed="c")


def test_conditions_join() -> None:
    when = {
        "all": [
            {"any": [{"fact": "call.dialled", "is": "starts", "value": "123"},
                     {"fact": "time.hour", "is": ">=", "value": 22}]},
            {"not": {"fact": "fact.vip", "is": "=", "value": True}},
        ]
    }  # fmt: skip
    one = node(type="branch", cases=[{"when": when, "to": "yes"}], otherwise="no")
    assert one.decide(SCENE) == Leaving("yes")
    assert one.decide(Scene(FACTS, NOW, values={"fact.vip": True})) == Leaving("no")
    other = Scene(Facts("1", "96000", "000000000000"), NOW.replace(hour=3))
    assert one.decide(other) == Leaving("no")


def test_shares_are_fixed_for_a_call_and_true_over_many() -> None:
    share = ShareNode.model_validate(
        {"shares": [{"percent": 30, "to": "a"}, {"percent": 70, "to": "b"}]}
    )
    went = [share.decide(Scene(Facts("", "", f"{number:012d}"), NOW)).to for number in range(2000)]
    assert went[7] == share.decide(Scene(Facts("", "", f"{7:012d}"), NOW)).to
    assert 0.26 < went.count("a") / 2000 < 0.34
    with pytest.raises(ValidationError, match="make 90 percent"):
        node(type="share", shares=[{"percent": 30, "to": "a"}, {"percent": 60, "to": "b"}])


def flow_with(**nodes: Any) -> Flow:
    return Flow.model_validate(
        {
            "name": "trial", "version": 1, "title": "", "start": "in", "exhausted": "end",
            "nodes": {"end": {"type": "hang_up"}, **nodes},
        }
    )  # fmt: skip


PROGRESS = {
    "type": "ticket_progress", "say": ["ask"], "prove": ["prove"], "verified": "tell",
    "not_found": "end", "not_verified": "no", "failed": "end",
}  # fmt: skip


def test_progress_is_told_to_whoever_proves_himself() -> None:
    flow = flow_with(
        **{"in": PROGRESS, "tell": {"type": "say", "say": ["{ticket.status_prompt}"],
                                    "then": "end"}, "no": {"type": "hang_up"}}
    )  # fmt: skip
    world = World(ticket_proof="8888", values={"ticket.status_prompt": "ticket-handling"})
    run = simulate(flow, world, [{"digits": "261122557010"}, {"digits": "8888"}, {}])
    assert run.state.path == ("in", "tell", "end")
    assert run.state.verified
    assert Say(("ticket-handling",)) in run.commands
    wrong = simulate(flow, world, [{"digits": "1"}, {"digits": "1111"}, {"digits": "2222"}])
    assert wrong.state.path == ("in", "no")
    assert not wrong.state.verified
    unknown = simulate(flow, World(), [{"digits": "1"}])
    assert unknown.state.path == ("in", "end")


def test_the_queue_tells_the_place_and_keeps_it() -> None:
    queue = {
        "type": "queue", "wait_s": 70, "announce": ["you-are", "{queue.place}"], "every_s": 30,
        "keys": {"1": "end"}, "answered": "end", "otherwise": "no",
    }  # fmt: skip
    flow = flow_with(**{"in": queue, "no": {"type": "hang_up"}})
    run = simulate(flow, World(seats="busy", values={"queue.place": 4}), [])
    waits = [one.wait_s for one in run.commands if isinstance(one, EnterQueue)]
    assert waits == [30, 30, 10]
    assert run.state.path == ("in", "no")
    assert run.seconds == 71.2  # two announcements of a one-figure place
    stray = simulate(flow, World(seats="busy"), [{"key": "9"}, {"key": "1"}])
    assert stray.state.path == ("in", "end")


def test_counting_ends_a_loop() -> None:
    flow = flow_with(
        **{
            "in": {"type": "say", "say": ["ask"], "then": "c"},
            "c": {"type": "count", "name": "n", "most": 2, "again": "in", "enough": "end"},
        }
    )
    assert simulate(flow, World(), []).state.path == ("in", "c", "in", "c", "in", "c", "end")


def test_digits_that_are_an_emergency_number_are_one() -> None:
    collect = {"type": "collect", "say": ["ask"], "fact": "id", "taken": "end", "otherwise": "end"}
    run = simulate(flow_with(**{"in": collect}), World(), [{"digits": "119"}])
    assert run.state.notes["emergency"] == "119"


def test_what_no_event_of_ours_is_named() -> None:
    with pytest.raises(ValueError, match="no event of this name"):
        loaded({"event": "Exit"})
    with pytest.raises(ValueError, match="unexpected"):
        loaded({"event": "NoKey", "key": "1"})


UTC_NIGHT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def test_a_schedule_uses_the_time_zone_of_the_flow() -> None:
    """17:00 UTC is one o'clock at night in Shanghai."""
    schedule = {
        "type": "schedule",
        "slots": [{"days": ["any"], "from": "09:00", "until": "18:00", "to": "end"}],
        "otherwise": "no",
    }
    flow = flow_with(**{"in": schedule, "no": {"type": "hang_up"}})
    assert simulate(flow, World(now=UTC_NIGHT), []).state.path == ("in", "no")
