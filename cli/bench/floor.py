"""How soon desks know: words of danger, a seat's assignment, an event on a thousand desks.

Danger: callers speak a sentence with clear words; the clock starts when its last word has gone out
over RTP and stops when the alarm is on the live bus. Assignment: from the moment the exchange
chooses a seat (journalled) to the INVITE at that seat's telephone. Push: from the engine's bus to
each of a thousand WebSockets of the HTTP service, all read in one process beside it: an event for
everybody, then words that concern one desk each.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from typing import Any

from websockets.asyncio.client import ClientConnection as Desk
from websockets.asyncio.client import connect

from cli.bench import sipp
from cli.bench.figures import CannotMeasure, Line, percentile
from cli.bench.speech import mulaw, spoken
from cli.bench.system import System
from cli.phone import Line as SipLine
from cli.phone import Phone, PhoneFailed
from services import live

ROW = "floor"
SAID = "快来人啊我家着火了"
GOAL_DANGER_S, GOAL_ASSIGNED_S, GOAL_PUSHED_S = 1.5, 0.1, 0.15
DESKS = 1000
CALLS_PER_S = 1.0
QUIET_S = 3.0  # callers in danger do not wait for the end of the greeting
WRITTEN_AT_ONCE = 10
AT_ONCE = 50  # connections that are opened at the same time


@dataclass(frozen=True)
class Effort:
    dangers: int = 15
    conversations: int = 40
    desks: int = DESKS
    events: int = 60
    every_s: float = 0.5
    words_a_second: float = 3.0
    """Of each conversation: final and partial ones, of both sides."""
    words_for_s: float = 20.0


def lines(system: System, effort: Effort | None = None) -> list[Line]:
    """The rows of the table."""
    effort = effort or Effort()
    dangers = asyncio.run(danger_s(system, effort))
    assigned = asyncio.run(assigned_s(system, effort))
    pushed = asyncio.run(pushed_s(system, effort))
    words = asyncio.run(words_s(system, effort))
    rate = effort.desks // 2 * effort.words_a_second
    return [
        _line(f"word of danger → alarm, p95 of {len(dangers)} calls", dangers, 0.95, GOAL_DANGER_S),
        _line(
            f"seat chosen → telephone rings, p95 of {len(assigned)}",
            assigned,
            0.95,
            GOAL_ASSIGNED_S,
        ),
        _line(
            f"event → {effort.desks} desks, p99 of {len(pushed):,} deliveries",
            pushed,
            0.99,
            GOAL_PUSHED_S,
        ),
        _line(
            f"words of {effort.desks // 2} conversations, {rate:,.0f} a second → the desk each "
            f"concerns, of {effort.desks}, p99",
            words,
            0.99,
            GOAL_PUSHED_S,
        ),
    ]


def _line(what: str, found: list[float], share: float, goal_s: float) -> Line:
    took = percentile(found, share)
    return Line(
        ROW, what, f"{took * 1000:.0f} ms", goal=f"≤ {goal_s * 1000:.0f} ms", met=took <= goal_s
    )


# ---- words of danger ----
async def danger_s(system: System, effort: Effort) -> list[float]:
    """Seconds from the end of the words to the alarm, of each call."""
    speech = mulaw(spoken(SAID))
    ends_s = QUIET_S + len(speech) / sipp.RATE
    sound = sipp.MULAW_SILENCE * round(QUIET_S * sipp.RATE) + speech
    calls = sipp.Calls(
        system.settings.hotline_number,
        effort.dangers,
        CALLS_PER_S,
        effort.dangers,
        ends_s + 5.0,
        sound + sipp.MULAW_SILENCE * sipp.RATE * 30,
    )
    alarms: dict[str, float] = {}
    callers: dict[str, str] = {}
    async with _bus(system, lambda event: _note(event, alarms, callers)):
        outcome = await asyncio.to_thread(sipp.call, system, calls)
    found = [
        alarms[call_id] - outcome.answered_at[caller] - ends_s
        for call_id, caller in callers.items()
        if call_id in alarms and caller in outcome.answered_at
    ]
    if len(found) < effort.dangers * 0.8:
        raise CannotMeasure(f"{len(found)} alarms of {effort.dangers} calls")
    return [max(0.0, took) for took in found]


def _note(event: dict[str, Any], alarms: dict[str, float], callers: dict[str, str]) -> None:
    if event["type"] == "call_started":
        callers[event["call_id"]] = event["caller"]
    elif event["type"] == "alarm" and event["kind"] == "emergency":
        alarms.setdefault(event["call_id"], time.time())


@contextlib.asynccontextmanager
async def _bus(system: System, note: Any) -> Any:  # noqa: ANN401  a context of a callback
    ready = asyncio.Event()

    async def follow() -> None:
        async for event in live.subscribe(system.settings.live_socket, ready.set):
            note(event)

    task = asyncio.create_task(follow())
    await asyncio.wait_for(ready.wait(), 5)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# ---- assignments ----
async def assigned_s(system: System, effort: Effort) -> list[float]:
    """Seconds from the exchange's choice to the INVITE at the telephone, of each conversation."""
    seats = system.settings.agents
    rung: dict[str, list[float]] = {seat: [] for seat in seats}
    chosen: dict[str, list[float]] = {seat: [] for seat in seats}

    def note(event: dict[str, Any]) -> None:
        if event["type"] == "ringing":
            chosen[event["seat"]].append(datetime.fromisoformat(event["at"]).timestamp())

    calls = sipp.Calls(system.settings.hotline_number, effort.conversations, 1.0, 8, 12.0)
    with _telephones(system, rung):
        async with _bus(system, note):
            await asyncio.to_thread(sipp.call, system, calls)
    found = []
    for seat, moments in chosen.items():
        for at in moments:
            after = [one - at for one in rung[seat] if one >= at]
            if after:
                found.append(min(after))
    if len(found) < effort.conversations * 0.5:
        asked = sum(map(len, chosen.values()))
        raise CannotMeasure(
            f"{len(found)} assignments of {effort.conversations} calls: {asked} seats chosen, "
            f"{sum(map(len, rung.values()))} telephones rung"
        )
    return found


