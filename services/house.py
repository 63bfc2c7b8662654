"""What is done for recordings unasked: nightly reconciliation, confirmed deletions."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path

import structlog

from services.actor import SYSTEM
from services.reconcile import reconcile
from services.recordings import Places
from services.retention import carry_out, propose
from storage.database import Database

log = structlog.get_logger()

# Few people call then; the same hour for every city, in its own time.
NIGHT = time(3, 0)


@dataclass
class House:
    """``reconciled_on``: the last day on which calls and recordings were compared."""

    database: Database
    places: Places
    calls_csv: Path
    zone: tzinfo
    reconciled_on: date | None = None

    async def round(self, now: datetime) -> None:
        """Carry out what was confirmed; once a night look for gaps and propose what is due.

        Asked for every minute. Gaps are logged with their cause, as `hotline recordings
        reconcile` prints them.
        """
        for number in await carry_out(self.database, self.places.vault, now=now):
            log.info("deletion carried out", deletion=number)
        here = now.astimezone(self.zone)
        if here.time() < NIGHT or self.reconciled_on == here.date():
            return
        self.reconciled_on = here.date()
        checked, gaps = await reconcile(self.database, self.places, self.calls_csv)
        for gap in gaps:
            log.error("recording gap", call=gap.call_id, lacks=gap.lacks, cause=gap.cause)
        log.info("calls reconciled", checked=checked, gaps=len(gaps))
        await propose(self.database, SYSTEM, now=now)
