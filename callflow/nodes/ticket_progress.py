"""The `ticket_progress` node: how far a ticket is; personal data only to a verified caller."""

from typing import Annotated, ClassVar, Literal

from callflow.commands import Ask, AskDigits, Command
from callflow.events import DigitsTaken, Event, Failed, KeysPressed, Known, NoKey
from callflow.nodes.base import (
    About,
    By,
    Exit,
    HearingNode,
    Label,
    Leaving,
    Parts,
    Scene,
    Staying,
    UnexpectedEvent,
    Value,
    spoken,
)
from callflow.nodes.menu import Timeout, Tries
from callflow.nodes.say import Say_

PROOF_FIGURES = 4


class TicketProgressNode(HearingNode):
    about: ClassVar = About(
        "查询工单进度",
        "Ticket progress",
        "按来电号码或所按工单号查询；按出登记电话的后四位通过验证后，才可播报 ticket.* 内容。",
        "Found by the caller's number or a keyed one; the last four figures of the telephone on "
        "the ticket prove who asks. Only then may ticket.* be spoken.",
        "tickets",
    )
    example: ClassVar = {
        "type": "ticket_progress",
        "by": "number",
        "say": ["ask-ticket-number"],
        "prove": ["ask-last-four"],
        "verified": "tell-progress",
        "not_found": "people",
        "not_verified": "people",
        "failed": "people",
    }

    type: Literal["ticket_progress"] = "ticket_progress"
    by: Annotated[Literal["number", "caller"], Label("按什么查", "Found by")] = "number"
    say: Say_
    prove: Annotated[Parts, Label("请按后四位", "Ask for the last four figures", "prompts")]
    timeout_s: Timeout = 8
    tries: Tries = 2
    verified: Annotated[str, Exit("验证通过", "Verified", By.CALLER, serves=True, verifies=True)]
    not_found: Annotated[str, Exit("没有找到", "Not found")]
    not_verified: Annotated[str, Exit("验证不符", "Not verified", By.CALLER)]
    failed: Annotated[str, Exit("查询失败", "The look-up failed", By.ERROR)]

    def enter(self, scene: Scene) -> tuple[Command, ...]:
        if self.by == "number":
            return (AskDigits(spoken(self.say, scene), 12, "#", self.timeout_s, 4.0),)
        return (Ask("ticket", {"caller": scene.facts.caller}),)

    def leave(self, event: Event, scene: Scene) -> Leaving | Staying:
        match event:
            case DigitsTaken(figures) if "proof" in scene.memory:
                return self._proved(figures, scene)
            case DigitsTaken(figures):
                return Staying((Ask("ticket", {"number": figures}),))
            case Known(values):
                return self._found(values, scene)
            case NoKey() | KeysPressed():
                return Leaving(self.not_verified if "proof" in scene.memory else self.not_found)
            case Failed():
                return Leaving(self.failed)
            case _:
                raise UnexpectedEvent(self.type, event)

    def _found(self, values: dict[str, Value], scene: Scene) -> Leaving | Staying:
        proof = str(values.pop("ticket.proof", ""))
        if not values.get("ticket.found") or len(proof) != PROOF_FIGURES:
            return Leaving(self.not_found)
        return Staying((self._ask_proof(scene),), {"proof": proof, "asked": 1}, values)

    def _proved(self, figures: str, scene: Scene) -> Leaving | Staying:
        if figures == scene.memory["proof"]:
            return Leaving(self.verified, {"verified": "yes"}, verified=True)
        asked = int(scene.memory.get("asked", 1))
        if asked >= self.tries:
            return Leaving(self.not_verified)
        return Staying((self._ask_proof(scene),), {**scene.memory, "asked": asked + 1})

    def _ask_proof(self, scene: Scene) -> AskDigits:
        said = spoken(self.prove, scene)
        return AskDigits(said, PROOF_FIGURES, "#", self.timeout_s, 4.0)

    def later(self, scene: Scene) -> tuple[Command, ...]:
        asked = Ask("ticket", {"number": ""})
        return (asked, *((self._ask_proof(scene),) * self.tries))
