"""What a ticket's events ask for outside it: kept with them, carried out by whoever can.

A catalogue effect needs nobody: the dispatch catalogue is read from them.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar.limit import CHINA
from domain.tickets.catalogue import Catalogue, written_back
from domain.tickets.lifecycle.ticket import Effect
from services.actor import Actor
from storage.repositories.effects import Effects
from storage.tables.ticket_case import TicketCaseRow
from storage.tables.ticket_effect import TicketEffectRow

CATALOGUE = "catalogue"


def keep(session: AsyncSession, case: TicketCaseRow, effects: Iterable[Effect]) -> None:
    """In the transaction of the event that asks for them."""
    for effect in effects:
        row = TicketEffectRow(
            ticket_id=case.ticket_id,
            city=case.city,
            at=effect.at,
            kind=effect.kind,
            to=effect.to,
            what=effect.what,
            article=effect.article,
            about=dict(effect.about),
        )
        if effect.kind == CATALOGUE:
            row.done_at, row.done_by = effect.at, "system"
        Effects(session).add(row)


async def carried_out(
    session: AsyncSession, effect_id: int, *, actor: Actor, now: datetime
) -> TicketEffectRow:
    """The effect, done; told again it stays as it was. Raises `EffectNotFound`."""
    row = await Effects(session).get(effect_id)
    if row.done_at is None:
        row.done_at, row.done_by = now, actor.name
    return row


async def catalogue_of(session: AsyncSession, city: str) -> Catalogue:
    """The dispatch catalogue as every designation in the city has written it."""
    rows = await Effects(session).of_city(city, CATALOGUE)
    told = (
        Effect(row.at.astimezone(CHINA), row.kind, row.to, row.what, row.article, row.about)
        for row in rows
    )
    return written_back(Catalogue(), told)
