"""A browser's SIP over WebSocket (RFC 7118), in so far as registering needs it."""

import hashlib
import re
import secrets
from contextlib import ExitStack
from types import TracebackType

from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect


class SipSocket:
    def __init__(self, address: str, user: str) -> None:
        self._address, self._user = address, user
        self._call_id = secrets.token_hex(8)
        self._number = 0
        self._open = ExitStack()
        self._socket: ClientConnection | None = None

    def __enter__(self) -> "SipSocket":
        opening = connect(self._address, subprotocols=[Subprotocol("sip")], proxy=None)
        self._socket = self._open.enter_context(opening)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def register(self, password: str) -> int:
        """The final status of a registration."""
        status, answer = self._register("")
        if status != 401:
            return status
        found = dict(re.findall(r'(\w+)="([^"]*)"', answer.partition("WWW-Authenticate:")[2]))
        uri = "sip:127.0.0.1"
        first = _md5(f"{self._user}:{found['realm']}:{password}")
        count, own = "00000001", secrets.token_hex(8)
        last = _md5(f"REGISTER:{uri}")
        proof = _md5(f"{first}:{found['nonce']}:{count}:{own}:auth:{last}")
        status, _ = self._register(
            f'Authorization: Digest username="{self._user}", realm="{found["realm"]}", '
            f'nonce="{found["nonce"]}", uri="{uri}", response="{proof}", algorithm=MD5, '
            f'qop=auth, nc={count}, cnonce="{own}", opaque="{found.get("opaque", "")}"\r\n'
        )
        return status

    def answer_options(self) -> None:
        """The switch asks whether the telephone is there (qualify)."""
        assert self._socket is not None
        text = str(self._socket.recv(timeout=15))
        assert text.startswith("OPTIONS"), text
        kept = [
            line
            for line in text.split("\r\n")
            if line.partition(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")
        ]
        self._socket.send("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]))

    def _register(self, authorization: str) -> tuple[int, str]:
        assert self._socket is not None
        self._number += 1
        me = f"sip:{self._user}@127.0.0.1"
        self._socket.send(
            "REGISTER sip:127.0.0.1 SIP/2.0\r\n"
            f"Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK{secrets.token_hex(6)}\r\n"
            f"From: <{me}>;tag=browser\r\nTo: <{me}>\r\nCall-ID: {self._call_id}\r\n"
            f"CSeq: {self._number} REGISTER\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:{self._user}@browser.invalid;transport=ws>;expires=60\r\n"
            f"{authorization}Content-Length: 0\r\n\r\n"
        )
        while True:
            text = str(self._socket.recv(timeout=10))
            if text.startswith("SIP/2.0") and f"{self._number} REGISTER" in text:
                return int(text.split()[1]), text


def _md5(text: str) -> str:
    # RFC 3261, 22.4: what the switch asks for on this protected transport.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
