"""Privacy pauses: while a caller says an identity or card number, nothing of it is kept.

The switch writes silence on both voices of the recording, and live recognition hears silence.
"""

import structlog

from ivr.board import Board
from ivr.call import Call
from ivr.desk import Desk
from telephony.line import LineError
from telephony.patch import PatchBay

log = structlog.get_logger()

# Ours, not law: 18 figures said slowly, asked back and repeated take about a minute; whoever
# forgets to go on recording loses two.
LONGEST_S = 120.0
FLOW = "flow"


class PrivacyPauses:
    """Begins and ends pauses; none outlasts `LONGEST_S`, or the conversation it was made for."""

    def __init__(self, board: Board, desk: Desk, patch: PatchBay) -> None:
        self._board, self._desk, self._patch = board, desk, patch

    async def turn(self, call: Call, *, on: bool, by: str) -> None:
        """Doing it again changes nothing. Raises `LineError`: then the recording goes on."""
        if on == (call.paused_at is not None):
            return
        if not on:
            await self._patch.record(call.call_id, on=True)
            call.resumed()
            return
        call.paused(by)  # ears first: the order to the switch takes some milliseconds
        try:
            await self._patch.record(call.call_id, on=False)
        except LineError:
            call.resumed()
            raise

    async def turned_by_key(self, leg: str) -> None:
        """The agent on this leg has pressed the code: a pause begins or ends."""
        for call in list(self._board.calls.values()):
            if leg and call.agent_leg == leg:
                await self.turn(call, on=call.paused_at is None, by=call.seat)

    async def tick(self) -> None:
        """End what has lasted too long, and what an agent left behind."""
        for call in list(self._board.calls.values()):
            if call.paused_at is None:
                continue
            lasted_s = (self._desk.now() - call.paused_at).total_seconds()
            left = call.paused_by != FLOW and call.talked_at is None
            if left or lasted_s >= LONGEST_S:
                try:
                    await self.turn(call, on=False, by=call.paused_by)
                except LineError as failure:  # the next tick tries again
                    log.warning("recording still paused", call=call.call_id, why=str(failure))
