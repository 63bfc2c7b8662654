"""Words of danger while the machine leads a call: the flow says whether the caller is asked.

Nobody is transferred by words alone: recognizers mishear, and whoever tells of last week's fire
does not want the fire brigade. A node that says so (`HearingNode.offers_emergency`) asks once for
each number; a key or a spoken yes confirms, everything else goes on where the call was.
"""

import re

from callflow.commands import AskKey
from callflow.events import Event, Heard, KeysPressed
from callflow.flow import EMERGENCY_NUMBERS
from callflow.nodes.base import HearingNode, NodeBase

CONFIRMS = "1"
# Two breaths of somebody in distress after the question; the place in the queue waits so long.
ASK_FOR_S = 8.0
# Said out loud these end the waiting; shorter answers (是, 对, 嗯) count when it is over.
PHRASES = ("需要", "是的", "好的", "转接", "yes", "connect")
YES = re.compile(
    r"^(?:嗯|啊|唉|喂)*(?:是|对|好|要|行|可以|快转|转)|需要|转接|帮我转|\b(?:yes|please|connect)\b"
)
NO = re.compile(r"不|没|别|误|假|取消|\b(?:no|not|wrong)\b")


def offered_by(node: NodeBase, offered: tuple[str, ...]) -> frozenset[str]:
    """The numbers that words may lead to here, after a question; ``offered``: asked already."""
    if not (isinstance(node, HearingNode) and node.offers_emergency):
        return frozenset()
    return frozenset(EMERGENCY_NUMBERS) - frozenset(offered)


def question(number: str) -> AskKey:
    """Whether the caller wants to be put through to ``number``."""
    return AskKey((prompt_of(number),), ASK_FOR_S, PHRASES)


def prompt_of(number: str) -> str:
    """The key of the question in the catalogue of prompts."""
    return f"emergency-offer-{number}"


def confirmed(event: Event) -> bool:
    """Whether the answer to the question is a yes; silence and doubt are none."""
    match event:
        case KeysPressed(keys):
            return keys == CONFIRMS
        case Heard(text):
            said = text.strip().lower()
            return bool(YES.search(said)) and not NO.search(said)
        case _:
            return False
