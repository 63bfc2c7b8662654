"""Each node type: what it asks of the line, and where each report leads."""

import pytest

from callflow.commands import (
    Answer,
    AskKey,
    Digits,
    EnterQueue,
    HangUp,
    Say,
    TakeMessage,
)
from callflow.events import (
    Done,
    EmergencyHeard,
    Event,
    HungUp,
    KeysPressed,
    MessageTaken,
    NobodyAnswered,
    NoKey,
    Talked,
)
from callflow.nodes.answer import AnswerNode
from callflow.nodes.base import Leaving, NodeBase, UnexpectedEvent
from callflow.nodes.hang_up import HangUpNode
from callflow.nodes.message import MessageNode
from callflow.nodes.queue import QueueNode
from callflow.nodes.say import SayNode
from callflow.nodes.survey import SurveyNode
from tests.unit.callflow.walking import SCENE

ANSWER = AnswerNode(then="next")
SAY = SayNode(say=("greeting", "{ticket_number}"), then="next")
QUEUE = QueueNode(wait_s=20, ring_s=15, keys={"7": "offer"}, answered="talked", otherwise="nobody")
MESSAGE = MessageNode(max_s=60, silence_s=4, end_keys="#*", taken="thanks", empty="again")
SURVEY = SurveyNode(say=("satisfaction",), keys="123", timeout_s=6, rated="ok", otherwise="bye")
HANG_UP = HangUpNode()

ENTERED = [
    (ANSWER, Answer()),
    (SAY, Say(("greeting", Digits("261122557010")))),
    (QUEUE, EnterQueue(wait_s=20, ring_s=15, keys="7")),
    (MESSAGE, TakeMessage(max_s=60, silence_s=4, end_keys="#*")),
    (SURVEY, AskKey(("satisfaction",), 6)),
    (HANG_UP, HangUp()),
]
LEFT: list[tuple[NodeBase, Event, Leaving]] = [
    (ANSWER, Done(), Leaving("next")),
    (SAY, Done(), Leaving("next")),
    (SAY, KeysPressed("7"), Leaving("next")),
    (QUEUE, Talked("1001", 5.0), Leaving("talked", {"seat": "1001"})),
    (QUEUE, NobodyAnswered(logged_in=True), Leaving("nobody")),
    (QUEUE, NobodyAnswered(logged_in=False), Leaving("nobody")),
    (QUEUE, KeysPressed("7"), Leaving("offer")),
    (MESSAGE, MessageTaken(1.0), Leaving("thanks", {"message": "taken"})),
    (MESSAGE, MessageTaken(0.99), Leaving("again")),
    (MESSAGE, KeysPressed("7"), Leaving("again")),
    (SURVEY, KeysPressed("3"), Leaving("ok", {"satisfaction": "3"})),
    (SURVEY, KeysPressed("4"), Leaving("bye")),
    (SURVEY, KeysPressed("12"), Leaving("bye")),  # 120 begun and left: no rating of "12"
    (SURVEY, NoKey(), Leaving("bye")),
]
EVERY_EVENT: list[Event] = [
    Done(),
    KeysPressed("7"),
    NoKey(),
    Talked("1001", 1.0),
    NobodyAnswered(logged_in=True),
    MessageTaken(2.0),
    EmergencyHeard("119", "着火了"),
    HungUp(),
]


@pytest.mark.parametrize(("node", "command"), ENTERED, ids=lambda of: type(of).__name__)
def test_entering_asks_one_thing_of_the_line(node: NodeBase, command: object) -> None:
    assert node.enter(SCENE) == (command,)


@pytest.mark.parametrize(("node", "event", "leaving"), LEFT)
def test_a_report_leads_to_its_node(node: NodeBase, event: Event, leaving: Leaving) -> None:
    assert node.leave(event, SCENE) == leaving
    assert leaving.to in node.exits()


@pytest.mark.parametrize("node", [node for node, _ in ENTERED], ids=lambda node: node.type)
def test_what_was_never_asked_for_is_refused(node: NodeBase) -> None:
    wanted = {type(event) for known, event, _ in LEFT if known is node}
    unwanted = [event for event in EVERY_EVENT if type(event) not in wanted]
    assert unwanted
    for event in unwanted:
        with pytest.raises(UnexpectedEvent, match=node.type):
            node.leave(event, SCENE)


def test_hanging_up_after_speaking_is_how_most_messages_end() -> None:
    assert MESSAGE.broken_off() == {"message": "broken_off"}
    assert [node.broken_off() for node, _ in ENTERED if node is not MESSAGE] == [{}] * 5


def test_only_the_end_leads_nowhere() -> None:
    assert [node.type for node, _ in ENTERED if not node.exits()] == ["hang_up"]
