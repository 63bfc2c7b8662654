"""One caller's conversation: the flow decides, the line acts, the journal remembers.

A session begins when Asterisk hands the call over and ends when the flow ends, the caller hangs
up, or the call is taken away from it (an interrupt). It may be begun again for the same call: after
an engine restart, or to follow an interrupt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import structlog
from pydantic import TypeAdapter

from callflow import step as interpreter
from callflow.commands import TakeMessage
from callflow.events import Done, Event, HungUp, MessageTaken, Talked, dumped
from callflow.flow import Flow
from callflow.step import State, Step
from domain.queueing.rules import PriorityCause
from ivr.call import Call, back_to_agent
from ivr.handover import Handover
from ivr.perform import Answerer, Means, perform
from ivr.prompts import Prompts
from telephony.line import CallerHungUp, Line, LineError, RingOutcome

log = structlog.get_logger()

STATE = TypeAdapter(State)
BACK_FROM = "BACK_FROM"  # the dialplan's mark of a caller who keyed 110 in a conversation
LOST_AT = "LOST_AT"  # the dialplan counts from here how long the engine has been away


@dataclass(frozen=True)
class Conversation:
    """What a session needs besides its call: the flow, all prompts, and who answers questions.

    ``drill``: a test call, which never reaches a real emergency service.
    """

    flow: Flow
    prompts: Prompts
    outside: Mapping[str, Answerer] = field(default_factory=dict)
    drill: bool = False


async def run(call: Call, line: Line, conversation: Conversation, handover: Handover) -> None:
    """Lead one call until there is nothing left to do. Hang-up is a result, not a failure."""
    try:
        await line.set_variable(LOST_AT, "")
        await _back_from_emergency(call, line, handover)
        flow, event = conversation.flow, None
        step = await _first(call, line, conversation, handover)
        while True:
            _remember(call, step, event)
            call.offers = interpreter.offers(flow, step.state)
            if not step.commands:
                return
            prompts = conversation.prompts.speaking(step.state.language)
            means = Means(prompts, handover, call, conversation.outside, conversation.drill)
            happened = await _perform_all(step, line, means)
            if step.state.ended:
                return
            # An interrupt that the switch could not carry out takes effect here at the latest.
            event = _interrupt(call, happened) or happened
            step = interpreter.step(flow, step.state, event, call.now())
    except CallerHungUp:
        _hung_up(call, conversation.flow)
    except LineError as failure:
        # Nothing is said to the dialplan: it tries us again, and we resume at this node.
        log.warning("line refused a command", call=call.call_id, why=str(failure))


async def _first(call: Call, line: Line, conversation: Conversation, handover: Handover) -> Step:
    """Where this session starts: an interrupt, where an earlier one was lost, or the beginning."""
    flow = conversation.flow
    if call.state is None:
        call.tell(
            "call_started",
            ticket_number=call.facts.ticket_number,
            caller=call.facts.caller,
        )
        return interpreter.begin(flow, call.facts, call.now())
    interrupt = _interrupt(call)
    if interrupt is not None:
        return interpreter.step(flow, call.state, interrupt, call.now())
    if call.detour is not None:
        call.ringing = ""
        event = await handover.go_on(line, conversation.prompts, call.detour)
        return interpreter.step(flow, call.state, _interrupt(call, event) or event, call.now())
    event_before = await _what_happened_meanwhile(call, line)
    if event_before is not None:
        return interpreter.step(flow, call.state, event_before, call.now())
    log.info("session resumed", call=call.call_id, node=call.state.node)
    return interpreter.resume(flow, call.state, call.now())


async def _back_from_emergency(call: Call, line: Line, handover: Handover) -> None:
    """110 has hung up: the caller is with the same agent again, before all others."""
    number, call.back_from = call.back_from, ""
    if not number or call.state is None:
        return
    await line.set_variable(BACK_FROM, "")
    if call.detour is None:
        call.goes(back_to_agent(call, call.seat))
    handover.desk.urgent(call, PriorityCause.LOST_AGENT)
    # Leaving the conversation looked like hanging up; the flow goes on from where it was.
    call.state = replace(call.state, ended=False)
    state = STATE.dump_python(call.state, mode="json")
    call.fact("stepped", state=state)
    call.fact("back_from_emergency", number=number, seat=call.seat)
    call.tell("back_from_emergency", number=number, seat=call.seat)


def _interrupt(call: Call, happened: Event | None = None) -> Event | None:
    """What comes before all else; not before what the caller would have to do once more."""
    event, call.interrupt = call.interrupt, None
    return None if isinstance(happened, Talked | MessageTaken | HungUp) else event


async def _what_happened_meanwhile(call: Call, line: Line) -> Event | None:
    """An engine that died while two people talked must not ring another seat afterwards."""
    rung = await line.rung_before()
    seat, call.ringing = call.ringing, ""
    if not seat or rung is None or rung.outcome is not RingOutcome.ANSWERED:
        return None
    call.parted(seat, rung.talked_s)
    return Talked(seat, rung.talked_s)


def _hung_up(call: Call, flow: Flow) -> None:
    """Gone for good, or only fetched elsewhere: an interrupt looks the same from here."""
    if call.state is None or call.interrupt is not None or call.detour is not None:
        return
    log.info("caller hung up", call=call.call_id, node=call.state.node)
    if not call.state.ended:
        call.state = interpreter.step(flow, call.state, HungUp(), call.now()).state
        state = STATE.dump_python(call.state, mode="json")
        call.fact("stepped", state=state, event=dumped(HungUp()))


def _remember(call: Call, step: Step, event: Event | None) -> None:
    """With the event that led here: past calls are run through drafts by their events."""
    call.state = step.state
    led = {} if event is None else {"event": dumped(event)}
    call.fact("stepped", state=STATE.dump_python(step.state, mode="json"), **led)
    listens = any(isinstance(command, TakeMessage) for command in step.commands)
    call.tell("node", node=step.state.path[-1], listens=listens)


async def _perform_all(step: Step, line: Line, means: Means) -> Event:
    """In order; whatever is more than `Done` ends the rest."""
    event: Event = HungUp()
    for command in step.commands:
        event = await perform(command, line, means)
        if not isinstance(event, Done):
            break
    return event
