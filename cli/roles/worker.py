"""The worker: durable workflows on DBOS. What must happen after a call happens, once.

Each step is repeatable; DBOS remembers which are done. A worker killed at any point goes on where
it was, because the workflow's id is that of the call.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID

from asr.engines.remote import RECORDED, RemoteRecognizer
from asr.recognizer import RecognizerUnavailable
from cli.roles.beat import beat
from cli.roles.timers import Timers
from cli.vault import vault_for
from config.settings import Settings
from services import drafts, live, webhooks
from services.cards import file_card
from services.house import House
from services.knowledge import KnowledgeSearch
from services.recordings import Places, RecordingMissing, keep_recording
from services.transcripts import transcribe_missing
from services.workflows import DELIVER_WEBHOOK, DRAFT_CALL, QUEUE
from storage.database import Database

log = structlog.get_logger()

# Pending workflows are taken up again only by the version that began them; ours stay compatible.
WORKFLOW_VERSION = "1"
# A hang-up waits this long at most to be noticed: DBOS asks its database for work.
POLL_EVERY_S = 0.1
AT_ONCE = 4
HOUSE_EVERY_S = 60.0
# A recognizer or database that is away comes back some day.
AGAIN: dict[str, Any] = {
    "retries_allowed": True,
    "interval_seconds": 1.0,
    "backoff_rate": 1.2,
    "max_attempts": 1_000_000,
}
GIVEN_UP_AFTER_S = 3600.0 * 24 * 14


def main(settings: Settings) -> None:
    """Until SIGTERM; what is under way is taken up again at the next start."""
    config: DBOSConfig = {
        "name": "hotline",
        "system_database_url": settings.workflow_database,
        "application_version": WORKFLOW_VERSION,
        "executor_id": settings.node,
        "log_level": "WARNING",
        "console_log_level": "WARNING",
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": 1.0,
    }
    DBOS(config=config)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    workflows = _Workflows(settings)
    timers = Timers(settings, workflows.database, AGAIN)
    DBOS.listen_queues([QUEUE])
    DBOS.launch()
    await DBOS.register_queue_async(
        QUEUE,
        worker_concurrency=AT_ONCE,
        polling_interval_sec=POLL_EVERY_S,
        on_conflict="always_update",
    )
    calls_csv = settings.asterisk_dir / "log" / "cdr-csv" / "Master.csv"
    house = House(workflows.database, workflows.places, calls_csv, settings.zone)
    keeping = asyncio.create_task(_keep_house(house))
    beating = asyncio.create_task(beat(settings.run_dir / "worker.beat"))
    ticking = asyncio.create_task(timers.run())
    log.info("worker ready")
    await stopping.wait()
    beating.cancel()
    keeping.cancel()
    ticking.cancel()
    await asyncio.to_thread(DBOS.destroy)


async def _keep_house(house: House) -> None:
    """Every minute, for as long as the worker lives; a database that is away comes back."""
    while True:
        try:
            await house.round(_now())
        except Exception:
            log.exception("keeping house failed")
        await asyncio.sleep(HOUSE_EVERY_S)


def _now() -> datetime:
    return datetime.now(UTC)


class _Workflows:
    """The workflows of this process and what they work with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database)
        self.places = Places(settings.spool_dir, vault_for(settings, "worker"))
        self.places.vault.sweep()
        self.recognizer = RemoteRecognizer(settings.recognizer_urls, patience=RECORDED)
        self.knowledge = KnowledgeSearch()
        self.http = httpx.AsyncClient(trust_env=False)
        self._register()

    def _register(self) -> None:
        """DBOS marks the functions it is given, which a bound method does not allow."""

        @DBOS.step(name="transcribe", **AGAIN)
        async def transcribe(call_id: str) -> None:
            await self.transcribe(call_id)

        @DBOS.step(name="draft", **AGAIN)
        async def draft(call_id: str) -> tuple[str, list[str]]:
            return await self.draft(call_id)

        @DBOS.step(name="attempt", **AGAIN)
        async def attempt(key: str) -> tuple[bool, float]:
            return await self.attempt(key)

        @DBOS.workflow(name=DELIVER_WEBHOOK)
        async def deliver(key: str) -> str:
            return await _deliver(attempt, key)

        @DBOS.workflow(name=DRAFT_CALL)
        async def draft_call(call_id: str) -> str:
            """Keep the recording, write down what live ears missed, draft, tell the outside."""
            await transcribe(call_id)
            ticket_id, deliveries = await draft(call_id)
            for key in deliveries:
                with SetWorkflowID(f"{DELIVER_WEBHOOK}-{key}"):
                    await DBOS.start_workflow_async(deliver, key)
            return ticket_id

    async def transcribe(self, call_id: str) -> None:
        """The recording, and the words of its sides that were not heard live."""
        try:
            kept = await keep_recording(self.database, self.places, call_id, now=_now())
        except RecordingMissing:
            log.exception("recording missing", call=call_id)
            return
        try:
            missing = await transcribe_missing(
                self.database,
                self.recognizer,
                lambda: self.places.vault.plain_file(kept.path),
                call_id,
            )
        except RecognizerUnavailable:
            log.info("no recognizer yet", call=call_id)
            raise
        if missing:
            log.info("transcribed afterwards", call=call_id, sides=missing)

    async def draft(self, call_id: str) -> tuple[str, list[str]]:
        """The draft ticket's number, and the deliveries it asks for."""
        settings = self.settings
        ticket_id, deliveries = await drafts.draft_ticket(
            self.database,
            call_id,
            knowledge=self.knowledge,
            place=drafts.Place(settings.city, settings.zone),
            now=_now(),
        )
        async with self.database.transaction() as session:
            await file_card(session, call_id)
        event = {
            "type": "ticket_drafted",
            "call_id": call_id,
            "ticket_id": ticket_id,
            "at": _now().isoformat(),
        }
        await live.publish(settings.live_socket, event)
        return ticket_id, deliveries

    async def attempt(self, key: str) -> tuple[bool, float]:
        """Accepted, and else in how many seconds to try again."""
        try:
            progress = await webhooks.attempt(self.database, key, client=self.http, now=_now())
        except LookupError:
            log.exception("webhook delivery gone", key=key)
            return True, 0.0
        wait = progress.retry_in or webhooks.LONGEST_WAIT
        return progress.accepted, wait.total_seconds()


async def _deliver(attempt: Callable[[str], Awaitable[tuple[bool, float]]], key: str) -> str:
    """Try until accepted; between tries the workflow sleeps, also through restarts."""
    waited_s = 0.0
    while waited_s < GIVEN_UP_AFTER_S:
        accepted, retry_s = await attempt(key)
        if accepted:
            return "accepted"
        await DBOS.sleep_async(retry_s)
        waited_s += retry_s
    log.error("webhook given up", key=key, after_days=GIVEN_UP_AFTER_S / 86_400)
    return "given up"
