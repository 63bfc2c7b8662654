"""One faulty flow per fault: found, with its place and a shortest way there."""

import json
import random
from typing import Any

import pytest

from callflow.check import Step, check, parts_of
from callflow.commands import EnterQueue, HangUp, TakeMessage
from callflow.duration import Prompts
from callflow.flow import Flow, from_library, library, parse
from callflow.simulate import ScriptFault, World, simulate

WORLD = World()
SPOKEN = {"hello": 2.0, "long": 60.0, "ask": 4.0, "bye": 1.0}
PROMPTS = Prompts({"zh-CN": SPOKEN, "en": SPOKEN})
HANG_UP = {"type": "hang_up"}


def flow_of(start: str = "in", keys: dict[str, str] | None = None, **nodes: Any) -> Flow:
    whole = {"end": HANG_UP, **nodes}
    text: dict[str, Any] = {"name": "trial", "version": 1, "title": "", "start": start}
    text["exhausted"] = "end"
    text["languages"] = ["zh-CN", "en"]
    return parse(json.dumps(text | {"keys": keys or {}, "nodes": whole}))


def say(prompt: str, then: str) -> dict[str, Any]:
    return {"type": "say", "say": [prompt], "then": then}


def queue(answered: str, otherwise: str) -> dict[str, Any]:
    return {"type": "queue", "answered": answered, "otherwise": otherwise}


def codes(flow: Flow) -> list[tuple[str, str]]:
    return [(fault.code, fault.node) for fault in check(flow, PROMPTS).faults]


def message(taken: str = "end", empty: str = "end") -> dict[str, Any]:
    return {"type": "message", "taken": taken, "empty": empty}


def menu(keys: dict[str, str], otherwise: str, **more: Any) -> dict[str, Any]:
    return {"type": "menu", "say": ["ask"], "keys": keys, "otherwise": otherwise, **more}


PEOPLE = {"q": queue("end", "m"), "m": message()}
ASKED = {"fact": "queue.waiting", "is": ">", "value": 3}


def test_the_flows_of_the_product_are_proved_safe() -> None:
    for name in library():
        flow = from_library(name)
        keys = {part for node in flow.nodes.values() for part in parts_of(node)}
        spoken = dict.fromkeys((key for key in keys if isinstance(key, str)), 2.0)
        report = check(flow, Prompts(dict.fromkeys(flow.languages, spoken)))
        assert report.publishable, (name, report.faults)


def test_the_default_flow_has_not_even_a_warning() -> None:
    flow = from_library("default")
    keys = {str(part) for node in flow.nodes.values() for part in parts_of(node)}
    report = check(flow, Prompts({"zh-CN": dict.fromkeys(keys, 3.0)}))
    assert report.faults == ()
    assert report.figures.to_person_s == 3.0


def test_a_sound_flow_has_no_faults() -> None:
    assert codes(flow_of(**{"in": say("hello", "q"), **PEOPLE})) == []


