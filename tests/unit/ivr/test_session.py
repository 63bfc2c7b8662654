"""A call is led to its end, is taken up where it was lost, and hanging up is a result."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callflow.events import EmergencyHeard
from callflow.step import State
from domain.queueing.seats import Profile
from ivr.desk import Desk, Device, Login, Telephone
from ivr.handover import Handover
from ivr.perform import NEXT
from ivr.prompts import Prompts, UnknownPrompt
from ivr.session import LOST_AT, STATE, Conversation, run
from telephony.line import CallerHungUp, Message, RecordingEnd, Ringing, RingOutcome
from tests.unit.ivr.fakes import DEFAULT, FACTS, Books, Clock, FakeLine, call_in

TALK = Ringing(RingOutcome.ANSWERED, talked_s=30.0)
SPOKEN = Message(RecordingEnd.SILENCE, 9.0)
FIRE = EmergencyHeard("119", "着火了")


class Scene:
    """One call, its books, and a desk at which 1001 may sit."""

    def __init__(self, *, seat: bool = False) -> None:
        self.clock = Clock()
        self.books = Books()
        self.call = call_in(self.books, self.clock)
        self.desk = Desk(self.clock.now)
        if seat:
            self.desk.telephone("1001", Telephone.FREE)

    async def led(self, line: FakeLine, conversation: Conversation = DEFAULT) -> FakeLine:
        await run(self.call, line, conversation, Handover(self.desk, self.call))
        return line

    def state(self) -> State:
        """As the journal has it."""
        state = STATE.validate_python(self.books.bodies("stepped")[-1]["state"])
        assert state == self.call.state
        return state

    def standing_at(self, node: str) -> "Scene":
        """The session was lost there."""
        self.call.state = State("default", 1, FACTS, node, path=(node,))
        return self


def talking(scene: Scene, **options: int) -> FakeLine:
    return FakeLine("", "", "1", clock=scene.clock, rings=[TALK], **options)


def speaking(scene: Scene, **options: int) -> FakeLine:
    return FakeLine(clock=scene.clock, messages=[SPOKEN], **options)


async def test_a_person_answers_and_is_rated() -> None:
    scene = Scene(seat=True)
    line = await scene.led(talking(scene))
    assert scene.state().path == ("answer", "greeting", "people", "survey", "rated", "end")
    assert scene.state().notes == {"seat": "1001", "satisfaction": "1"}
    assert line.variables == {LOST_AT: "", NEXT: "hangup"}
    assert line.did[-1] == ("set_variable", NEXT, "hangup")
    assert scene.books.kinds().count("stepped") == 6
    assert [record.seq for record in scene.books.records] == list(range(len(scene.books.records)))


async def test_nobody_is_there_and_the_message_ends_with_its_number_read_out() -> None:
    scene = Scene()
    line = await scene.led(speaking(scene))
    assert scene.state().notes == {"message": "taken"}
    read_out = line.arguments("play")[-2]
    assert read_out[:3] == ("/prompts/message-thanks", "/prompts/digit-2", "/prompts/digit-6")
    assert len(read_out) == 1 + 12 + 2  # thanks, figures, two pauses


async def test_desks_are_told_where_the_call_is_and_when_the_caller_speaks() -> None:
    scene = Scene()
    await scene.led(speaking(scene))
    first, *following = scene.books.told
    nodes = [event for event in following if event["type"] == "node"]
    assert (first["type"], first["ticket_number"]) == ("call_started", FACTS.ticket_number)
    assert [event["node"] for event in nodes] == list(scene.state().path)
    assert [event["node"] for event in nodes if event["listens"]] == ["message"]


@pytest.mark.parametrize("stays_for", range(8))
@pytest.mark.parametrize(("caller", "seat"), [(talking, True), (speaking, False)])
async def test_hanging_up_anywhere_is_a_result(
    caller: Callable[..., FakeLine], seat: bool, stays_for: int
) -> None:
    scene = Scene(seat=seat)
    line = await scene.led(caller(scene, hangs_up_after=stays_for))
    assert len(line.did) == stays_for
    assert NEXT not in line.variables
    if stays_for == 0:
        assert scene.call.state is None  # not a word was said
    else:
        assert scene.state().ended
    if scene.call.state and scene.call.state.node == "message":
        assert scene.state().notes == {"message": "broken_off"}
    assert scene.desk.states() == ({"1001": "ready"} if seat else {})
    assert scene.desk.waiting() == 0


@pytest.mark.parametrize("verb", ["answer", "play", "music", "ring", "take_message"])
async def test_a_line_that_refuses_leaves_the_dialplan_to_try_again(verb: str) -> None:
    scene = Scene(seat=verb in ("music", "ring"))
    line = FakeLine(clock=scene.clock, refuses=verb)
    await scene.led(line)
    assert line.verbs()[-1] == verb
    assert NEXT not in line.variables
    assert not scene.state().ended
    before = scene.state().node
    again = await scene.led(FakeLine(clock=scene.clock, hangs_up_after=2))
    assert again.verbs()[:2] == ["set_variable", "rung_before"]
    assert scene.state().node == before


async def test_a_prompt_that_is_missing_leaves_the_dialplan_to_try_again() -> None:
    scene = Scene()
    line = FakeLine(clock=scene.clock)
    with pytest.raises(UnknownPrompt):
        await scene.led(line, Conversation(DEFAULT.flow, Prompts({})))
    assert NEXT not in line.variables


async def test_a_lost_session_goes_on_at_its_node() -> None:
    scene = Scene().standing_at("survey")
    line = await scene.led(FakeLine("4", clock=scene.clock))
    assert line.verbs()[:3] == ["set_variable", "rung_before", "play"]
    assert scene.state().path == ("survey", "rated", "end")
    assert "call_started" not in scene.books.told_kinds()


async def test_a_conversation_that_ended_while_we_were_away_rings_nobody_again() -> None:
    scene = Scene(seat=True).standing_at("people")
    scene.call.ringing = "1001"
    scene.clock.pass_s(100)
    line = await scene.led(FakeLine("3", clock=scene.clock, before=TALK))
    assert line.arguments("ring") == []
    assert scene.state().path == ("people", "survey", "rated", "end")
    assert scene.books.bodies("talked") == [{"seat": "1001", "from_s": 70.0, "to_s": 100.0}]


@pytest.mark.parametrize(
    ("ringing", "before"),
    [
        ("1001", None),
        ("1001", Ringing(RingOutcome.NO_ANSWER)),
        ("", TALK),  # told already, or of a call that we know nothing of
    ],
)
async def test_without_a_conversation_the_queue_is_entered_again(
    ringing: str, before: Ringing | None
) -> None:
    scene = Scene(seat=True).standing_at("people")
    scene.call.ringing = ringing
    line = await scene.led(FakeLine(clock=scene.clock, before=before, rings=[TALK]))
    assert line.arguments("ring") == [("1001", 20.0)]


async def test_an_interrupt_comes_before_everything() -> None:
    scene = Scene().standing_at("message")
    scene.call.interrupt = FIRE
    line = await scene.led(FakeLine("1", clock=scene.clock))
    assert line.verbs() == ["set_variable", "play", "wait_key", "set_variable"]
    assert line.variables[NEXT] == "119"
    assert scene.state().notes["emergency_words"] == "着火了"
    assert scene.call.interrupt is None


async def test_being_fetched_elsewhere_is_not_hanging_up() -> None:
    scene = Scene().standing_at("message")

    def fetched() -> None:
        assert "119" in scene.call.offers
        scene.call.interrupt = FIRE
        raise CallerHungUp("redirected")

    line = FakeLine(clock=scene.clock)
    line.meanwhile["take_message"] = fetched
    await scene.led(line)
    assert NEXT not in line.variables
    assert not scene.state().ended
    line = await scene.led(FakeLine("1", clock=scene.clock))
    assert line.variables[NEXT] == "119"


async def test_who_does_not_confirm_is_not_transferred() -> None:
    scene = Scene().standing_at("message")
    scene.call.interrupt = FIRE
    line = await scene.led(speaking(scene))
    assert line.variables[NEXT] == "hangup"
    assert line.verbs().count("take_message") == 1
    assert scene.state().notes["emergency_declined"] == "119"
    assert scene.call.outcome() == "message"


async def test_an_interrupt_that_fetches_nobody_asks_for_nothing_twice() -> None:
    """AMI may be away at that very moment: what the caller has said is not to be said again."""
    scene = Scene().standing_at("message")

    def heard() -> None:
        scene.call.interrupt = FIRE

    line = speaking(scene)
    line.meanwhile["take_message"] = heard
    await scene.led(line)
    assert line.verbs().count("take_message") == 1
    assert scene.call.interrupt is None
    assert line.variables[NEXT] == "hangup"


async def test_an_emergency_of_which_the_switch_was_not_told_is_one_still() -> None:
    scene = Scene()
    line = FakeLine("1", "1", "0", clock=scene.clock, hangs_up_after=5)
    await scene.led(line)
    assert NEXT not in line.variables
    assert scene.call.outcome() == "emergency"
    line = await scene.led(FakeLine(clock=scene.clock))
    assert line.variables[NEXT] == "110"


def test_a_call_without_a_session_was_led_by_the_fallback() -> None:
    assert Scene().call.outcome() == "fallback"


async def test_back_from_the_police_the_caller_is_with_the_same_agent_at_once() -> None:
    """Who keyed 110 in a conversation seemed to hang up; the agent, still writing, rings again."""
    scene = Scene(seat=True)
    profile = Profile(wrap_up=timedelta(seconds=60))
    scene.desk.log_in("1001", Login("li", Device.PHONE, profile))
    line = FakeLine(clock=scene.clock)

    def keyed() -> None:
        scene.desk.answered(scene.call, "1001")
        raise CallerHungUp("redirected")

    line.meanwhile["ring"] = keyed
    await scene.led(line)
    assert scene.state().ended
    assert scene.desk.states() == {"1001": "wrap_up"}
    scene.call.back_from = "110"
    line = await scene.led(talking(scene))
    assert line.variables["BACK_FROM"] == ""
    assert line.verbs().index("play") < line.verbs().index("ring")
    assert line.arguments("ring") == [("1001", 20.0)]
    assert scene.state().path[-3:] == ("survey", "rated", "end")


async def test_back_from_the_police_before_the_engine_ever_led_the_call() -> None:
    scene = Scene()
    scene.call.back_from = "110"
    line = await scene.led(speaking(scene))
    assert scene.state().path[0] == "answer"
    assert "BACK_FROM" not in line.variables
