"""Ports of this machine."""

import socket


def is_free(port: int) -> bool:
    """Whether nobody listens there on loopback, by TCP or UDP."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