# One faulty flow per fault: (nodes of the flow, keys that work everywhere, code, node, words).
FAULTY: dict[str, tuple[dict[str, Any], dict[str, str], str, str, str]] = {
    "a node nobody comes to": (
        {"in": queue("end", "m"), "m": message(), "lost": say("bye", "end")},
        {}, "unreachable", "lost", "no caller can come here",
    ),
    "a return outside of a sub-flow": (
        {"in": queue("end", "m"), "m": message("back", "end"),
         "back": {"type": "return", "outcome": "done"}},
        {}, "dead-end", "back", "a dead end",
    ),
    "a loop without an exit": (
        {"in": queue("round", "m"), "m": message(), "round": say("hello", "round")},
        {}, "endless", "round", "a loop without an exit",
    ),
    "nobody answers and nothing is recorded": (
        {"in": queue("end", "out"), "out": say("bye", "end")},
        {}, "no-intake", "out", "neither a person nor a recorded intake",
    ),
    "a look-up that fails leads out of the call": (
        {"in": {"type": "branch", "cases": [{"when": ASKED, "to": "q"}], "otherwise": "q",
                "failed": "end"}, **PEOPLE},
        {}, "no-intake", "in", "neither a person nor a recorded intake",
    ),
    "a prompt that is missing": (
        {"in": say("nothing", "q"), **PEOPLE},
        {}, "prompt-missing", "in", "no sound for 'nothing' in zh-CN",
    ),
    "a text in one language only": (
        {"in": {"type": "say", "say": [{"text": {"zh-CN": "你好"}}], "then": "q"}, **PEOPLE},
        {}, "prompt-missing", "in", "text in en",
    ),
    "a language that the flow does not speak": (
        {"in": {"type": "language", "say": ["ask"], "languages": {"1": "bo"}, "then": "q"},
         **PEOPLE},
        {}, "language-unknown", "in", "bo",
    ),
    "keys that are heard too late": (
        {"in": {"type": "collect", "say": ["ask"], "fact": "x", "between_s": 11, "taken": "q",
                "otherwise": "q"}, **PEOPLE},
        {}, "emergency-late", "in", "not heard in time",
    ),
    "many look-ups in a row": (
        {"in": {"type": "http", "url": "http://a/", "answered": "h2", "failed": "h2"},
         **{f"h{n}": {"type": "http", "url": "http://a/", "answered": f"h{n + 1}",
                      "failed": f"h{n + 1}"} for n in range(2, 7)},
         "h7": say("hello", "q"), **PEOPLE},
        {}, "emergency-late", "in", "12 秒",
    ),
    "personal words before verification": (
        {"in": say("{ticket.status_prompt}", "q"), **PEOPLE},
        {}, "personal-unverified", "in", "before the caller is verified",
    ),
    "hours that nobody has planned": (
        {"in": {"type": "schedule", "slots": [{"days": ["any"], "from": "08:00", "to": "q"}]},
         **PEOPLE},
        {}, "schedule-gap", "in", "mon 上班 workday 00:00–08:00",
    ),
    "a key with two meanings": (
        {"in": menu({"0": "m"}, "q"), **PEOPLE},
        {"0": "q"}, "key-shadowed", "in", "按键 0",
    ),
    "a count that is never reached": (
        {"in": say("ask", "c"), "q": queue("end", "m"), "m": message(),
         "c": {"type": "count", "name": "n", "most": 9, "again": "in", "enough": "q"}},
        {}, "count-too-high", "c", "计次 9",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY.values(), ids=FAULTY.keys())
def test_a_fault_is_found_with_node_reason_and_example(case: Any) -> None:
    nodes, keys, code, node, words = case
    flow = flow_of(keys=keys, **nodes)
    report = check(flow, PROMPTS)
    assert not report.publishable
    fault = next(one for one in report.faults if (one.code, one.node) == (code, node))
    assert words in fault.reason
    if code != "unreachable":
        assert fault.example[0].node == "in"
        assert fault.example[-1].node == node


def test_the_example_is_a_shortest_way_with_keys_and_seconds() -> None:
    flow = flow_of(
        **{
            "in": say("hello", "choose"),
            "choose": menu({"7": "deep"}, "q"),
            "deep": say("long", "gone"),
            "gone": say("nothing", "q"),
            **PEOPLE,
        }
    )
    fault = next(one for one in check(flow, PROMPTS).faults if one.code == "prompt-missing")
    assert fault.example == (Step("in"), Step("choose", "7"), Step("deep"), Step("gone"))
    assert fault.after_s == 62.0


def test_a_counted_loop_is_followed_exactly() -> None:
    """The node behind the count is reached after exactly so many rounds."""
    count = {"type": "count", "name": "n", "most": 2, "again": "in", "enough": "after"}
    flow = flow_of(**{"in": say("hello", "c"), "c": count, "after": say("nothing", "q"), **PEOPLE})
    fault = next(one for one in check(flow, PROMPTS).faults if one.code == "prompt-missing")
    assert [step.node for step in fault.example] == ["in", "c"] * 3 + ["after"]


def test_suspended_callers_are_owed_nothing_but_the_emergency_keys() -> None:
    block = {"type": "block_check", "then": "q", "refused": "no", "failed": "q"}
    flow = flow_of(**{"in": block, "no": say("bye", "end"), **PEOPLE})
    assert codes(flow) == []
    run = simulate(flow, World(suspended=True), [{"key": "119"}])
    assert run.state.path == ("in", "no", "emergency-119")


def test_personal_words_after_verification_are_no_fault() -> None:
    progress = {
        "type": "ticket_progress", "say": ["ask"], "prove": ["ask"], "verified": "tell",
        "not_found": "q", "not_verified": "q", "failed": "q",
    }  # fmt: skip
    flow = flow_of(
        **{"in": progress, "tell": say("{ticket.status_prompt}", "end"), **PEOPLE},
    )
    assert check(flow, PROMPTS).publishable


def test_a_circle_before_any_intake_ends_in_the_exhausted_node() -> None:
    flow = flow_of(
        **{"in": queue("end", "again"), "again": say("hello", "in")},
    )
    assert ("no-intake", "end") in codes(flow)


def test_more_states_than_can_be_followed_are_refused() -> None:
    nodes: dict[str, Any] = dict(PEOPLE)
    for n in range(8):
        nodes[f"c{n}"] = {
            "type": "count", "name": f"n{n}", "most": 20, "again": f"s{n}", "enough": f"s{n}",
        }  # fmt: skip
        nodes[f"s{n}"] = menu({str(m): f"c{m}" for m in range(8)}, "q")
    flow = flow_of("c0", **nodes)
    assert [fault.code for fault in check(flow, PROMPTS).faults] == ["too-large"]


def test_a_flow_of_three_hundred_nodes_is_checked_with_few_states() -> None:
    """The time is in the benchmarks; what it grows with is here."""
    nodes = {f"n{n}": menu({"1": f"n{n + 1}", "2": f"n{n // 2}"}, f"n{n + 1}") for n in range(298)}
    flow = flow_of("n0", **nodes, n298=queue("end", "m"), m=message())
    assert check(flow, PROMPTS).figures.states < 4 * len(flow.nodes)


def test_menus_and_a_person_far_away_are_warnings_with_figures() -> None:
    flow = flow_of(
        **{"in": menu({"1": "two"}, "two"), "two": menu({"1": "q", "2": "q"}, "q"), **PEOPLE}
    )
    report = check(flow, PROMPTS)
    assert [fault.code for fault in report.faults] == ["far-from-person", "menu"]
    assert "2 层" in report.faults[1].reason
    assert report.figures.menu_depth == 2
    assert report.figures.keys_to_person == 0
    assert report.publishable


def random_flow(chance: random.Random) -> Flow:
    names = [f"n{place}" for place in range(chance.randint(1, 7))]

    def somewhere() -> str:
        return chance.choice([*names, "end"])

    def node() -> dict[str, Any]:
        kind = chance.choice(["say", "queue", "message", "survey"])
        if kind == "say":
            return say(chance.choice(list(SPOKEN)), somewhere())
        if kind == "queue":
            return queue(somewhere(), somewhere())
        if kind == "message":
            return {"type": "message", "taken": somewhere(), "empty": somewhere()}
        return {"type": "survey", "say": ["ask"], "rated": somewhere(), "otherwise": somewhere()}

    keys = {"0": somewhere()} if chance.random() < 0.5 else {}
    return flow_of(start=names[0], keys=keys, **{name: node() for name in names})


TURNS = [{}, {"key": "0"}, {"key": "3"}, {"nobody": True}, {"said_s": 5}, {"answered": "1001"}]


def test_what_the_checker_accepts_never_gets_stuck() -> None:
    """Random flows, random callers: each accepted flow ends every call, and hears every caller
    who waits, or could have by a key."""
    chance = random.Random(12345)
    accepted = 0
    for _ in range(3000):
        flow = random_flow(chance)
        if not check(flow, PROMPTS).publishable:
            continue
        accepted += 1
        for _ in range(4):
            run = walk(flow, chance)
            assert isinstance(run.commands[-1], HangUp)
        untouched = simulate(flow, WORLD, [])
        heard = any(isinstance(one, EnterQueue | TakeMessage) for one in untouched.commands)
        assert heard or flow.keys
    assert accepted > 100


def walk(flow: Flow, chance: random.Random) -> Any:
    """A caller who does something at random at each turn that allows it."""
    script: list[dict[str, Any]] = []
    while True:
        try:
            run = simulate(flow, WORLD, script)
        except ScriptFault:
            script[-1] = {}
            run = simulate(flow, WORLD, script)
        if len(script) >= 12:
            return run
        script.append(chance.choice(TURNS))


@pytest.mark.parametrize("turn", [{"answered": "1001"}, {"said_s": 3}, {"wink": True}])
def test_a_turn_that_fits_nothing_is_named(turn: dict[str, Any]) -> None:
    flow = flow_of(**{"in": say("hello", "q"), "q": queue("end", "end")})
    with pytest.raises(ScriptFault, match=r"turn 1: .* does not fit Say"):
        simulate(flow, WORLD, [turn])


def test_a_script_takes_the_path_of_the_line() -> None:
    run = simulate(
        from_library("default"), WORLD, [{}, {"answered": "1001", "talked_s": 40}, {"key": "5"}]
    )
    assert run.state.path[-3:] == ("survey", "rated", "end")
    assert run.state.notes == {"seat": "1001", "satisfaction": "5"}


def test_a_flow_that_asks_about_danger_needs_the_questions_in_every_language() -> None:
    intake = message() | {"offers_emergency": True}
    flow = flow_of(**{"in": intake, "end": HANG_UP})
    missing = [fault for fault in check(flow, PROMPTS).faults if fault.code == "prompt-missing"]
    assert len(missing) == 8  # four numbers, two languages
    asked = {f"emergency-offer-{number}": 4.0 for number in ("110", "119", "120", "122")}
    assert check(flow, Prompts({"zh-CN": asked, "en": asked})).publishable
    assert not check(flow, Prompts({"zh-CN": asked})).publishable


def test_the_rehearsal_asks_about_danger_as_the_line_does() -> None:
    flow = from_library("default")
    fire = {"words": "着火了", "number": "119"}
    confirmed = simulate(flow, WORLD, [{}, {}, {}, fire, {"says": "需要"}])
    assert confirmed.state.path[-1] == "emergency-119"
    silent = simulate(flow, WORLD, [{}, {}, {}, fire, {}, {"said_s": 9}])
    assert silent.state.notes["emergency_declined"] == "119"
    assert silent.state.notes["message"] == "taken"
    in_the_greeting = simulate(flow, WORLD, [fire])
    assert in_the_greeting.state.path[-1] == "end"
    assert in_the_greeting.state.notes["emergency_words"] == "着火了"
