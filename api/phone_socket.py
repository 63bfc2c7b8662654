"""Where the browser telephone of a page finds the switch's WebSocket."""

import re

from starlette.requests import HTTPConnection

from api.backend import Backend

# What may stand in a header and in an address: a name, or an IP address.
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
LOOPBACK = "127.0.0.1"


def phone_host(connection: HTTPConnection) -> str:
    """The host by which the browser reached us; loopback for anything that is none."""
    name = connection.headers.get("host", "")
    host = name if name.endswith("]") else name.rpartition(":")[0] or name
    return host if _HOST.fullmatch(host) else LOOPBACK


def phone_socket(backend: Backend, connection: HTTPConnection) -> str:
    """Scheme, host and port. Without TLS the switch listens on loopback only."""
    host = phone_host(connection)
    if backend.web_phone_tls_port:
        return f"wss://{host}:{backend.web_phone_tls_port}"
    return f"ws://{host}:{backend.web_phone_port}"
