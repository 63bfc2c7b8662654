"""What a waiting caller hears besides music: the place, an honest wait, and the call-back offer.

While it is spoken to, the caller stands aside and keeps its place; nobody is rung for a prompt.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from callflow.commands import Digits, Spoken
from callflow.events import Event, HungUp
from domain.queueing.call_backs import CallBack, NotDiallable
from domain.queueing.estimate import spoken
from domain.queueing.rules import CallBackOffer, QueueRule
from ivr.call import Call
from ivr.call_backs import CallBacks, NoOutsideLine
from ivr.desk import Desk
from ivr.prompts import Prompts
from telephony.line import Line

log = structlog.get_logger()

# One digit is said as such; "more than ten" is as much as anybody wants to know beyond.
MOST_SAID = 9
ANSWER_WITHIN_S = 6.0
SLICE_S = 0.2
NEXT = "HOTLINE_NEXT"


@dataclass
class Courtesy:
    """``call_backs`` None: nobody can be rung back here."""

    desk: Desk
    prompts: Prompts
    call_backs: CallBacks | None
    _spoken_at: dict[str, datetime] = field(default_factory=dict)

    async def turn(self, line: Line, call: Call, aside: Callable[[], None]) -> Event | None:
        """Between two looks for a seat: says what is due; the event if the caller leaves by it.

        ``aside`` is called before anything is said.
        """
        rule = self.desk.exchange.rule(call.queue)
        offer = rule.call_back if self.call_backs is not None else None
        if offer is not None and self._due("offer", call, offer.after, offer.every):
            aside()
            await line.music(on=False)
            return await self.offer(line, call, offer)
        every = rule.announce_every
        if every is not None and self._due("place", call, every, every):
            said = self._place(call, rule)
            aside()
            await line.music(on=False)
            await self._say(line, call, said)
        if offer is not None and "offer" in self._spoken_at and _says(call, offer):
            aside()
            await line.music(on=False)
            return await self._accept(line, call)
        return None

    async def offer(self, line: Line, call: Call, offer: CallBackOffer) -> Event | None:
        """By key or word; None: declined, or impossible."""
        call.said = ""
        key = await line.play(self._sounds(call, ("call-back-offer",)))
        for _ in range(round(ANSWER_WITHIN_S / SLICE_S)):
            if key == offer.key or _says(call, offer):
                return await self._accept(line, call)
            if key:
                return None
            key = await line.wait_key(SLICE_S)
        return None

    async def accepts(self, line: Line, call: Call, key: str) -> Event | None:
        """A key while waiting, once the offer was heard."""
        offer = self.desk.exchange.rule(call.queue).call_back
        if offer is None or key != offer.key or "offer" not in self._spoken_at:
            return None
        return await self._accept(line, call)

    async def _accept(self, line: Line, call: Call) -> Event | None:
        if self.call_backs is None:
            return None
        try:
            agreed = self.call_backs.accepted(call)
        except (NotDiallable, NoOutsideLine) as failure:
            log.info("no call-back", call=call.call_id, why=type(failure).__name__)
            await self._say(line, call, ("call-back-not-possible",))
            return None
        await self._told(line, call, agreed)
        return HungUp()

    async def _told(self, line: Line, call: Call, agreed: CallBack) -> None:
        prompt = "call-back-thanks" if self.call_backs is None else self.call_backs.prompt(agreed)
        await line.play(self._sounds(call, (prompt, "goodbye")), keys="")
        await line.set_variable(NEXT, "hangup")

    def _due(self, what: str, call: Call, after: timedelta, every: timedelta) -> bool:
        now = self.desk.now()
        last = self._spoken_at.get(what)
        since = call.waiting_since or now
        due = now - since >= after if last is None else now - last >= every
        if due:
            self._spoken_at[what] = now
        return due

    def _place(self, call: Call, rule: QueueRule) -> tuple[Spoken, ...]:
        """Asked before stepping aside, while the exchange still knows the caller."""
        place = self.desk.exchange.place(call.call_id)
        if place is None:
            return ()
        said: list[Spoken] = []
        if place <= MOST_SAID:
            said += ["queue-place", Digits(str(place)), "queue-place-end"]
        else:
            said += ["queue-many"]
        wait = self.desk.exchange.expected_wait(call.call_id)
        if wait is not None:
            minutes = spoken(wait)
            if minutes <= MOST_SAID:
                said += ["queue-wait", Digits(str(minutes)), "queue-minutes"]
            else:
                said += ["queue-wait-long"]
        call.tell("waiting", queue=rule.name, place=place, wait_s=wait and wait.total_seconds())
        return tuple(said)

    async def _say(self, line: Line, call: Call, parts: tuple[Spoken, ...]) -> None:
        if parts:
            await line.play(self._sounds(call, parts), keys="")

    def _sounds(self, call: Call, parts: tuple[Spoken, ...]) -> list[str]:
        language = call.state.language if call.state is not None else ""
        return self.prompts.speaking(language).sounds(parts)


def _says(call: Call, offer: CallBackOffer) -> bool:
    if any(word in call.said for word in offer.words):
        call.said = ""
        return True
    return False
