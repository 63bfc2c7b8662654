"""``hotline call``: one real SIP call into the running system, and the draft it becomes."""

import asyncio
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import httpx

from cli.phone import Line, Phone, PhoneFailed, speech
from cli.switchboard import CITIZEN_PHONE
from config import secrets
from config.settings import Settings
from services import live

LISTENS_WITHIN_S = 90.0
DRAFT_WITHIN_S = 60.0
# The tone before a message lasts 0.25 s; a person waits a moment after it.
AFTER_TONE_S = 0.8
AFTER_SPEECH_S = 1.2


class CallFailed(Exception):
    """No call, or no draft; says why."""


@dataclass(frozen=True)
class Request:
    wav: Path
    caller: str
    dialled: str


def place(settings: Settings, request: Request) -> dict[str, Any]:
    """Call, speak when the system listens, hang up, wait for the draft.

    Raises `CallFailed`.
    """
    if not request.wav.is_file():
        raise CallFailed(f"{request.wav}: there is no such file")
    known = secrets.load(settings.home)
    line = Line(
        server=settings.sip_address,
        user=CITIZEN_PHONE,
        password=known.citizen_phone.get_secret_value(),
        shown=request.caller,
    )
    began = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, _Watch(settings.live_socket) as watch:
        try:
            length_s = speech(request.wav, Path(folder) / "speech.wav")
            with Phone(line) as phone:
                call_id = _converse(phone, watch, request, Path(folder) / "speech.wav", length_s)
        except PhoneFailed as failure:
            raise CallFailed(str(failure)) from failure
    token = known.api_token.get_secret_value()
    return _draft(settings, token, call_id, request.caller, began)


def _converse(
    phone: Phone, watch: "_Watch", request: Request, wav: Path, length_s: float
) -> str | None:
    """Returns the call's id, if the engine was there to tell it."""
    phone.dial(request.dialled)
    call_id = _until_listening(phone, watch, request.caller)
    time.sleep(AFTER_TONE_S)
    phone.speak(wav)
    time.sleep(length_s + AFTER_SPEECH_S)
    phone.hang_up()
    return call_id


def _until_listening(phone: Phone, watch: "_Watch", caller: str) -> str | None:
    """Wait for the tone or for an agent. With the engine away: until its fallback has spoken."""
    call_id: str | None = None
    deadline = time.monotonic() + LISTENS_WITHIN_S
    while time.monotonic() < deadline:
        event = watch.next(0.2)
        if event is None:
            if not phone.in_call():
                raise CallFailed("the hotline hung up before it listened")
            continue
        if event["type"] == "call_started" and event.get("caller") == caller:
            call_id = event["call_id"]
        if event["call_id"] != call_id:
            continue
        if event["type"] == "talking" or (event["type"] == "node" and event["listens"]):
            return call_id
    raise CallFailed(f"the hotline did not listen within {LISTENS_WITHIN_S:g} s")


def _draft(
    settings: Settings, token: str, call_id: str | None, caller: str, began: datetime
) -> dict[str, Any]:
    deadline = time.monotonic() + DRAFT_WITHIN_S
    base = settings.api_url
    headers = {"Authorization": f"Bearer {token}"}
    why = "no draft yet"
    with httpx.Client(base_url=base, headers=headers, timeout=10, trust_env=False) as http:
        while time.monotonic() < deadline:
            try:
                found = _look(http, call_id, caller, began)
            except httpx.HTTPError as failure:
                why = f"{base}: {failure}"
            else:
                if found is not None:
                    return found
            time.sleep(0.1)
    raise CallFailed(f"no draft within {DRAFT_WITHIN_S:g} s of hanging up ({why})")


def _look(
    http: httpx.Client, call_id: str | None, caller: str, began: datetime
) -> dict[str, Any] | None:
    if call_id is None:
        query = {"caller": caller, "started_from": began.isoformat()}
        calls = http.get("/calls", params=query).raise_for_status().json()["calls"]
        if not calls:
            return None
        call_id = calls[0]["call_id"]
    answer = http.get(f"/calls/{call_id}")
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    tickets = answer.raise_for_status().json()["tickets"]
    if not tickets:
        return None
    ticket = http.get(f"/tickets/{tickets[0]}").raise_for_status().json()
    wanted = ("caller", "category", "title", "summary", "caller_text", "agent_text", "fields")
    return {
        "ticket_id": ticket["ticket_id"],
        "call_id": call_id,
        **{name: ticket[name] for name in wanted},
        "status": ticket["status"],
        "recording": f"/calls/{call_id}/recording",
    }


class _Watch:
    """The live bus, read by a thread. Without an engine there is nothing to read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._events: Queue[live.Event] = Queue()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(5)

    def next(self, within_s: float) -> live.Event | None:
        try:
            return self._events.get(timeout=within_s)
        except Empty:
            return None

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._read())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()

    async def _read(self) -> None:
        while True:
            with suppress(OSError):
                async for event in live.subscribe(self._path, on_subscribed=self._ready.set):
                    self._events.put(event)
            self._ready.set()
            await asyncio.sleep(0.5)
