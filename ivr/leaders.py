"""What callers are told of leaders who take calls themselves: who does now, who will and when."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from callflow.nodes.base import Value
from domain.queueing.roster import Duty, announcement, on_duty
from ivr.desk import Desk

Speak = Callable[[str], Awaitable[str]]
"""Words → the key of the prompt that says them. Raises where there is no voice."""


@dataclass(frozen=True)
class LeaderWindows:
    """``duties``: those in force at the moment."""

    desk: Desk
    duties: Callable[[], Iterable[Duty]]
    speak: Speak

    async def told(self, given: Mapping[str, str]) -> Mapping[str, Value]:
        """``roster.now``: somebody is on duty; ``roster.announcement``: the prompt that tells."""
        queue, now = given["queue"], self.desk.now()
        duties = list(self.duties())
        known: dict[str, Value] = {"roster.now": bool(on_duty(duties, now, queue=queue))}
        text = announcement(duties, queue, now.astimezone(self.desk.zone))
        if text:
            known["roster.announcement"] = await self.speak(text)
        return known
