"""One faulty flow per fault: found, with its place and a shortest way there."""

import json
import random
from typing import Any

import pytest

from callflow.check import Step, check
from callflow.commands import EnterQueue, HangUp, TakeMessage
from callflow.duration import Prompts
from callflow.flow import Flow, from_library, parse
from callflow.simulate import ScriptFault, World, simulate

WORLD = World()
SPOKEN = {"hello": 2.0, "long": 60.0, "ask": 4.0, "bye": 1.0}
PROMPTS = Prompts({"zh-CN": SPOKEN, "en": SPOKEN})
HANG_UP = {"type": "hang_up"}


def flow_of(start: str = "in", keys: dict[str, str] | None = None, **nodes: Any) -> Flow:
    whole = {"end": HANG_UP, **nodes}
    text = {"name": "trial", "version": 1, "title": "", "start": start, "exhausted": "end"}
    return parse(json.dumps(text | {"keys": keys or {}, "nodes": whole}))


def say(prompt: str, then: str) -> dict[str, Any]:
    return {"type": "say", "say": [prompt], "then": then}


def queue(answered: str, otherwise: str) -> dict[str, Any]:
    return {"type": "queue", "answered": answered, "otherwise": otherwise}


def codes(flow: Flow) -> list[tuple[str, str]]:
    return [(fault.code, fault.node) for fault in check(flow, PROMPTS).faults]


def test_the_default_flow_is_proved_safe() -> None:
    flow = from_library("default")
    keys = {part for node in flow.nodes.values() for part in getattr(node, "say", ())}
    report = check(flow, Prompts({"zh-CN": dict.fromkeys(keys, 3.0)}))
    assert report.faults == ()
    assert report.publishable
    assert report.figures.to_person_s == 3.0


def test_a_sound_flow_has_no_faults() -> None:
    flow = flow_of(**{"in": say("hello", "q"), "q": queue("end", "end")})
    assert codes(flow) == []


def test_unreachable() -> None:
    flow = flow_of(**{"in": queue("end", "end"), "lost": say("bye", "end")})
    assert codes(flow) == [("unreachable", "lost")]


def test_endless() -> None:
    flow = flow_of(**{"in": queue("round", "end"), "round": say("hello", "round")})
    assert codes(flow) == [("endless", "round")]


def test_no_person_and_no_intake() -> None:
    flow = flow_of(**{"in": say("hello", "out"), "out": say("bye", "end")})
    report = check(flow, PROMPTS)
    found = {fault.node for fault in report.faults if fault.code == "no-intake"}
    assert found == {"in", "out", "end"}
    assert not report.publishable
    late = next(fault for fault in report.faults if fault.node == "end")
    assert late.example == (Step("in"), Step("out"), Step("end"))
    assert late.after_s == 3.0


def test_a_key_that_works_everywhere_leads_to_a_person() -> None:
    flow = flow_of(keys={"0": "q"}, **{"in": say("hello", "in2"), "in2": say("bye", "q"),
                                       "q": queue("end", "end")})  # fmt: skip
    assert codes(flow) == []


def test_a_circle_before_any_intake_ends_in_the_exhausted_node() -> None:
    flow = flow_of(
        keys={"0": "q"},
        **{"in": say("hello", "again"), "again": say("hello", "in"), "q": queue("end", "end")},
    )
    found = codes(flow)
    assert ("endless", "in") in found
    assert ("no-intake", "end") in found


def test_prompt_missing_names_the_language() -> None:
    flow = flow_of(**{"in": say("hello", "q"), "q": queue("end", "end")})
    report = check(flow, Prompts({"zh-CN": SPOKEN, "en": {}}))
    assert [(fault.code, fault.node) for fault in report.faults] == [("prompt-missing", "in")]
    assert "'hello' in en" in report.faults[0].reason


def test_a_person_far_away_is_a_warning_with_its_figure() -> None:
    flow = flow_of(**{"in": say("long", "q"), "q": queue("end", "end")})
    report = check(flow, PROMPTS)
    assert [fault.code for fault in report.faults] == ["far-from-person"]
    assert "60.0 秒" in report.faults[0].reason
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
