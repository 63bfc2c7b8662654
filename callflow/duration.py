"""How long the commands of a flow take, and how long they are deaf to keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from callflow.commands import (
    Answer,
    Ask,
    AskDigits,
    AskKey,
    Command,
    Digits,
    EmergencyTransfer,
    EnterQueue,
    HangUp,
    Say,
    Spoken,
    TakeMessage,
    Transfer,
)

TONE_S = 0.3  # before a message; keys are heard only after it
FIGURE_S = 0.6  # one spoken figure of a number


@dataclass(frozen=True)
class Prompts:
    """What can be spoken: language → key → seconds."""

    seconds: Mapping[str, Mapping[str, float]]

    def longest(self, part: Spoken) -> float:
        """The length in the slowest language; 0 when it is missing everywhere."""
        if isinstance(part, Digits):
            return FIGURE_S * len(part.figures)
        return max((lengths.get(part, 0.0) for lengths in self.seconds.values()), default=0.0)

    def missing(self, part: Spoken) -> list[str]:
        """Languages that lack it."""
        if isinstance(part, Digits):
            return []
        return [language for language, lengths in self.seconds.items() if part not in lengths]


def spoken_by(command: Command) -> tuple[Spoken, ...]:
    return command.parts if isinstance(command, Say | AskKey | AskDigits) else ()


def lasts_s(command: Command, prompts: Prompts) -> float:
    """The longest a command can take without a key and without a conversation."""
    match command:
        case Say(parts):
            return sum(prompts.longest(part) for part in parts)
        case AskKey(parts, timeout_s):
            return sum(prompts.longest(part) for part in parts) + timeout_s
        case AskDigits(parts, most, _, first_s, between_s):
            asked_s = sum(prompts.longest(part) for part in parts)
            return asked_s + first_s + (most - 1) * between_s
        case EnterQueue(wait_s):
            return wait_s
        case Transfer(_, ring_s):
            return ring_s
        case Ask(_, _, within_s):
            return within_s
        case TakeMessage(max_s):
            return TONE_S + max_s
        case Answer() | HangUp() | EmergencyTransfer():
            return 0.0
        case _:
            assert_never(command)


def deaf_s(command: Command) -> float:
    """How long a command may go on without hearing a key (`ivr.perform`): prompts hear all."""
    match command:
        case TakeMessage():
            return TONE_S
        case AskDigits(between_s=between_s):
            return between_s  # so long a pause tells 110 from the beginning of a longer number
        case Ask(within_s=within_s):
            return within_s
        case (
            Transfer() | Say() | AskKey() | EnterQueue() | Answer() | HangUp() | EmergencyTransfer()
        ):
            return 0.0
        case _:
            assert_never(command)


def hears(command: Command) -> bool:
    """Whether a key reaches the flow while this goes on."""
    return isinstance(command, Say | AskKey | AskDigits | EnterQueue | TakeMessage | Transfer)
