"""Words of danger on either side of a call: the caller goes first, and every desk knows at once."""

from collections.abc import Callable

from domain.callers.emergency import Emergency, Level, emergency_words
from domain.queueing.alarms import AlarmKind
from domain.queueing.policy import Policy
from domain.queueing.rules import PriorityCause
from ivr.alarms import About, Ring
from ivr.call import Call
from ivr.desk import Desk


class DangerWatch:
    """``policy``: what is in force at the moment."""

    def __init__(self, desk: Desk, ring: Ring, policy: Callable[[], Policy]) -> None:
        self._desk, self._ring, self._policy = desk, ring, policy

    def heard(self, call: Call, side: str, text: str) -> Emergency | None:
        """A partial or final result of one side; the danger it tells of, if any.

        The first time that a service and level come up in a call, desks are told; a clear danger
        raises the caller's priority and the alarm.
        """
        found = emergency_words(text) or self._own_words(text)
        if found is None:
            return None
        sign = (found.service.value, found.level.value)
        if sign in call.dangers:
            return found
        call.dangers.add(sign)
        drill = self._policy().drill.concerns(call.facts.caller, self._desk.now())
        call.tell(
            "emergency",
            number=found.service.value,
            text=found.why,
            level=found.level.value,
            side=side,
            drill=drill,
        )
        if found.level is Level.CLEAR:
            self.keyed(call, found.service.value, found.why)
        return found

    def keyed(self, call: Call, number: str, words: str) -> None:
        """A clear danger, told in words or by the figures of an emergency number."""
        call.dangers.add((number, Level.CLEAR.value))
        self._desk.urgent(call, PriorityCause.EMERGENCY_WORDS)
        policy, now = self._policy(), self._desk.now()
        call.fact("emergency", number=number, words=words)
        self._ring(
            AlarmKind.EMERGENCY,
            About(
                level=Level.CLEAR.value,
                call_id=call.call_id,
                seat=call.ringing or (call.seat if call.talked_at else ""),
                queue=call.queue,
                number=number,
                words=words,
                drill=policy.drill.concerns(call.facts.caller, now),
            ),
        )

    def _own_words(self, text: str) -> Emergency | None:
        """The city's own words; whoever wrote them down meant them."""
        for words, service in self._policy().words.items():
            start = text.find(words)
            if start >= 0:
                return Emergency(service, Level.CLEAR, words, start, start + len(words))
        return None
