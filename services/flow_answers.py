"""Answers to what flows ask of the world outside the telephone: tickets, switches, texts, servers.

Each raises when it cannot answer; the flow then takes the node's error edge.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from domain.callers.suspension import SuspensionStatus
from services.actor import Actor
from services.flow_routing import turn_switch
from services.suspensions import status_of
from storage.database import Database
from storage.repositories.suspensions import Suspensions
from storage.repositories.tickets import TicketFilter, Tickets
from storage.tables.ticket import TicketRow

Given = Mapping[str, str]
Values = Mapping[str, str | int | float | bool]
PROOF_FIGURES = 4
MOST_ANSWER_BYTES = 64 * 1024


class HostNotAllowed(Exception):
    """A flow may only ask servers that the settings name."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not among the servers a flow may ask (flow_http_hosts)")


@dataclass(frozen=True)
class FlowAnswers:
    """``outbox``: where text messages are put as lines of JSON, unless a gateway takes them.

    ``hosts``: HOST or HOST:PORT of the servers that flows may ask.
    """

    database: Database
    outbox: Path
    hosts: frozenset[str]
    switches: Callable[[], Mapping[str, bool]]
    now: Callable[[], datetime]

    async def ticket(self, given: Given) -> Values:
        """By its number, or the newest of the caller. Personal: only for a verified caller."""
        async with self.database.session() as session:
            tickets = Tickets(session)
            if "number" in given:
                row = await tickets.find(given["number"])
            else:
                wanted = TicketFilter(caller=given.get("caller", ""))
                page = await tickets.page(wanted, after=None, limit=1)
                row = page.rows[0] if page.rows and wanted.caller else None
        return {"ticket.found": False} if row is None else _told(row)

    async def caller(self, given: Given) -> Values:
        """Whether the use of the hotline is suspended for this number now."""
        now = self.now()
        async with self.database.session() as session:
            rows = await Suspensions(session).of_caller(given.get("caller", ""))
        suspended = any(status_of(row, now) is SuspensionStatus.IN_FORCE for row in rows)
        return {"caller.suspended": suspended}

    async def told_switches(self, _given: Given) -> Values:
        """Those that are on."""
        return {f"switch.{name}": True for name, on in self.switches().items() if on}

    async def set_switch(self, given: Given) -> Values:
        """Turned by telephone; the trail names the line it was turned from."""
        actor = Actor("telephone", given.get("caller", ""))
        async with self.database.transaction() as session:
            on = given["on"] == "yes"
            await turn_switch(session, given["name"], on=on, actor=actor, now=self.now())
        return {}

    async def sms(self, given: Given) -> Values:
        """The file adapter: one line of JSON for each message."""
        line = json.dumps({"at": self.now().isoformat(), **given}, ensure_ascii=False)
        await asyncio.to_thread(self._put, line)
        return {}

    async def http(self, given: Given) -> Values:
        """GET with the facts as the query; plain fields of the JSON answer are told.

        Raises `HostNotAllowed`, and `httpx.HTTPError` or `ValueError` for a useless answer.
        """
        address = urlsplit(given["url"])
        if address.netloc not in self.hosts:
            raise HostNotAllowed(address.netloc)
        query = {name: value for name, value in given.items() if name != "url"}
        async with httpx.AsyncClient(trust_env=False, follow_redirects=False) as client:
            answer = await client.get(given["url"], params=query)
        answer.raise_for_status()
        if len(answer.content) > MOST_ANSWER_BYTES:
            raise ValueError(f"the answer has more than {MOST_ANSWER_BYTES} bytes")
        fields = answer.json()
        plain = {
            str(name): value
            for name, value in fields.items()
            if isinstance(value, str | int | float | bool)
        }
        return {"http.status": answer.status_code, **plain}

    def _put(self, line: str) -> None:
        self.outbox.parent.mkdir(parents=True, exist_ok=True)
        with self.outbox.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _told(row: TicketRow) -> Values:
    return {
        "ticket.found": True,
        "ticket.number": row.id,
        "ticket.status": row.status.value,
        "ticket.status_prompt": f"ticket-{row.status.value.replace('_', '-')}",
        "ticket.proof": row.caller[-PROOF_FIGURES:],
    }
