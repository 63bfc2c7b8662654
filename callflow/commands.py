"""What a flow may ask the phone line to do. Plain data: nothing here acts."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Digits:
    """A number read out figure by figure, in groups of four."""

    figures: str


Spoken = str | Digits
"""A prompt by its key in the catalogue, or a number."""


@dataclass(frozen=True)
class Answer:
    pass


@dataclass(frozen=True)
class Say:
    """Play one after the other; a key the caller presses ends it at once."""

    parts: tuple[Spoken, ...]


@dataclass(frozen=True)
class AskKey:
    """Play, then wait for one key, or for one of the ``phrases`` to be said.

    With phrases, what was said is reported as soon as it holds one of them, else when it ends.
    """

    parts: tuple[Spoken, ...]
    timeout_s: float
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskDigits:
    """Play, then take up to ``most`` figures; ``end_key`` or a pause ends them.

    A pause after 110, 119, 120 or 122 and nothing else means the emergency number.
    """

    parts: tuple[Spoken, ...]
    most: int
    end_key: str
    first_s: float
    between_s: float


@dataclass(frozen=True)
class EnterQueue:
    """Ring seats of a queue until one answers, a key of ``keys`` is pressed, or the time is over.

    ``needs``: skill → level; ``wants``: a seat asked for by name; ``brings``: the line that is
    rung into the conversation once a seat has answered. Whoever comes back to the queue in the
    same call keeps the place.
    """

    wait_s: float
    ring_s: float
    queue: str = "general"
    needs: dict[str, int] = field(default_factory=dict)
    wants: str = ""
    keys: str = ""
    brings: str = ""


@dataclass(frozen=True)
class TakeMessage:
    """A tone, then record the caller until ``end_keys``, silence or the length ends it."""

    max_s: float
    silence_s: float
    end_keys: str


@dataclass(frozen=True)
class EmergencyTransfer:
    """Hand the caller to 110, 119, 120 or 122 for good."""

    number: str


@dataclass(frozen=True)
class Transfer:
    """Connect the caller to another line by the name it has in the settings."""

    line: str
    ring_s: float


@dataclass(frozen=True)
class Ask:
    """Ask something of the world outside the telephone, or tell it something.

    ``what``: caller, queue, ticket, switches, sms, http, set_switch, call_back,
    privacy_pause or roster.
    """

    what: str
    given: dict[str, str]
    within_s: float = 2.0


@dataclass(frozen=True)
class HangUp:
    pass


Command = (
    Answer
    | Say
    | AskKey
    | AskDigits
    | EnterQueue
    | TakeMessage
    | Transfer
    | Ask
    | EmergencyTransfer
    | HangUp
)
