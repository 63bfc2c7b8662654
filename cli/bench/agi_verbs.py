"""AGI verbs per second and the time of one, ours beside panoramisk's server, in one run.

The peer is the real Asterisk (Local channels that talk FastAGI to the server under measurement)
or a stand-in that answers at once. Rounds alternate between the servers; the median round counts.
"""

import asyncio
import json
import multiprocessing
import selectors
import socket
import statistics
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from cli.bench.agi_servers import OURS, PANORAMISK, SERVERS
from cli.bench.figures import CannotMeasure, Line
from cli.bench.system import VERBS_CONTEXT, System
from config.settings import PROJECT
from telephony.ami.client import AmiAccess, AmiClient

ROW = "agi"
CALLS = 30
GOAL_RATIO = 2.0
GOAL_P50_US = 100.0
# A server that never ends its calls must not hold up the whole table.
OVERDUE_S = 30.0
HEADER = b"agi_network: yes\nagi_network_script: bench\nagi_uniqueid: bench-1.1\n\n"
REPLY = b"200 result=1 (bench-1.1)\n"


@dataclass(frozen=True)
class Effort:
    """Calls at once, seconds of each round with all calls and with one alone, rounds."""

    calls: int = CALLS
    seconds: float = 4.0
    alone_s: float = 1.5
    rounds: int = 3


@dataclass(frozen=True)
class Figures:
    """One server; ``p50_us`` and ``p99_us`` of a verb with one call alone, CPU with all calls."""

    verbs_per_s: float
    cpu_us: float
    p50_us: float
    p99_us: float


def lines(system: System) -> list[Line]:
    """The row of the table."""
    access = AmiAccess(
        "127.0.0.1",
        system.settings.ami_port,
        "hotline",
        system.secrets.ami.get_secret_value(),
        events="off",
    )
    found = run(access, Effort())
    ours = found[OURS]
    return (
        [
            Line(
                ROW,
                f"AGI verbs/s, {CALLS} calls, real Asterisk",
                f"{ours.verbs_per_s:,.0f}/s",
                f"{found[other].verbs_per_s:,.0f}/s {other}",
                ours.verbs_per_s / found[other].verbs_per_s,
                f"≥ {GOAL_RATIO:g} ×" if other == PANORAMISK else "",
                ours.verbs_per_s >= GOAL_RATIO * found[other].verbs_per_s
                if other == PANORAMISK
                else None,
            )
            for other in SERVERS[1:]
        ]
        + [
            Line(
                ROW,
                "CPU of our process per verb",
                f"{ours.cpu_us:.0f} µs",
                f"{found[other].cpu_us:.0f} µs {other}",
                ours.cpu_us / found[other].cpu_us,
            )
            for other in SERVERS[1:]
        ]
        + [
            Line(
                ROW,
                "one verb, p50 (p99), one call",
                f"{ours.p50_us:.0f} µs ({ours.p99_us:.0f})",
                f"{found[other].p50_us:.0f} µs ({found[other].p99_us:.0f}) {other}",
                ours.p50_us / found[other].p50_us,
                f"≤ {GOAL_P50_US:g} µs" if other == PANORAMISK else "",
                ours.p50_us <= GOAL_P50_US if other == PANORAMISK else None,
            )
            for other in SERVERS[1:]
        ]
    )


def run(asterisk: AmiAccess | None, effort: Effort) -> dict[str, Figures]:
    """Every server: rate with all calls, time of a verb with one. No Asterisk: the stand-in."""
    together: dict[str, list[dict[str, float]]] = {server: [] for server in SERVERS}
    alone: dict[str, list[dict[str, float]]] = {server: [] for server in SERVERS}
    for _ in range(effort.rounds):
        for server in SERVERS:
            together[server].append(measure(server, asterisk, effort.calls, effort.seconds))
            alone[server].append(measure(server, asterisk, 1, effort.alone_s))
    return {
        server: Figures(
            _median(together[server], "verbs_per_s"),
            _median(together[server], "cpu_us"),
            _median(alone[server], "p50_us"),
            _median(alone[server], "p99_us"),
        )
        for server in SERVERS
    }


def measure(
    server: str, asterisk: AmiAccess | None, calls: int, seconds: float
) -> dict[str, float]:
    """One round: start the server, connect the calls, read its figures."""
    command = [sys.executable, "-m", "cli.bench.agi_servers", server, str(seconds), str(calls)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        overdue = threading.Timer(seconds + OVERDUE_S, process.kill)
        overdue.start()
        try:
            port = int(_line(process, server))
            if asterisk is None:
                calling = multiprocessing.Process(target=stand_in, args=(port, calls))
                calling.start()
                figures = _line(process, server)
                calling.join()
            else:
                asyncio.run(originate(asterisk, port, calls))
                figures = _line(process, server)
        finally:
            overdue.cancel()
    return dict(json.loads(figures))


def stand_in(port: int, calls: int) -> None:
    """Asterisk's side of so many calls in one thread: every command is answered at once."""
    selector = selectors.DefaultSelector()
    for _ in range(calls):
        call = socket.create_connection(("127.0.0.1", port))
        call.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        call.sendall(HEADER)
        selector.register(call, selectors.EVENT_READ)
    while selector.get_map():
        for key, _ in selector.select():
            call = cast("socket.socket", key.fileobj)
            if not _answer(call):
                selector.unregister(call)
                call.close()


def _answer(call: socket.socket) -> bool:
    """False when the server has ended the call."""
    try:
        if call.recv(4096):
            call.sendall(REPLY)
            return True
    except OSError:
        return False
    return False


async def originate(access: AmiAccess, port: int, calls: int) -> None:
    """Place the calls on the real Asterisk: each runs FastAGI against the port."""
    client = AmiClient(access)
    await client.start()
    await client.wait_connected(5)
    for _ in range(calls):
        await client.send(
            {
                "Action": "Originate",
                "Channel": f"Local/verbs-hold@{VERBS_CONTEXT}/n",
                "Context": VERBS_CONTEXT,
                "Exten": f"verbs-{port}",
                "Priority": "1",
                "Async": "true",
            }
        )
    await client.close()


def _line(process: "subprocess.Popen[str]", server: str) -> str:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise CannotMeasure(f"the server {server!r} ended without figures")
    return line


def _median(rounds: Sequence[dict[str, float]], figure: str) -> float:
    return statistics.median(one[figure] for one in rounds)
