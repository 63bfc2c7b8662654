"""Many agents' telephones in one thread: they register, answer, talk for a while and hang up.

SIP by hand (RFC 3261, digest of RFC 2617): ten softphones would cost more than what is measured.
They send no sound.
"""

import asyncio
import hashlib
import random
import re
import secrets
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import cast

SDP = (
    "v=0\r\no=agent 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)
REGISTERS_EVERY_S = 60.0


@dataclass
class Talk:
    """One conversation. ``cut``: the other side ended it."""

    caller: str
    began_s: float
    ended_s: float | None = None
    cut: bool = False


@dataclass
class Agent(asyncio.DatagramProtocol):
    name: str
    password: str
    server: tuple[str, int]
    talk_s: tuple[float, float]
    talks: list[Talk] = field(default_factory=list)
    missed: int = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        self._port = int(transport.get_extra_info("sockname")[1])
        self._tag = secrets.token_hex(4)
        self._sequence = 1
        self._open: dict[str, Talk] = {}
        self._asked: dict[str, str] = {}
        self._register()

    def datagram_received(self, data: bytes, _address: object) -> None:
        text = data.decode(errors="replace")
        first, _, rest = text.partition("\r\n")
        if first.startswith("SIP/2.0 401"):
            self._register(text)
            return
        if first.startswith("SIP/2.0"):
            return
        method = first.partition(" ")[0]
        call = _header(rest, "Call-ID")
        match method:
            case "INVITE":
                self._invited(call, rest)
            case "ACK":
                self._acknowledged(call)
            case "BYE":
                self._answer("200 OK", rest)
                self._ended(call, cut=True)
            case "CANCEL":
                self._answer("200 OK", rest)
                if call in self._asked:
                    self._answer("487 Request Terminated", self._asked.pop(call))
                    self.missed += 1
            case _:
                self._answer("200 OK", rest)

    def close(self) -> None:
        self._transport.close()

    def _register(self, challenge: str = "") -> None:
        uri = f"sip:{self.server[0]}:{self.server[1]}"
        lines = [
            f"REGISTER {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._port};branch=z9hG4bK{secrets.token_hex(6)}",
            f"From: <sip:{self.name}@127.0.0.1>;tag={self._tag}",
            f"To: <sip:{self.name}@127.0.0.1>",
            f"Call-ID: register-{self.name}-{self._tag}",
            f"CSeq: {self._sequence} REGISTER",
            f"Contact: <sip:{self.name}@127.0.0.1:{self._port}>",
            "Expires: 120",
            "Max-Forwards: 70",
        ]
        self._sequence += 1
        if challenge:
            lines.append(self._authorization(challenge, uri))
        else:
            asyncio.get_running_loop().call_later(REGISTERS_EVERY_S, self._register_again)
        self._send(lines)

    def _register_again(self) -> None:
        if not self._transport.is_closing():
            self._register()

    def _authorization(self, challenge: str, uri: str) -> str:
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', _header(challenge, "WWW-Authenticate")))
        realm, nonce, mine = given["realm"], given["nonce"], secrets.token_hex(8)
        one = _md5(f"{self.name}:{realm}:{self.password}")
        two = _md5(f"REGISTER:{uri}")
        response = _md5(f"{one}:{nonce}:00000001:{mine}:auth:{two}")
        return (
            f'Authorization: Digest username="{self.name}", realm="{realm}", nonce="{nonce}", '
            f'uri="{uri}", response="{response}", algorithm=MD5, cnonce="{mine}", qop=auth, '
            f'nc=00000001, opaque="{given.get("opaque", "")}"'
        )

    def _invited(self, call: str, request: str) -> None:
        if call in self._asked or call in self._open:
            return  # sent again
        self._asked[call] = request
        self._answer("180 Ringing", request)
        asyncio.get_running_loop().call_later(0.2, self._pick_up, call)

    def _pick_up(self, call: str) -> None:
        request = self._asked.get(call)
        if request is not None:
            self._answer("200 OK", request, SDP.format(port=self._port + 1))

    def _acknowledged(self, call: str) -> None:
        request = self._asked.pop(call, None)
        if request is None:
            return
        caller = re.search(r"sip:([^@>;]*)@", _header(request, "From"))
        loop = asyncio.get_running_loop()
        talk = Talk(caller[1] if caller else "", loop.time())
        self._open[call] = talk
        self.talks.append(talk)
        length_s = random.uniform(*self.talk_s)
        loop.call_later(length_s, self._hang_up, call, request)

    def _hang_up(self, call: str, request: str) -> None:
        if call not in self._open or self._transport.is_closing():
            return
        contact = re.search(r"<([^>]*)>", _header(request, "Contact"))
        self._send(
            [
                f"BYE {contact[1] if contact else ''} SIP/2.0",
                f"Via: SIP/2.0/UDP 127.0.0.1:{self._port};branch=z9hG4bK{secrets.token_hex(6)}",
                f"From: {_header(request, 'To')};tag={self._tag}",
                f"To: {_header(request, 'From')}",
                f"Call-ID: {call}",
                "CSeq: 2 BYE",
                "Max-Forwards: 70",
            ]
        )
        self._ended(call, cut=False)

    def _ended(self, call: str, *, cut: bool) -> None:
        talk = self._open.pop(call, None)
        if talk is not None:
            talk.ended_s, talk.cut = asyncio.get_running_loop().time(), cut

    def _answer(self, status: str, request: str, body: str = "") -> None:
        lines = [f"SIP/2.0 {status}"]
        lines += [line for line in request.split("\r\n") if line.startswith(("Via:", "From:"))]
        tagged = "tag=" in _header(request, "To")
        lines.append(f"To: {_header(request, 'To')}{'' if tagged else f';tag={self._tag}'}")
        lines += [f"{name}: {_header(request, name)}" for name in ("Call-ID", "CSeq")]
        lines.append(f"Contact: <sip:{self.name}@127.0.0.1:{self._port}>")
        if body:
            lines.append("Content-Type: application/sdp")
        self._send(lines, body)

    def _send(self, lines: list[str], body: str = "") -> None:
        text = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])
        self._transport.sendto(text.encode(), self.server)


class Agents:
    """A context manager: all of them on a loop in a thread of its own."""

    def __init__(self, server: str, passwords: dict[str, str], talk_s: tuple[float, float]) -> None:
        host, _, port = server.partition(":")
        target = (host, int(port))
        self.all = [Agent(name, given, target, talk_s) for name, given in passwords.items()]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Agents":
        self._thread.start()
        for agent in self.all:
            asyncio.run_coroutine_threadsafe(self._open(agent), self._loop).result(5)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _open(self, agent: Agent) -> None:
        await self._loop.create_datagram_endpoint(lambda: agent, local_addr=("127.0.0.1", 0))

    async def _close(self) -> None:
        for agent in self.all:
            agent.close()
        await asyncio.sleep(0)  # a closed transport lets its socket go in the next round

    def now(self) -> float:
        """The clock of `Talk`."""
        return self._loop.time()

    def talks(self) -> list[Talk]:
        return [talk for agent in self.all for talk in list(agent.talks)]

    def talking(self) -> list[Talk]:
        return [talk for talk in self.talks() if talk.ended_s is None]


def _header(text: str, name: str) -> str:
    for line in text.split("\r\n"):
        if line.lower().startswith(f"{name.lower()}:"):
            return line.partition(":")[2].strip()
    return ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
