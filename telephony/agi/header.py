"""What Asterisk says of the call before the first command."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from telephony.text import decode

MAX_HEADER_BYTES = 16 * 1024
_FIRST_WORD = b"agi_"


class NotAgi(Exception):
    """The peer is not Asterisk, or sends more than a header."""


@dataclass(frozen=True)
class Header:
    """``env`` by Asterisk's names (``agi_uniqueid`` …); path and query of the agi:// address."""

    env: dict[str, str]
    path: str
    query: dict[str, str]


class HeaderReader:
    """Collects the header; `feed` gives it and the bytes after it once the empty line came."""

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, segment: bytes) -> tuple[Header, bytes] | None:
        """Raise `NotAgi` as soon as what came cannot become a header."""
        received = self._received
        seen = max(len(received) - 1, 0)  # the empty line may lie across two segments
        received += segment
        start = bytes(received[: len(_FIRST_WORD)])
        if not _FIRST_WORD.startswith(start):
            raise NotAgi("not an AGI header")
        end = received.find(b"\n\n", seen)
        if end > MAX_HEADER_BYTES or (end < 0 and len(received) > MAX_HEADER_BYTES):
            raise NotAgi("header too long")
        if end < 0:
            return None
        return parse_header(bytes(received[:end])), bytes(received[end + 2 :])


def parse_header(raw: bytes) -> Header:
    """The header's lines. Of a name sent twice the first counts.

    Asterisk sends its own facts before the caller's name and number, so a line break smuggled
    into those cannot replace the channel or the script.
    """
    env: dict[str, str] = {}
    for line in raw.split(b"\n"):
        name, colon, value = decode(line).partition(":")
        if colon:
            env.setdefault(name.strip(), value.strip())
    script, _, query = env.get("agi_network_script", "").partition("?")
    return Header(
        env,
        unquote(script, errors="replace").strip("/"),
        dict(parse_qsl(query, keep_blank_values=True, errors="replace")),
    )
