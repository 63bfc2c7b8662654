"""Asterisk starts this when a caller is in the static fallback: is the engine back meanwhile?

A local AGI script (pyst2), because nothing of ours may be running. It tells the dialplan in
``ENGINE_BACK`` and writes into the call's slip that the call came through the fallback. The
dialplan goes on the same way when this script fails.

Usage: fail_safe.py SLIP ENGINE_PORT
"""

import socket
import sys
import time
from io import StringIO
from pathlib import Path

from asterisk.agi import AGI, AGIException


def main(slip: str, port: str) -> None:
    agi = AGI(stderr=StringIO())  # pyst2 prints every line there, the caller's number with it
    try:
        with Path(slip).open("a") as file:
            file.write(f"fallback {int(time.time())}\n")
    finally:
        agi.set_variable("ENGINE_BACK", "1" if _listens(int(port)) else "0")


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (AGIException, OSError, TypeError, ValueError) as failure:
        sys.exit(f"fail_safe: {failure}")
