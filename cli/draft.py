"""``hotline draft``: drafts of written requests, or the stored draft of a call."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from config import secrets
from config.settings import Settings
from domain.cities.load import city_names
from domain.drafting.draft import NOTHING, Draft, draft
from domain.drafting.places import city_named
from domain.drafting.speech import Span
from domain.drafting.written import written_utterance
from services.draft_fields import fields_of

ZONE = ZoneInfo("Asia/Shanghai")
SHARE_DIGITS = 4
STDIN = "-"


class CannotDraft(Exception):
    """A line that is no request, or a call without a draft; says why."""


def each(lines: Iterable[str], now: datetime | None = None) -> Iterator[dict[str, Any]]:
    """One draft for each line that is not blank; ``now``: when the requests were made (昨天).

    Raises `CannotDraft` with the number of the line.
    """
    at = (now or datetime.now(UTC)).astimezone(ZONE)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _drafted(_request(line, number), at)


def of_file(path: Path) -> Iterator[dict[str, Any]]:
    """Drafts of the requests in ``path``, "-" is stdin. Raises `CannotDraft`."""
    if str(path) == STDIN:
        yield from each(sys.stdin)
        return
    try:
        with path.open(encoding="utf-8-sig") as lines:
            yield from each(lines)
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotDraft(f"{path}: {failure}") from failure


def local_api(settings: Settings) -> httpx.Client:
    """The running system's API, as this machine may use it."""
    token = secrets.load(settings.home).api_token.get_secret_value()
    return httpx.Client(
        base_url=f"http://127.0.0.1:{settings.api_port}",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=60,
    )


def stored(settings: Settings, call_id: str) -> dict[str, Any]:
    """The draft of a call as the running system has it. Raises `CannotDraft`."""
    try:
        with local_api(settings) as http:
            call = http.get(f"/calls/{call_id}")
            if call.status_code == httpx.codes.NOT_FOUND:
                raise CannotDraft(f"{call_id}: there is no such call")
            tickets = call.raise_for_status().json()["tickets"]
            if not tickets:
                raise CannotDraft(f"{call_id}: no draft yet")
            found: dict[str, Any] = http.get(f"/tickets/{tickets[0]}").raise_for_status().json()
            return found
    except httpx.HTTPError as failure:
        raise CannotDraft(f"the system does not answer ({failure})") from failure


def _request(line: str, number: int) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except json.JSONDecodeError as failure:
        raise CannotDraft(f"line {number}: {failure}") from failure
    if not isinstance(request, dict) or not isinstance(request.get("text"), str):
        raise CannotDraft(f'line {number}: no object with "id" and "text"')
    return request


def _drafted(request: dict[str, Any], at: datetime) -> dict[str, Any]:
    text = request["text"]
    given = str(request.get("city") or "")
    city = city_names().get(given, given.removesuffix("市")) or city_named(text)
    made = draft([written_utterance(text)], caller_number="", call_started_at=at, city=city)
    if not city and made.place and made.place.parts.get("city"):
        # 小金口街道 is in one city only: its offices have names.
        city = made.place.parts["city"].removesuffix("市")
        made = draft([written_utterance(text)], caller_number="", call_started_at=at, city=city)
    return {
        "id": request.get("id"),
        "category": made.category.value,
        "topic": [[topic.first, round(topic.share, SHARE_DIGITS)] for topic in made.topics],
        "urgency": made.urgency.value,
        "fields": _fields(made, city, given=bool(given)),
        "summary": made.summary.value,
        "units": [unit.name for unit in made.units],
    }


def _fields(made: Draft, city: str, *, given: bool) -> dict[str, Any]:
    """As in a ticket, but spans are places in the text: character ``start`` up to ``end``."""
    fields = fields_of(made, _span)
    del fields["caller_number"]  # nobody called
    rule = "given" if given else "named" if city else NOTHING
    known = {"value": city, "confidence": float(bool(city)), "spans": [], "rule": rule}
    return fields | {"city": known}


def _span(span: Span) -> dict[str, Any]:
    placed = asdict(span)
    return {
        "start": int(placed["start_s"]),
        "end": int(placed["end_s"]),
        "words": placed["words"],
    }
