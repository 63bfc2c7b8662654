"""Tickets that live under a city's rules, told to the services with their moments."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.tickets.lifecycle.states import Verb
from services.actor import Actor
from services.cases import Case, Deed, act, look, pass_time
from services.tickets import NewTicket, register_ticket
from storage.database import Database
from storage.repositories.ticket_events import TicketEvents
from storage.tables.ticket_event import TicketEventRow

ZONE = ZoneInfo("Asia/Shanghai")
AGENT = Actor("account:li")


def china(text: str) -> datetime:
    """`2026-09-30T10:00:00`, or a date and an hour: `2026-09-30 10`."""
    if " " in text:
        day, hour = text.split()
        text = f"{day}T{hour}:00:00"
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


class Lives:
    """One database full of tickets."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def draft(self, city: str, at: str, **fields: Any) -> str:
        new = NewTicket(city=city, **{"category": "投诉", "caller": "13800000000", **fields})
        async with self.database.transaction() as session:
            row, _ = await register_ticket(session, new, actor=AGENT, now=china(at), zone=ZONE)
        return row.id

    async def does(self, ticket_id: str, verb: str, at: str, **fields: Any) -> Case:
        async with self.database.transaction() as session:
            deed = Deed(Verb(verb), None, fields)
            return await act(session, ticket_id, deed, actor=AGENT, now=china(at))

    async def given(self, city: str, at: str, unit: str = "住建局", **draft: Any) -> str:
        """A registered and dispatched ticket."""
        number = await self.draft(city, at, **draft)
        await self.does(number, "register", at)
        await self.does(number, "dispatch", at, unit=unit)
        return number

    async def time_passes(self, ticket_id: str, at: str) -> list[str]:
        async with self.database.transaction() as session:
            return (await pass_time(session, [ticket_id], now=china(at)))[ticket_id]

    async def seen(self, ticket_id: str, at: str) -> Case:
        async with self.database.session() as session:
            return await look(session, ticket_id, now=china(at))

    async def history(self, ticket_id: str) -> list[TicketEventRow]:
        async with self.database.session() as session:
            return list(await TicketEvents(session).of_ticket(ticket_id))
