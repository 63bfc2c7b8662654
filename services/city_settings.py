"""What a city fixes itself where its text leaves it open: a limit, thresholds. Not law."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar.limit import parse_limit
from domain.cities.load import UnknownCity, cities
from domain.cities.rules import Rules
from domain.tickets.rehearsal.outcome import with_settings
from domain.tickets.supervision import Thresholds
from services.actor import Actor
from services.audit import Deed, write_down
from storage.repositories.cases import CitySettings
from storage.tables.city_setting import CitySettingRow


@dataclass(frozen=True)
class CitySetting:
    """`handle_limit` ("5wd") or `provincial_default` matter only where the text fixes no limit."""

    handle_limit: str | None = None
    provincial_default: bool = False
    thresholds: Thresholds = field(default_factory=Thresholds)

    def for_tickets(self) -> dict[str, Any]:
        """What a ticket keeps of it from its registration on."""
        kept = {
            "handle_limit": self.handle_limit,
            "provincial_default": self.provincial_default,
        }
        return {name: value for name, value in kept.items() if value}


def completed(rules: Rules, kept: dict[str, Any]) -> Rules:
    """The rules with what a ticket kept of its city's settings (`for_tickets`)."""
    limit = kept.get("handle_limit")
    return with_settings(
        rules,
        parse_limit(limit) if limit else None,
        provincial=bool(kept.get("provincial_default")),
    )


async def setting_of(session: AsyncSession, city: str) -> CitySetting:
    """Raises `UnknownCity`."""
    if city not in cities():
        raise UnknownCity(city)
    row = await CitySettings(session).newest(city)
    if row is None:
        return CitySetting()
    return CitySetting(row.handle_limit, row.provincial_default, Thresholds(**row.thresholds))


async def change_setting(
    session: AsyncSession, city: str, wanted: CitySetting, *, actor: Actor, now: datetime
) -> CitySetting:
    """Counts for tickets registered from now on. Raises `UnknownCity`, or ValueError: no limit."""
    before = await setting_of(session, city)
    if wanted.handle_limit is not None:
        parse_limit(wanted.handle_limit)
    CitySettings(session).add(
        CitySettingRow(
            city=city,
            handle_limit=wanted.handle_limit,
            provincial_default=wanted.provincial_default,
            thresholds=asdict(wanted.thresholds),
            at=now,
            actor=actor.name,
        )
    )
    detail = {"before": asdict(before), "after": asdict(wanted)}
    write_down(session, actor, Deed("city.settings", "city", city, "", detail), now=now)
    await session.flush()
    return wanted
