"""What Asterisk connects to for every call (FastAGI). Wiring only; the work is in `ivr`."""

from ivr.board import Arrival, Board
from ivr.desk import Desk
from ivr.handover import Handover
from ivr.listening import Ears
from ivr.session import Conversation, run
from telephony.agi.line import AgiLine, LineOptions
from telephony.agi.session import AgiSession


async def incoming_call(
    session: AgiSession,
    options: LineOptions,
    conversation: Conversation,
    offices: tuple[Board, Desk, Ears],
) -> None:
    """Lead one caller, or go on leading one whose session was lost."""
    board, desk, ears = offices
    env = session.env
    arrival = Arrival(
        call_id=env["agi_uniqueid"],
        channel=env["agi_channel"],
        caller=env.get("agi_arg_2", ""),
        dialled=env.get("agi_dnid", ""),
    )
    call = board.arrive(arrival, conversation.flow.name, conversation.flow.version)
    if not ears.hear(call, "caller"):  # also after a restart: words of danger must be heard
        ears.listen(call, "caller", call.call_id)
    desk.apart(call.call_id)  # back from a conversation that an earlier session began
    call.in_session = True
    try:
        await run(call, AgiLine(session, options), conversation, Handover(desk, call))
    finally:
        call.in_session = False
