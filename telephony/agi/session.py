"""One call as FastAGI gives it: facts, and verbs that are carried out one after another."""

import re
from typing import TYPE_CHECKING

from telephony.agi.quoting import UnsafeArgument, command_line
from telephony.agi.reply import AgiRefused, Reply, checked
from telephony.line import CallerHungUp

if TYPE_CHECKING:
    from telephony.agi.connection import AgiConnection
    from telephony.agi.header import Header

# A variable, or a dialplan function with its argument: CALLERID(num).
_VARIABLE = re.compile(r"[A-Za-z_]\w*(?:\([^()]*\))?", re.ASCII)
_NO_SUCH_APPLICATION = "-2"
_NOTHING_PLAYED = ("-1", "", 0)  # result, note, endpos


class AgiSession:
    """Every verb raises `CallerHungUp` once the caller has gone, `LineError` on a refusal.

    Verbs: https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/AGI_Commands/
    """

    def __init__(
        self, connection: "AgiConnection", header: "Header", *, command_timeout_s: float
    ) -> None:
        self.env = header.env
        self.path = header.path
        self.query = header.query
        self._connection = connection
        self._command_timeout_s = command_timeout_s

    @property
    def hung_up(self) -> bool:
        """Whether Asterisk has said that the caller is gone."""
        return self._connection.hung_up

    async def command(
        self, verb: str, *arguments: str, timeout_s: float | None = None, dead: bool = False
    ) -> Reply:
        """Carry out one verb; the arguments are quoted here.

        ``timeout_s``: how long Asterisk may take, `CommandTimeout` after that. ``dead``: send it
        even after the hang-up (Asterisk then still takes GET and SET VARIABLE).
        """
        return checked(await self._reply(verb, arguments, timeout_s, dead=dead), verb)

    async def _reply(
        self, verb: str, arguments: tuple[str, ...], timeout_s: float | None, *, dead: bool = False
    ) -> Reply:
        line = command_line(verb, arguments)
        connection = self._connection
        if connection.lost or (connection.hung_up and not dead):
            raise CallerHungUp
        within_s = self._command_timeout_s if timeout_s is None else timeout_s
        return await connection.ask(line, verb, within_s)

    async def answer(self) -> None:
        await self.command("ANSWER")

    async def stream_file(self, sound: str, *, keys: str, timeout_s: float) -> Reply:
        """Play to the end or to one of the keys: the reply's result is its code, else "0"."""
        reply = await self._reply("STREAM FILE", (sound, keys), timeout_s)
        if reply[1:] == _NOTHING_PLAYED:
            # So Asterisk 22 answers for a missing file as well as for a caller who has gone. But
            # only a hang-up is announced by HANGUP, before the answer to whatever is asked next.
            await self.get_variable("UNIQUEID")
            raise AgiRefused(f"STREAM FILE: cannot play {sound}")
        return checked(reply, "STREAM FILE")

    async def wait_for_digit(self, within_s: float) -> str:
        """The next key, or ``""`` when none was pressed in time."""
        timeout_ms = max(0, round(within_s * 1000))
        reply = await self.command(
            "WAIT FOR DIGIT", str(timeout_ms), timeout_s=within_s + self._command_timeout_s
        )
        return key_of(reply)

    async def record_file(
        self, path: str, *, keys: str, max_s: float, silence_s: float, beep: bool
    ) -> Reply:
        """Record to ``path``.wav until a key, silence or the length ends it."""
        options = ["BEEP"] if beep else []
        if silence_s > 0:
            options.append(f"s={max(1, round(silence_s))}")
        return await self.command(
            "RECORD FILE",
            path,
            "wav",
            keys,
            str(round(max_s * 1000)),
            *options,
            timeout_s=max_s + self._command_timeout_s,
        )

    async def execute(
        self, application: str, argument: str = "", *, timeout_s: float | None = None
    ) -> str:
        """Run a dialplan application (EXEC); what it returned, mostly "0"."""
        reply = await self.command("EXEC", application, argument, timeout_s=timeout_s)
        if reply.result == _NO_SUCH_APPLICATION:
            raise AgiRefused(f"EXEC: no application {application}")
        return reply.result

    async def get_variable(self, name: str, *, dead: bool = False) -> str:
        """A channel variable or function, ``""`` when unset."""
        return (await self.command("GET VARIABLE", _variable(name), dead=dead)).note

    async def set_variable(self, name: str, value: str, *, dead: bool = False) -> None:
        await self.command("SET VARIABLE", _variable(name), value, dead=dead)

    async def set_music(self, *, on: bool, music_class: str = "") -> None:
        words = ("ON", music_class) if on and music_class else ("ON" if on else "OFF",)
        await self.command("SET MUSIC", *words)

    async def channel_status(self) -> int:
        """Asterisk's number of the channel's state, such as 4 (ringing) or 6 (up)."""
        return int((await self.command("CHANNEL STATUS")).result)

    async def go_on_at(self, context: str, extension: str, priority: int) -> None:
        """Where the dialplan continues when this session ends."""
        await self.command("SET CONTEXT", context)
        await self.command("SET EXTENSION", extension)
        await self.command("SET PRIORITY", str(priority))

    async def hang_up(self) -> None:
        await self.command("HANGUP")


def key_of(reply: Reply) -> str:
    """The key whose code a verb gave as its result; ``""`` for 0."""
    code = int(reply.result or "0")
    return chr(code) if code > 0 else ""


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise UnsafeArgument(f"not a variable: {name!r}")
    return name
