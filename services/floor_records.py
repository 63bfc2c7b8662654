"""Call-backs, alarms and broadcasts in the journal, and what their lines mean for the database.

A record of these has the call id `FLOOR`: no call's own. The kind ``call_back`` carries the whole
state of one call-back each time; the kind ``floor`` one event, ``what`` naming it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from domain.queueing.call_backs import CallBack
from services.journal import Record
from storage.repositories.floor import CallBacks, FloorEvents

FLOOR = "floor"
CALL_BACK = "call_back"
EVENT = "floor"
KINDS = frozenset({CALL_BACK, EVENT})
STATE = TypeAdapter(CallBack)
# Not stored by column: what only the engine needs.
_ENGINE_ONLY = ("needs",)


@dataclass
class FloorRecords:
    """Numbers records by their time in µs: rising, also over restarts and lost segments."""

    last: int = 0

    def call_back(self, state: CallBack, at: datetime) -> Record:
        return self._record(CALL_BACK, at, STATE.dump_python(state, mode="json"))

    def event(self, what: str, at: datetime, **body: object) -> Record:
        return self._record(EVENT, at, {"what": what, **body})

    def _record(self, kind: str, at: datetime, body: dict[str, Any]) -> Record:
        self.last = max(self.last + 1, round(at.timestamp() * 1e6))
        return Record(FLOOR, self.last, at, kind, body)


async def apply(session: AsyncSession, record: Record) -> bool:
    """Write one record down; False if it, or a newer one of the call-back, had been before."""
    if record.kind == EVENT:
        body = dict(record.body)
        kind = str(body.pop("what"))
        return await FloorEvents(session).append(
            {"seq": record.seq, "at": record.at, "kind": kind, "body": body}
        )
    state = vars(STATE.validate_python(record.body))
    values = {name: value for name, value in state.items() if name not in _ENGINE_ONLY}
    return await CallBacks(session).put({**values, "seq": record.seq, "changed_at": record.at})