@contextmanager
def _telephones(system: System, rung: dict[str, list[float]]) -> Iterator[None]:
    """Every seat's softphone, answering by itself; when each was asked to ring goes into `rung`."""
    passwords = system.secrets.agent_phones
    over = Event()
    with ExitStack() as stack:
        threads = []
        for seat in rung:
            line = SipLine(
                system.settings.sip_address,
                seat,
                passwords[seat].get_secret_value(),
                seat,
                register=True,
                answer=True,
            )
            phone = stack.enter_context(Phone(line))
            threads.append(Thread(target=_listen, args=(phone, rung[seat], over), daemon=True))
        for thread in threads:
            thread.start()
        time.sleep(8.0)  # until all are registered and seen as free by the engine
        yield
        over.set()
        for thread in threads:
            thread.join(5)


def _listen(phone: Phone, moments: list[float], over: Event) -> None:
    while not over.is_set():
        with contextlib.suppress(PhoneFailed):
            # The INVITE's offer: baresip tells of no ringing where it answers by itself.
            phone.wait("CALL_REMOTE_SDP", within_s=1.0)
            moments.append(time.time())


# ---- push ----
@contextlib.asynccontextmanager
async def _desks(system: System, number: int, took: list[float]) -> AsyncIterator[list[Desk]]:
    """WebSockets of the HTTP service; how long each event of ours was under way goes to `took`."""
    token = system.secrets.api_token.get_secret_value()
    url = f"ws://127.0.0.1:{system.settings.api_port}/live"
    headers = {"Authorization": f"Bearer {token}"}
    desks: list[Desk] = []
    try:
        for first in range(0, number, AT_ONCE):
            opening = (
                connect(url, additional_headers=headers, open_timeout=30)
                for _ in range(min(AT_ONCE, number - first))
            )
            desks += await asyncio.gather(*opening)
        reading = [asyncio.create_task(_read(desk, took)) for desk in desks]
        yield desks
        await asyncio.sleep(1.0)
    finally:
        await asyncio.gather(*(desk.close() for desk in desks), return_exceptions=True)
    await asyncio.gather(*reading, return_exceptions=True)


async def pushed_s(system: System, effort: Effort) -> list[float]:
    """Seconds from publishing to each arrival, of an event that concerns every desk."""
    took: list[float] = []
    async with _desks(system, effort.desks, took):
        for _ in range(effort.events):
            await live.publish(system.settings.live_socket, _event(""))
            await asyncio.sleep(effort.every_s)
    return _all_of(took, effort.desks * effort.events)


async def words_s(system: System, effort: Effort) -> list[float]:
    """The same of words that concern one desk each, while half of the desks are in a call."""
    took: list[float] = []
    talking = effort.desks // 2
    rounds = round(effort.words_for_s * effort.words_a_second)
    async with _desks(system, effort.desks, took) as desks:
        for number, desk in enumerate(desks):
            await desk.send(json.dumps({"calls": [f"bench.{number}"]}))
        _, bus = await asyncio.open_unix_connection(str(system.settings.live_socket))
        bus.write(b"publish\n")
        began = time.monotonic()
        for told in range(rounds * talking):
            bus.write(json.dumps(_event(f"bench.{told % talking}")).encode() + b"\n")
            if told % WRITTEN_AT_ONCE == 0:
                await bus.drain()
                due = began + told / (talking * effort.words_a_second)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
        bus.close()
    return _all_of(took, rounds * talking)


def _event(call_id: str) -> dict[str, Any]:
    return {
        "type": "bench", "call_id": call_id, "at": datetime.now().astimezone().isoformat(),
        "text": SAID, "sent": time.time(),
    }  # fmt: skip


def _all_of(took: list[float], expected: int) -> list[float]:
    if len(took) < expected:
        raise CannotMeasure(f"{len(took)} of {expected} events arrived")
    return took


async def _read(desk: Desk, took: list[float]) -> None:
    async for text in desk:
        arrived = time.time()
        event = json.loads(text)
        if event["type"] == "bench":
            took.append(arrived - event["sent"])
