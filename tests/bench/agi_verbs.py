"""AGI verbs per second and the time of one, ours beside panoramisk's server, in one run.

Against a stand-in (raw sockets in a process of their own, 30 calls, replies at once) and, when a
manager interface is named, against the real Asterisk (30 Local channels, each asking for a
variable over and over).

``python tests/bench/agi_verbs.py [--ami host:port:user:secret --context CTX] [--seconds 5]``

The real run needs in that context ``_verbs-X.`` → ``Answer()``,
``AGI(agi://127.0.0.1:${EXTEN:6}/bench)``, ``Hangup()`` and ``verbs-hold`` → ``Answer()``,
``Wait(600)``. Every server runs in a process of its own under uvloop (panoramisk also under
plain asyncio, as its manual starts it); rounds alternate, the median round counts.
"""

import argparse
import asyncio
import json
import multiprocessing
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script

from telephony.ami.client import AmiAccess, AmiClient

CALLS = 30
WARM_UP_S = 0.5
HEADER = b"agi_network: yes\nagi_network_script: bench\nagi_uniqueid: bench-1.1\n\n"
REPLY = b"200 result=1 (bench-1.1)\n"
SERVERS = ("ours", "panoramisk", "panoramisk-asyncio")


@dataclass(frozen=True)
class Row:
    """One server against one peer; ``p50_us`` and ``p99_us`` of one verb with one call alone."""

    server: str
    peer: str
    calls: int
    verbs_per_s: float
    p50_us: float
    p99_us: float
    cpu_us: float  # of the server's process, per verb, with all calls


@dataclass(frozen=True)
class RealAsterisk:
    """Where the real one is and which context has the bench extensions."""

    access: AmiAccess
    context: str


# --- the servers: `python agi_verbs.py --serve NAME SECONDS` prints its port, then its figures ---


