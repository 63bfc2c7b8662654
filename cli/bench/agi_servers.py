"""The FastAGI servers under measurement: ours, panoramisk's, and bare sockets as the limit.

``python -m cli.bench.agi_servers NAME SECONDS CALLS`` prints its port, then its figures as JSON.
Each of so many calls asks for a variable over and over. Ours runs under uvloop, as in the engine;
panoramisk's under asyncio, as its manual starts it, and under uvloop for comparison.
"""

import asyncio
import json
import selectors
import socket
import sys
import time
from typing import cast

import uvloop

OURS, PANORAMISK, BARE = "ours", "panoramisk", "bare sockets"
PANORAMISK_UVLOOP = "panoramisk under uvloop"
SERVERS = (OURS, PANORAMISK, PANORAMISK_UVLOOP, BARE)
WARM_UP_S = 0.5
QUESTION = b'GET VARIABLE "UNIQUEID"\n'
END_OF_HEADER = b"\n\n"


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
        """``cpu_us``: of this process, per verb."""
        ordered = sorted(self.took)
        return {
            "verbs_per_s": len(ordered) / (self.last - self.first - WARM_UP_S),
            "p50_us": ordered[len(ordered) // 2] * 1e6,
            "p99_us": ordered[int(len(ordered) * 0.99)] * 1e6,
            "cpu_us": (time.process_time() - self.cpu) / len(ordered) * 1e6,
        }


async def serve_ours(tally: Tally, calls: int) -> None:
    from telephony.agi.server import AgiServer
    from telephony.agi.session import AgiSession

    ended = _Countdown(calls)

    async def handler(session: AgiSession) -> None:
        while True:
            began = time.perf_counter()
            await session.get_variable("UNIQUEID")
            if tally.over(began, time.perf_counter()):
                break
        ended.one()

    server = AgiServer(handler, max_sessions=1000)
    await server.start("127.0.0.1", 0)
    print(server.port, flush=True)
    await ended.all.wait()
    await server.close()


async def serve_panoramisk(tally: Tally, calls: int) -> None:
    from panoramisk.fast_agi import Application, Request

    ended = _Countdown(calls)

    async def handler(request: Request) -> None:
        while True:
            began = time.perf_counter()
            await request.send_command(QUESTION.decode().rstrip())
            if tally.over(began, time.perf_counter()):
                break
        ended.one()

    application = Application(loop=asyncio.get_running_loop())
    application.add_route("bench", handler)
    server = await asyncio.start_server(application.handler, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await ended.all.wait()
    server.close()


def serve_bare(tally: Tally, calls: int) -> None:
    """No protocol at all: a line out, a line in. What Python and the kernel allow."""
    selector = selectors.DefaultSelector()
    listening = socket.create_server(("127.0.0.1", 0), backlog=calls)
    print(listening.getsockname()[1], flush=True)
    for _ in range(calls):
        call, _ = listening.accept()
        call.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        header = b""
        while not header.endswith(END_OF_HEADER):
            header += call.recv(4096)
        selector.register(call, selectors.EVENT_READ, [time.perf_counter()])
        call.sendall(QUESTION)
    while selector.get_map():
        for key, _ in selector.select():
            call, asked_at = cast("socket.socket", key.fileobj), key.data
            heard = call.recv(4096)
            over = tally.over(asked_at[0], time.perf_counter())
            if over or not heard:
                selector.unregister(call)
                call.close()
                continue
            asked_at[0] = time.perf_counter()
            call.sendall(QUESTION)


class _Countdown:
    """Set when as many calls have ended as were asked for."""

    def __init__(self, calls: int) -> None:
        self.left = calls
        self.all = asyncio.Event()

    def one(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.all.set()


def main(name: str, seconds: float, calls: int) -> None:
    tally = Tally(seconds)
    served = {
        OURS: lambda: uvloop.run(serve_ours(tally, calls)),
        PANORAMISK: lambda: asyncio.run(serve_panoramisk(tally, calls)),
        PANORAMISK_UVLOOP: lambda: uvloop.run(serve_panoramisk(tally, calls)),
        BARE: lambda: serve_bare(tally, calls),
    }
    served[name]()
    print(json.dumps(tally.figures()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
