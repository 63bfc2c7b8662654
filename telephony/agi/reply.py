"""What Asterisk sends back on an AGI session."""

import re
from enum import Enum
from typing import NamedTuple

from telephony.line import CallerHungUp, LineError
from telephony.text import decode

MAX_REPLY_BYTES = 64 * 1024
_OK = 200
_DEAD_CHANNEL = 511
_RESULT = re.compile(
    rb"200 result=(-?[\w*#]*)(?: \((.*)\))?(?: endpos=(-?\d+))?[ \r]*", re.DOTALL | re.ASCII
)
_STATUS = re.compile(rb"(\d{3})([ -])(.*)", re.DOTALL)


class AgiRefused(LineError):
    """Asterisk answered that it cannot or will not carry out the command."""


class Reply(NamedTuple):
    """One answer. ``note`` is what stands in brackets, or the text of a refusal."""

    status: int
    result: str = ""
    note: str = ""
    endpos: int | None = None  # in samples, from the start of the file played or recorded


class Inline(Enum):
    """Said by Asterisk without having been asked."""

    HANGUP = "HANGUP"


class ReplyReader:
    """Bytes in, whole replies out; how the stream is cut into segments makes no difference.

    A stream that is not AGI sets `broken` to the reason, and nothing is read from then on: a
    dialogue that is out of step must not be continued.
    """

    def __init__(self) -> None:
        self.broken = ""
        self._tail = b""
        self._unfinished: list[bytes] = []  # lines of a reply that has more to come
        self._held_bytes = 0

    def feed(self, segment: bytes) -> list[Reply | Inline]:
        """The replies completed by this segment, in order."""
        if self.broken:
            return []
        lines = (self._tail + segment).split(b"\n")
        self._tail = lines.pop()
        replies: list[Reply | Inline] = []
        for line in lines:
            reply = self._continue(line) if self._unfinished else self._start(line)
            if self.broken:
                return replies
            if reply is not None:
                replies.append(reply)
        if len(self._tail) + self._held_bytes > MAX_REPLY_BYTES:
            self.broken = "reply too long"
        return replies

    def _start(self, line: bytes) -> Reply | Inline | None:
        if len(line) > MAX_REPLY_BYTES:
            self.broken = "reply too long"
            return None
        if (match := _RESULT.fullmatch(line)) is not None:
            return _result(match)
        if line == b"HANGUP":
            return Inline.HANGUP
        status = _STATUS.fullmatch(line)
        if status is None:
            self.broken = "not a reply"
            return None
        code, dash, text = status.groups()
        if code.startswith(b"1"):  # "100 Trying": the answer proper is still to come
            return None
        if dash == b"-" or (code == b"200" and b" (" in line):
            # Usage text (520-), or a variable whose value contains a line break.
            self._hold(line)
            return None
        return Reply(int(code), note=decode(text))

    def _continue(self, line: bytes) -> Reply | None:
        self._hold(line)
        if self._held_bytes > MAX_REPLY_BYTES:
            self.broken = "reply too long"
            return None
        first = self._unfinished[0]
        if first.startswith(b"200 "):
            # Looked at only where a bracket closes: each look costs the length so far.
            whole = b"\n".join(self._unfinished) if b")" in line else b""
            match = _RESULT.fullmatch(whole)
            return None if match is None else self._release(_result(match))
        if line[:4] == first[:3] + b" ":
            text = b"\n".join(self._unfinished)
            return self._release(Reply(int(first[:3]), note=decode(text[4:])))
        return None

    def _hold(self, line: bytes) -> None:
        self._unfinished.append(line)
        self._held_bytes += len(line) + 1

    def _release(self, reply: Reply) -> Reply:
        self._unfinished = []
        self._held_bytes = 0
        return reply


def _result(match: re.Match[bytes]) -> Reply:
    result, note, endpos = match.groups()
    return Reply(
        _OK,
        result.decode("ascii"),
        "" if note is None else decode(note),
        None if endpos is None else int(endpos),
    )


def checked(reply: Reply, verb: str) -> Reply:
    """The reply of a command that was carried out; otherwise raise what it means.

    ``-1`` is how every verb spells a caller who has gone; with a note other than "hangup" it is
    a refusal (RECORD FILE: "writefile").
    """
    if reply.status == _OK and reply.result != "-1":
        return reply
    if reply.status == _DEAD_CHANNEL or (reply.status == _OK and reply.note in ("", "hangup")):
        raise CallerHungUp
    raise AgiRefused(f"{verb}: {reply.status} {reply.note}".strip())
