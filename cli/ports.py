"""Ports of this machine."""

import random
import socket
from collections.abc import Sequence

# Below the range from which the kernel gives out the others' (ip_local_port_range).
SERVING = range(20_000, 30_000, 50)


class NoFreePorts(Exception):
    """Nowhere on loopback are so many ports in a row free."""

    def __init__(self, size: int, among: Sequence[int]) -> None:
        super().__init__(f"no {size} free ports in a row from {among[0]} to {among[-1] + size}")


def is_free(port: int) -> bool:
    """Whether nobody listens there on loopback, by TCP or UDP."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def free_block(size: int, among: Sequence[int] = SERVING) -> int:
    """The first of ``size`` free ports in a row that begin at one of ``among``.

    In no order: two that look at the same moment must not find the same. Raises `NoFreePorts`.
    """
    for first in random.sample(among, len(among)):
        if all(is_free(port) for port in range(first, first + size)):
            return first
    raise NoFreePorts(size, among)
