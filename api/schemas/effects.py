"""What has to happen outside tickets, and the dispatch catalogue."""

from datetime import datetime, tzinfo
from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example, local, local_or_none
from domain.tickets.catalogue import Catalogue
from storage.tables.ticket_effect import TicketEffectRow

EXAMPLE_EFFECT: dict[str, Any] = {
    "id": 7,
    "ticket_id": "260930864000",
    "at": "2026-10-10T09:00:00+08:00",
    "kind": "sms",
    "to": "诉求人",
    "what": "短信告知延期",
    "article": "第十四条",
    "about": {"until": "2026-10-20T23:59:59+08:00", "number": 1},
    "done_at": None,
    "done_by": "",
}


class EffectAnswer(Output):
    """Something to be done outside a ticket; the requester's number stands with the ticket."""

    model_config = example(**EXAMPLE_EFFECT)

    id: int
    ticket_id: str
    at: datetime
    kind: str = Field(description="sms, notice, push, referral, report_up, catalogue")
    to: str
    what: str
    article: str
    about: dict[str, Any]
    done_at: datetime | None
    done_by: str

    @classmethod
    def of(cls, row: TicketEffectRow, zone: tzinfo) -> "EffectAnswer":
        return cls(
            id=row.id,
            ticket_id=row.ticket_id,
            at=local(row.at, zone),
            kind=row.kind,
            to=row.to,
            what=row.what,
            article=row.article,
            about=row.about,
            done_at=local_or_none(row.done_at, zone),
            done_by=row.done_by,
        )


class EffectList(Output):
    """What nobody has carried out yet, the oldest first."""

    model_config = example(effects=[EXAMPLE_EFFECT])

    effects: list[EffectAnswer]


class CatalogueRow(Output):
    """One designation; a key that is missing fits everything."""

    model_config = example(
        keys={"content": "路灯"},
        unit="住建局",
        since="2026-10-10T09:00:00+08:00",
        source="第十二条",
    )

    keys: dict[str, str]
    unit: str
    since: datetime
    source: str


class CatalogueAnswer(Output):
    """The dispatch catalogue as designations have written it."""

    model_config = example(
        city="lishui",
        version=1,
        units=["住建局"],
        rows=[
            {
                "keys": {"content": "路灯"},
                "unit": "住建局",
                "since": "2026-10-10T09:00:00+08:00",
                "source": "第十二条",
            }
        ],
    )

    city: str
    version: int
    units: list[str] = Field(description="Those that fit what was asked for, the most exact first")
    rows: list[CatalogueRow]

    @classmethod
    def of(cls, city: str, found: Catalogue, keys: dict[str, object]) -> "CatalogueAnswer":
        return cls(
            city=city,
            version=found.version,
            units=list(found.units(keys)),
            rows=[
                CatalogueRow(keys=dict(row.keys), unit=row.unit, since=row.since, source=row.source)
                for row in found.rows
            ],
        )
