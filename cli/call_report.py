"""``hotline draft --call ID --html FILE``: draft, words and sound of a call in one file."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from api.schemas.calls import masked_words
from api.schemas.tickets import masked_fields
from cli.call_page import page
from cli.draft import CannotDraft, local_api
from cli.vault import vault_for
from config.settings import Settings
from domain.accounts.masking import mask_number, mask_text
from services.actor import Actor
from services.audit import Deed, write_down
from services.listening import REDACTED, WHOLE, Stretch, write_listening
from services.masked_recordings import MaskedSound, hidden_stretches
from storage.database import Database
from storage.repositories.calls import Recordings
from storage.tables.recording import Keeping
from storage.vault.shelf import SoundMissing

SHELL = Actor("shell")


def write(settings: Settings, call_id: str, file: Path, reason: str | None) -> None:
    """Write the page. Private words are masked, in the sound too, unless ``reason`` says why not.

    A reason is written to the audit trail. Raises `CannotDraft`.
    """
    with local_api(settings) as http:
        try:
            call, ticket = _fetched(http, call_id)
        except httpx.HTTPError as failure:
            raise CannotDraft(f"the system does not answer ({failure})") from failure
    if not reason:
        call, ticket = _masked_call(call), _masked_ticket(ticket)
    sound = asyncio.run(_sound(settings, call_id, reason))
    try:
        file.write_text(page(call, ticket, sound), "utf-8")
    except OSError as failure:
        raise CannotDraft(f"{file}: {failure.strerror}") from failure


def _fetched(http: httpx.Client, call_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """In clear: the machine's own token sees everything."""
    found = http.get(f"/calls/{call_id}")
    if found.status_code == httpx.codes.NOT_FOUND:
        raise CannotDraft(f"{call_id}: there is no such call")
    call: dict[str, Any] = found.raise_for_status().json()
    if not call["tickets"]:
        raise CannotDraft(f"{call_id}: no draft yet")
    ticket = http.get(f"/tickets/{call['tickets'][0]}").raise_for_status().json()
    return call, ticket


def _masked_call(call: Mapping[str, Any]) -> dict[str, Any]:
    turns = [
        {**turn, "text": mask_text(turn["text"]), "words": masked_words(turn["words"])}
        for turn in call["transcript"]
    ]
    return {**call, "caller": mask_number(call["caller"]), "transcript": turns}


def _masked_ticket(ticket: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: mask_text(ticket[name]) for name in ("title", "summary")}
    return {**ticket, **texts, "fields": masked_fields(ticket["fields"])}


async def _sound(settings: Settings, call_id: str, reason: str | None) -> bytes:
    """The recording, empty if there is none; who took it and why is written down."""
    database, vault = Database(settings.database), vault_for(settings, "shell")
    try:
        async with database.session() as session:
            row = await Recordings(session).of_call(call_id)
            hidden = {} if reason else await hidden_stretches(session, call_id)
        now = datetime.now(UTC)
        if reason:
            async with database.transaction() as session:
                write_down(session, SHELL, Deed("call.unmask", "call", call_id, reason), now=now)
        if row is None or row.keeping != Keeping.KEPT:
            return b""
        async with database.transaction() as session:
            action = "recording.unmask" if reason else "recording.listen"
            deed = Deed(action, "call", call_id, reason or "", {"masked": bool(hidden)})
            write_down(session, SHELL, deed, now=now)
        stretch = Stretch(call_id, REDACTED if hidden else WHOLE, 0.0, row.length_s)
        await write_listening(database, SHELL, stretch, now=now)
        masked = MaskedSound(await asyncio.to_thread(vault.open, row.path), hidden)
        return b"".join(masked.pieces(0, masked.plain_bytes))
    except SoundMissing:
        return b""
    finally:
        await database.close()
