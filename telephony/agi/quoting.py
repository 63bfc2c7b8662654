"""How a command is written on the wire."""

import re

from telephony.line import LineError

# Our own bound: Asterisk 22.10.1 took lines of 5000 bytes whole, but GET VARIABLE gave only the
# first 1023 bytes of such a value back. Nothing we send is near this long.
MAX_COMMAND_BYTES = 2046
_VERB = re.compile(r"[A-Z]+(?: [A-Z]+)*")
_UNSAFE = re.compile(r"[\r\n\0]")


class UnsafeArgument(LineError, ValueError):
    """The argument would change meaning on its way to Asterisk: line break, NUL, too long."""


def quote(argument: str) -> str:
    """Wrap in double quotes. A line break would start a second command, so it is refused."""
    if _UNSAFE.search(argument):
        raise UnsafeArgument("an AGI argument cannot contain a line break or NUL")
    return '"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"'


def command_line(verb: str, arguments: tuple[str, ...]) -> bytes:
    """The bytes of one command. ``verb`` is ours and in capitals; every argument is quoted."""
    if not _VERB.fullmatch(verb):
        raise UnsafeArgument(f"not an AGI verb: {verb!r}")
    words = " ".join((verb, *map(quote, arguments)))
    try:
        line = words.encode()
    except UnicodeEncodeError:
        raise UnsafeArgument(f"{verb}: the argument is not text") from None
    if len(line) > MAX_COMMAND_BYTES:
        raise UnsafeArgument(f"{verb}: {len(line)} bytes, at most {MAX_COMMAND_BYTES} are sent")
    return line + b"\n"
