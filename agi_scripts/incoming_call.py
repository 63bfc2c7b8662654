"""What Asterisk connects to for every call (FastAGI). Wiring only; the work is in `ivr`."""

from collections.abc import Callable
from dataclasses import dataclass

from callflow.flow import Flow
from ivr.answerers import Answerers
from ivr.board import Arrival, Board
from ivr.call_backs import CallBacks
from ivr.desk import Desk
from ivr.handover import Handover
from ivr.listening import Ears
from ivr.prompts import Prompts
from ivr.session import Conversation, run
from ivr.waiting import Courtesy
from services.flow_shelf import FlowShelf, Ringing
from telephony.agi.line import AgiLine, LineOptions
from telephony.agi.session import AgiSession


@dataclass(frozen=True)
class Offices:
    """Everybody who has a part in a call."""

    board: Board
    desk: Desk
    ears: Ears
    shelf: FlowShelf
    prompts: Prompts
    answerers: Answerers
    call_backs: CallBacks | None = None
    is_drill: Callable[[str], bool] = lambda _caller: False


async def incoming_call(session: AgiSession, options: LineOptions, offices: Offices) -> None:
    """Lead one caller, or go on leading one whose session was lost."""
    board, desk, ears = offices.board, offices.desk, offices.ears
    env = session.env
    arrival = Arrival(
        call_id=env["agi_uniqueid"],
        channel=env["agi_channel"],
        caller=env.get("agi_arg_2", ""),
        dialled=env.get("agi_dnid", ""),
    )
    rung_back = offices.call_backs.arrived(arrival.call_id) if offices.call_backs else None
    flow = _flow(offices, arrival, back=rung_back is not None)
    call = board.arrive(arrival, flow.name, flow.version)
    if rung_back is not None and offices.call_backs is not None:
        offices.call_backs.prepare(call, rung_back)
    if not ears.hear(call, "caller"):  # also after a restart: words of danger must be heard
        ears.listen(call, "caller", call.call_id)
    desk.apart(call.call_id)  # back from a conversation that an earlier session began
    conversation = Conversation(
        flow, offices.prompts, offices.answerers.for_call(call), offices.is_drill(call.facts.caller)
    )
    courtesy = Courtesy(desk, offices.prompts, offices.call_backs)
    call.back_from = env.get("agi_arg_3", "")
    call.in_session = True
    try:
        await run(call, AgiLine(session, options), conversation, Handover(desk, call, courtesy))
    finally:
        call.in_session = False


def _flow(offices: Offices, arrival: Arrival, *, back: bool) -> Flow:
    """A call that has begun stays on its version, whatever was published meanwhile."""
    call = offices.board.calls.get(arrival.call_id)
    if call is not None and call.state is not None:
        flow = offices.shelf.of(call.state.flow, call.state.version)
        if flow is not None:
            return flow
    if back:
        return offices.shelf.for_call_back()
    return offices.shelf.for_call(Ringing(arrival.dialled, arrival.caller))
