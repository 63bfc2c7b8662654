"""Who answers the questions a flow asks of the world, as far as this process knows the answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from callflow.nodes.base import Value
from ivr.call import Call
from ivr.call_backs import CallBacks
from ivr.desk import Desk
from ivr.perform import Answerer
from ivr.privacy import FLOW, PrivacyPauses


@dataclass(frozen=True)
class Answerers:
    """``outside``: those that do not depend on the call; the rest is asked of desk and journal."""

    desk: Desk
    pauses: PrivacyPauses
    outside: Mapping[str, Answerer]
    call_backs: CallBacks | None = None

    def for_call(self, call: Call) -> Mapping[str, Answerer]:
        async def queue(given: Mapping[str, str]) -> Mapping[str, Value]:
            return self._queue(given.get("queue", ""), call)

        async def call_back(given: Mapping[str, str]) -> Mapping[str, Value]:
            if self.call_backs is None:
                raise LookupError("nobody is rung back here")
            agreed = self.call_backs.accepted(call, given.get("queue", ""))
            return {"call_back.window": self.call_backs.prompt(agreed)}

        async def privacy_pause(given: Mapping[str, str]) -> Mapping[str, Value]:
            await self.pauses.turn(call, on=given["on"] == "yes", by=FLOW)
            return {}

        return {
            **self.outside,
            "queue": queue,
            "call_back": call_back,
            "privacy_pause": privacy_pause,
        }

    def _queue(self, name: str, call: Call) -> Mapping[str, Value]:
        told: dict[str, Value] = {
            "queue.waiting": self.desk.waiting(),
            "queue.logged_in": int(self.desk.somebody_is_logged_in(name)),
            "queue.free": self.desk.free(name),
        }
        if call.waiting_since is not None:  # while it is spoken to, the caller stands aside
            before = [since for since in self.desk.waiting_since().values()
                      if since < call.waiting_since]  # fmt: skip
            told["queue.place"] = len(before) + 1
        return told
