"""AMI on the wire: bytes to messages, actions to bytes. panoramisk's classes carry both."""

import re
from collections.abc import Iterator, Mapping, Sequence

from panoramisk.actions import Action
from panoramisk.message import Message

from telephony.line import LineError
from telephony.text import decode

MAX_MESSAGE_BYTES = 1024 * 1024
_MAX_BANNER_BYTES = 256
_BANNER = b"Asterisk Call Manager/"
_END = b"\r\n\r\n"
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
_UNSAFE = re.compile(r"[\r\n\0]")

ActionFields = Mapping[str, str | Sequence[str]]


class UnsafeValue(LineError, ValueError):
    """A line break in a value would become a second action, so it is refused."""


class AmiMessage(Mapping[str, str]):
    """One event or response, read-only. Keys regardless of case.

    A key sent several times reads as its values joined by line breaks; `all` gives the list.
    """

    def __init__(self, carried: Message) -> None:
        self._values: dict[str, list[str]] = {
            key.lower(): value if isinstance(value, list) else [value]
            for key, value in carried.items()
            if (key, value) != ("content", "")
        }

    @property
    def event(self) -> str:
        """The event's name, ``""`` for a response."""
        return self.get("event", "")

    @property
    def succeeded(self) -> bool:
        """Whether this is a response that grants what was asked."""
        return self.get("response", "") in Message.success_responses

    def all(self, key: str) -> list[str]:
        """Every value of a key, in order."""
        return list(self._values.get(key.lower(), []))

    def __getitem__(self, key: str) -> str:
        return "\n".join(self._values[key.lower()])

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # No values: they hold callers' numbers, and this text ends up in logs.
        return f"<AmiMessage {self.event or self.get('response', '')} {list(self._values)}>"


class MessageReader:
    """Bytes in, whole messages out; how the stream is cut into segments makes no difference.

    Text is decoded per whole message, so no character is split. A stream that is not AMI sets
    `broken` to the reason, and nothing is read from then on.
    """

    def __init__(self) -> None:
        self.banner = ""
        self.broken = ""
        self._received = bytearray()

    def feed(self, segment: bytes) -> list[AmiMessage]:
        """The messages completed by this segment, in order."""
        if self.broken:
            return []
        seen = max(len(self._received) - len(_END) + 1, 0)
        self._received += segment
        if not self.banner:
            seen = 0
            if not self._read_banner():
                return []
        messages: list[AmiMessage] = []
        while (end := self._received.find(_END, seen)) >= 0:
            text = decode(bytes(self._received[:end]))
            del self._received[: end + len(_END)]
            seen = 0
            if end > MAX_MESSAGE_BYTES:
                break
            carried = Message.from_line(text.lstrip("\r\n"))
            if carried is not None:
                messages.append(AmiMessage(carried))
        if end > MAX_MESSAGE_BYTES or len(self._received) > MAX_MESSAGE_BYTES + len(_END):
            self.broken = "message too long"
        return messages

    def _read_banner(self) -> bool:
        start = bytes(self._received[: len(_BANNER)])
        if not _BANNER.startswith(start):
            self.broken = "not the manager interface"
            return False
        end = self._received.find(b"\r\n")
        if max(end, len(self._received) if end < 0 else 0) > _MAX_BANNER_BYTES:
            self.broken = "banner too long"
            return False
        if end < 0:
            return False
        self.banner = decode(bytes(self._received[:end]))
        del self._received[: end + 2]
        return True


def write_action(fields: ActionFields) -> tuple[str, bytes]:
    """The action's id, given here, and its bytes. `UnsafeValue` for CR, LF or NUL anywhere."""
    for key, value in fields.items():
        if not _KEY.fullmatch(key) or key.lower() == "actionid":
            raise UnsafeValue(f"not a key of an action: {key!r}")
        for text in [value] if isinstance(value, str) else value:
            if _UNSAFE.search(text):
                raise UnsafeValue(f"{key}: a value cannot contain a line break or NUL")
    action = Action(fields)
    try:
        return str(action.id), str(action).encode()
    except UnicodeEncodeError:
        raise UnsafeValue("an action must be text") from None
