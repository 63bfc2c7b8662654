"""What supervisors have set, as the engine holds it: from the database, or from a file.

The engine asks once a second, and at once when the HTTP service says that something was changed;
what it got is written to a file, so that it is in force also while the database is down.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from domain.queueing.policy import Policy
from domain.queueing.roster import Duty
from domain.queueing.rules import DEFAULT_QUEUE, QueueRule
from services.floor import DUTY, POLICY, RULE, everything
from services.keeping_up import keep_up
from storage.database import Database

log = structlog.get_logger()

REFRESH_EVERY_S = 1.0


@dataclass(frozen=True)
class FloorSettings:
    """``first``: number → until when it goes before others, None: for good."""

    queues: tuple[QueueRule, ...] = (DEFAULT_QUEUE,)
    policy: Policy = field(default_factory=Policy)
    duties: tuple[Duty, ...] = ()
    first: dict[str, datetime | None] = field(default_factory=dict)

    def goes_first(self, caller: str, now: datetime) -> bool:
        if caller not in self.first:
            return False
        until = self.first[caller]
        return until is None or now < until


def settings_of(raw: dict[str, Any]) -> FloorSettings:
    """What `services.floor.everything` made; ValueError, KeyError or TypeError for else."""
    return FloorSettings(
        tuple(RULE.validate_python(rule) for rule in raw["queues"]),
        POLICY.validate_python(raw["policy"]),
        tuple(DUTY.validate_python(duty) for duty in raw["duties"]),
        {
            caller: datetime.fromisoformat(until) if until else None
            for caller, until in raw["first"].items()
        },
    )


class FloorShelf:
    """``on_changed`` is told new settings, also those that `load` finds."""

    def __init__(self, database: Database, file: Path, now: Callable[[], datetime]) -> None:
        self._database, self._file, self._now = database, file, now
        self._raw: dict[str, Any] = {}
        self.settings = FloorSettings()
        self.on_changed: Callable[[FloorSettings], None] = lambda _settings: None

    def load(self) -> None:
        """What was in force when the engine last asked; without it the product's own."""
        try:
            self._take(json.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as failure:
            log.warning("kept settings of the floor unreadable", why=type(failure).__name__)

    async def run(self) -> None:
        """Keep up with the database until cancelled."""
        await keep_up(self.refresh, every_s=REFRESH_EVERY_S, what="settings of the floor")

    async def refresh(self) -> None:
        """Take what the database has now. Raises what the database raises."""
        async with self._database.session() as session:
            fresh = await everything(session, self._now())
        if fresh != self._raw:
            self._take(fresh)
            await asyncio.to_thread(self._keep, json.dumps(fresh, ensure_ascii=False))
            log.info("settings of the floor taken over", queues=len(self.settings.queues))

    def _take(self, raw: dict[str, Any]) -> None:
        self.settings = settings_of(raw)
        self._raw = raw
        self.on_changed(self.settings)

    def _keep(self, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.touch(mode=0o600)  # telephone numbers of the elderly
        fresh.write_text(text, "utf-8")
        fresh.replace(self._file)