class Tally:
    """Times of verbs after the warm-up, until the time is over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.took: list[float] = []
        self.first = 0.0
        self.last = 0.0
        self.cpu = 0.0  # of this process, since the warm-up

    def over(self, began: float, now: float) -> bool:
        """Count one verb; whether the measuring has ended."""
        if self.first == 0.0:
            self.first = now
        if now - self.first < WARM_UP_S:
            return False
        if not self.took:
            self.cpu = time.process_time()
        self.took.append(now - began)
        self.last = now
        return now - self.first >= WARM_UP_S + self.seconds

    def figures(self) -> dict[str, float]:
        ordered = sorted(self.took)
        return {
            "verbs_per_s": len(ordered) / (self.last - self.first - WARM_UP_S),
            "p50_us": ordered[len(ordered) // 2] * 1e6,
            "cpu_us": (time.process_time() - self.cpu) / len(ordered) * 1e6,
            "p99_us": ordered[int(len(ordered) * 0.99)] * 1e6,
        }


async def serve_ours(tally: Tally, calls: int) -> None:
    from telephony.agi.server import AgiServer
    from telephony.agi.session import AgiSession

    ended = 0
    over = asyncio.Event()

    async def handler(session: AgiSession) -> None:
        nonlocal ended
        while True:
            began = time.perf_counter()
            await session.get_variable("UNIQUEID")
            if tally.over(began, time.perf_counter()):
                break
        ended += 1
        if ended == calls:
            over.set()

    server = AgiServer(handler, max_sessions=1000)
    await server.start("127.0.0.1", 0)
    print(server.port, flush=True)
    await over.wait()
    await server.close()


async def serve_panoramisk(tally: Tally, calls: int) -> None:
    from panoramisk.fast_agi import Application, Request

    ended = 0
    over = asyncio.Event()

    async def handler(request: Request) -> None:
        nonlocal ended
        while True:
            began = time.perf_counter()
            await request.send_command('GET VARIABLE "UNIQUEID"')
            if tally.over(began, time.perf_counter()):
                break
        ended += 1
        if ended == calls:
            over.set()

    application = Application(loop=asyncio.get_running_loop())
    application.add_route("bench", handler)
    server = await asyncio.start_server(application.handler, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await over.wait()
    server.close()


def serve(name: str, seconds: float, calls: int) -> None:
    tally = Tally(seconds)
    run = serve_ours if name == "ours" else serve_panoramisk
    if name == "panoramisk-asyncio":
        asyncio.run(run(tally, calls))
    else:
        uvloop.run(run(tally, calls))
    print(json.dumps(tally.figures()), flush=True)


# --- the peers ------------------------------------------------------------------------------


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
            call = key.fileobj
            assert isinstance(call, socket.socket)
            try:
                heard = call.recv(4096)
                if heard:
                    call.sendall(REPLY)
                    continue
            except OSError:
                pass  # the server has ended the call: so do we
            selector.unregister(call)
            call.close()


async def originate(real: RealAsterisk, port: int, calls: int) -> None:
    """Place the calls on the real Asterisk: each runs FastAGI against the port."""
    client = AmiClient(replace(real.access, events="off"))
    await client.start()
    await client.wait_connected(5)
    for _ in range(calls):
        await client.send(
            {
                "Action": "Originate",
                "Channel": f"Local/verbs-hold@{real.context}/n",
                "Context": real.context,
                "Exten": f"verbs-{port}",
                "Priority": "1",
                "Async": "true",
            }
        )
    await client.close()


def measure(server: str, peer: RealAsterisk | None, calls: int, seconds: float) -> dict[str, float]:
    """One round: start the server, connect the calls, read its figures."""
    command = [sys.executable, __file__, "--serve", server, str(seconds), str(calls)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        # A server that never ends its calls must not hold up the whole table.
        overdue = threading.Timer(seconds + 30, process.kill)
        overdue.start()
        port = int(process.stdout.readline())
        if peer is None:
            calling = multiprocessing.Process(target=stand_in, args=(port, calls))
            calling.start()
            figures = process.stdout.readline()
            calling.join()
        else:
            asyncio.run(originate(peer, port, calls))
            figures = process.stdout.readline()
        overdue.cancel()
    return dict(json.loads(figures))


def run(
    real: RealAsterisk | None = None, *, calls: int = CALLS, seconds: float = 5.0, rounds: int = 3
) -> list[Row]:
    """Every server against every peer: rate with all calls, time of a verb with one call."""
    rows: list[Row] = []
    for name, peer in [("stand-in", None), *([("Asterisk", real)] if real else [])]:
        together: dict[str, list[dict[str, float]]] = {server: [] for server in SERVERS}
        alone: dict[str, list[dict[str, float]]] = {server: [] for server in SERVERS}
        for _ in range(rounds):
            for server in SERVERS:
                together[server].append(measure(server, peer, calls, seconds))
                alone[server].append(measure(server, peer, 1, min(seconds, 2.0)))
        rows.extend(
            Row(
                server,
                name,
                calls,
                _median(together[server], "verbs_per_s"),
                _median(alone[server], "p50_us"),
                _median(alone[server], "p99_us"),
                _median(together[server], "cpu_us"),
            )
            for server in SERVERS
        )
    return rows


def _median(rounds: list[dict[str, float]], figure: str) -> float:
    return statistics.median(one[figure] for one in rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=3, metavar=("SERVER", "SECONDS", "CALLS"))
    parser.add_argument("--ami", help="host:port:user:secret of a real Asterisk")
    parser.add_argument("--context", default="default")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve[0], float(options.serve[1]), int(options.serve[2]))
        return
    real = None
    if options.ami:
        host, port, user, secret = options.ami.split(":", 3)
        real = RealAsterisk(AmiAccess(host, int(port), user, secret), options.context)
    rows = run(real, seconds=options.seconds, rounds=options.rounds)
    print(
        f"{'peer':10} {'server':20} {'calls':>5} {'verbs/s':>9} {'p50 µs':>8} {'p99 µs':>8}"
        f" {'CPU µs':>8}"
    )
    for row in rows:
        print(
            f"{row.peer:10} {row.server:20} {row.calls:5} {row.verbs_per_s:9.0f}"
            f" {row.p50_us:8.1f} {row.p99_us:8.1f} {row.cpu_us:8.1f}"
        )


if __name__ == "__main__":
    main()
