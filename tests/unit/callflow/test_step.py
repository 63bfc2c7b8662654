"""The interpreter: one event, one step; emergency from everywhere; every walk ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from callflow.commands import Answer, EmergencyTransfer, HangUp, Say
from callflow.danger import question
from callflow.events import (
    Done,
    EmergencyHeard,
    Event,
    Failed,
    Heard,
    HungUp,
    KeysPressed,
    MessageTaken,
    NobodyAnswered,
    NoKey,
    Talked,
)
from callflow.flow import EMERGENCY_NUMBERS, Flow, from_library
from callflow.nodes.base import UnexpectedEvent
from callflow.step import State, Step, begin, offers, resume, step
from tests.unit.callflow.walking import FACTS, NOW, SCENE, events_after

DEFAULT = from_library("default")
STATE = TypeAdapter(State)
# Two nodes that lead to each other for ever, and a way out that leads back into them.
CIRCLE = Flow.model_validate(
    {
        "name": "circle",
        "version": 1,
        "title": "",
        "start": "a",
        "visits": 3,
        "exhausted": "out",
        "nodes": {
            "a": {"type": "say", "say": ["greeting"], "then": "b"},
            "b": {"type": "say", "say": ["greeting"], "then": "a"},
            "out": {"type": "say", "say": ["goodbye"], "then": "a"},
        },
    }
)
TO_MESSAGE: list[Event] = [Done(), Done(), NobodyAnswered(logged_in=False), Done()]


def at(node: str, flow: Flow = DEFAULT) -> State:
    return State(flow.name, flow.version, FACTS, node, path=(node,))


def walk(flow: Flow, *events: Event) -> Step:
    taken = begin(flow, FACTS, NOW)
    for event in events:
        taken = step(flow, taken.state, event, NOW)
    return taken


def test_a_call_begins_at_the_start() -> None:
    begun = begin(DEFAULT, FACTS, NOW)
    assert begun.commands == (Answer(),)
    assert begun.state == at("answer")


def test_a_person_then_a_rating() -> None:
    end = walk(DEFAULT, Done(), Done(), Talked("1001", 9.0), KeysPressed("2"), Done())
    assert end.state.path == ("answer", "greeting", "people", "survey", "rated", "end")
    assert end.state.notes == {"seat": "1001", "satisfaction": "2"}
    assert (end.commands, end.state.ended) == ((HangUp(),), True)


def test_nobody_there_then_a_message() -> None:
    end = walk(DEFAULT, *TO_MESSAGE, MessageTaken(12.0), Done(), Done())
    assert end.state.path[3:] == ("ask", "message", "thanks", "farewell", "end")
    assert end.state.notes == {"message": "taken"}


def test_hanging_up_ends_the_call_where_it_is() -> None:
    end = walk(DEFAULT, *TO_MESSAGE, HungUp())
    assert (end.commands, end.state.ended) == ((), True)
    assert end.state.node == "message"
    assert end.state.notes == {"message": "broken_off"}


@pytest.mark.parametrize("node", sorted(set(DEFAULT.nodes) - {"people"}))
def test_a_key_that_works_everywhere_works_at_every_node(node: str) -> None:
    assert step(DEFAULT, at(node), KeysPressed("0"), NOW).state.node == "people"


def test_asking_again_for_what_is_under_way_does_not_count() -> None:
    """Who presses 0 out of impatience while waiting for a person is not sent away for it."""
    taken = walk(DEFAULT, Done(), Done(), *[KeysPressed("0")] * 20)
    assert taken.state.path == ("answer", "greeting", "people")
    assert taken.commands == DEFAULT.nodes["people"].enter(SCENE)


@pytest.mark.parametrize("node", sorted(DEFAULT.nodes))
@pytest.mark.parametrize("number", EMERGENCY_NUMBERS)
def test_an_emergency_number_leads_out_of_every_node(node: str, number: str) -> None:
    taken = step(DEFAULT, at(node), KeysPressed(number), NOW)
    assert taken.commands == (EmergencyTransfer(number),)
    assert taken.state.ended
    assert taken.state.path == (node, f"emergency-{number}")
    assert taken.state.notes == {"emergency": number, "emergency_by": "keys"}


@pytest.mark.parametrize("node", sorted(set(DEFAULT.nodes) - {"message"}))
def test_words_of_danger_lead_nowhere_unless_the_flow_says_so(node: str) -> None:
    taken = step(DEFAULT, at(node), EmergencyHeard("119", "着火了"), NOW)
    again = resume(DEFAULT, at(node), NOW)
    assert taken.commands == again.commands
    assert (taken.state.path, taken.state.notes) == ((node,), {"emergency_words": "着火了"})
    assert offers(DEFAULT, at(node)) == frozenset()


def asked(number: str = "119") -> Step:
    return step(DEFAULT, at("message"), EmergencyHeard(number, "着火了"), NOW)


def test_where_the_flow_says_so_words_of_danger_lead_to_a_question() -> None:
    assert offers(DEFAULT, at("message")) == frozenset(EMERGENCY_NUMBERS)
    taken = asked()
    assert taken.commands == (question("119"),)
    assert not taken.state.ended
    # The same words again change nothing, and a lost session asks anew.
    assert offers(DEFAULT, taken.state) == frozenset()
    again = step(DEFAULT, taken.state, EmergencyHeard("119", "着火了"), NOW)
    assert again.commands == resume(DEFAULT, taken.state, NOW).commands == taken.commands


@pytest.mark.parametrize(
    "answer", [KeysPressed("1"), Heard("需要"), Heard("是的快点"), Heard("好"), Heard("yes please")]
)
def test_a_yes_transfers(answer: Event) -> None:
    taken = step(DEFAULT, asked().state, answer, NOW)
    assert taken.commands == (EmergencyTransfer("119"),)
    assert taken.state.path == ("message", "emergency-119")
    assert taken.state.notes["emergency_by"] == "words"
    assert taken.state.notes["emergency_words"] == "着火了"


@pytest.mark.parametrize(
    "answer",
    [
        NoKey(),
        KeysPressed("5"),
        Failed("the caller is not heard live"),
        Heard("不需要"),
        Heard("不是的我说的是上次"),
        Heard("我是三单元的"),
        Heard("I do not need one, no"),
    ],
)
def test_without_a_yes_the_call_goes_on_where_it_was(answer: Event) -> None:
    taken = step(DEFAULT, asked().state, answer, NOW)
    assert taken.commands == DEFAULT.nodes["message"].enter(SCENE)
    assert taken.state.notes["emergency_declined"] == "119"
    assert "emergency" not in taken.state.notes
    # Not asked about the same number again, about another one it is.
    assert offers(DEFAULT, taken.state) == frozenset(EMERGENCY_NUMBERS) - {"119"}


def test_keys_that_work_everywhere_work_during_the_question() -> None:
    by_figures = step(DEFAULT, asked().state, KeysPressed("120"), NOW)
    assert by_figures.commands == (EmergencyTransfer("120"),)
    to_people = step(DEFAULT, asked().state, KeysPressed("0"), NOW)
    assert to_people.state.node == "people"
    hung_up = step(DEFAULT, asked().state, HungUp(), NOW)
    assert hung_up.state.ended
    assert hung_up.state.notes["message"] == "broken_off"


def test_a_loop_ends_by_count() -> None:
    taken = walk(DEFAULT, *TO_MESSAGE)
    silent = 0
    while taken.state.node in ("message", "nothing-heard"):
        taken = step(
            DEFAULT,
            taken.state,
            MessageTaken(0.0) if taken.state.node == "message" else Done(),
            NOW,
        )
        silent += 1
    assert taken.state.node == "farewell"
    assert taken.state.path.count("message") == DEFAULT.visits
    assert silent == 2 * DEFAULT.visits


def test_a_way_out_that_leads_back_in_ends_too() -> None:
    taken = begin(CIRCLE, FACTS, NOW)
    while not taken.state.ended:
        taken = step(CIRCLE, taken.state, Done(), NOW)
    assert taken.commands == (HangUp(),)
    assert {node: taken.state.path.count(node) for node in CIRCLE.nodes} == dict.fromkeys(
        CIRCLE.nodes, CIRCLE.visits
    )


def test_resuming_does_again_what_was_under_way() -> None:
    before = walk(DEFAULT, Done())
    assert isinstance(before.commands[0], Say)
    assert resume(DEFAULT, before.state, NOW) == before


def test_a_message_that_a_crash_cut_short_is_a_message() -> None:
    before = walk(DEFAULT, *TO_MESSAGE)
    taken = resume(DEFAULT, before.state, NOW)
    assert taken.commands == before.commands
    assert taken.state.notes == {"message": "broken_off"}


def test_resuming_an_emergency_is_a_transfer_again() -> None:
    """An engine that died between deciding and telling the switch must not hang up instead."""
    before = step(DEFAULT, at("people"), KeysPressed("120"), NOW)
    assert resume(DEFAULT, before.state, NOW) == before


@pytest.mark.parametrize("state", [walk(DEFAULT, HungUp()).state, at("a-node-of-yesterday")])
def test_there_may_be_nothing_to_resume(state: State) -> None:
    taken = resume(DEFAULT, state, NOW)
    assert (taken.commands, taken.state.ended) == ((HangUp(),), True)


def test_a_report_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(UnexpectedEvent, match="say node"):
        step(DEFAULT, at("greeting"), Talked("1001", 1.0), NOW)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_happens_every_step_is_decided_and_every_walk_ends(data: st.DataObject) -> None:
    longest = DEFAULT.visits * len(DEFAULT.nodes) + 1
    taken = begin(DEFAULT, FACTS, NOW)
    while not taken.state.ended:
        assert taken.commands
        assert taken.state.path[-1] == taken.state.node
        assert STATE.validate_json(STATE.dump_json(taken.state)) == taken.state
        event = data.draw(events_after(taken.commands[-1]))
        repeated = event == KeysPressed("0") and taken.state.node == "people"
        if not repeated:  # a caller may ask again for ever; only then a walk does not end
            taken = step(DEFAULT, taken.state, event, NOW)
        assert len(taken.state.path) <= longest
    ends = (HangUp, EmergencyTransfer)
    assert taken.commands == () or isinstance(taken.commands[-1], ends)
    assert STATE.validate_json(STATE.dump_json(taken.state)) == taken.state
