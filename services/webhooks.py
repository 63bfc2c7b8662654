"""Deliver each draft to outside backends: signed, retried until accepted, never twice accepted.

A delivery is planned in the transaction that stores the draft; a durable workflow calls
`attempt` until it says accepted. What the receiver sees (docs/howto/webhooks.md):

- `Idempotency-Key`: the same at every attempt of one delivery; a receiver that has taken it
  answers 2xx again without acting again.
- `X-Hotline-Timestamp`: seconds since 1970 of this attempt.
- `X-Hotline-Signature`: `v1=` and the hex HMAC-SHA256, under the endpoint's secret, of the
  timestamp, a full stop and the body as sent.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.repositories.webhooks import WebhookDeliveries, WebhookEndpoints

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
SIGNATURE_GOOD_FOR = timedelta(minutes=5)


class UrlRefused(ValueError):
    """We do not deliver there; `reason` in English, `reason_zh` in Chinese."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_zh = reason_zh


def check_url(url: str) -> str:
    """The address, if we deliver there. Raises `UrlRefused`.

    http and https only, no credentials in it. Loopback and private addresses are allowed on
    purpose: the outside backend of an offline hotline stands on the same machine or in the same
    building. Link-local addresses are not: behind 169.254.169.254 a cloud keeps its keys.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlRefused("not an address", "地址格式不正确") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UrlRefused("only http:// and https:// addresses", "只接受 http:// 或 https:// 地址")
    if parts.username or parts.password or parts.fragment:
        raise UrlRefused("no credentials or # in the address", "地址中不能包含账号密码或 #")
    if port == 0:
        raise UrlRefused("port 0 does not exist", "端口号不正确")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return url
    if literal.is_link_local or literal.is_multicast or literal.is_unspecified:
        raise UrlRefused("this address is never a backend", "不允许使用该地址")
    return url


def sign(secret: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The two headers that prove who sent `body` and when."""
    timestamp = str(int(now.timestamp()))
    return {
        "X-Hotline-Timestamp": timestamp,
        "X-Hotline-Signature": f"v1={_mac(secret, timestamp, body)}",
    }


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> bool:
    """What a receiver does: right signature, and not older than five minutes."""
    timestamp = headers.get("X-Hotline-Timestamp", "")
    signature = headers.get("X-Hotline-Signature", "")
    if not timestamp.isascii() or not timestamp.isdigit():
        return False
    age_s = abs(now.timestamp() - int(timestamp))
    expected = f"v1={_mac(secret, timestamp, body)}"
    fresh = age_s <= SIGNATURE_GOOD_FOR.total_seconds()
    return fresh and hmac.compare_digest(expected.encode(), signature.encode())


def _mac(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def wait_before_next(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … one hour, after this many attempts."""
    # 2**10 × 5 s is beyond an hour; a bigger exponent would only overflow.
    doublings: int = min(max(attempts - 1, 0), 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


async def plan_deliveries(
    session: AsyncSession, ticket_id: str, body: str, *, now: datetime
) -> list[str]:
    """One delivery per enabled endpoint; their keys. Planning again changes nothing."""
    keys = []
    for endpoint in await WebhookEndpoints(session).every(enabled_only=True):
        key = f"draft-{ticket_id}-{endpoint.id}"
        await WebhookDeliveries(session).add_once(
            {
                "key": key,
                "endpoint_id": endpoint.id,
                "ticket_id": ticket_id,
                "url": endpoint.url,
                "body": body,
                "created_at": now,
                "attempts": 0,
                "last_error": "",
                "next_try_at": now,
            }
        )
        keys.append(key)
    return keys


@dataclass(frozen=True)
class Answer:
    """What came of one request: the HTTP status, or None and why there was none."""

    status: int | None
    error: str = ""

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  any 2xx


@dataclass(frozen=True)
class Progress:
    """How a delivery stands. `retry_in` is None once accepted, or while its endpoint is off."""

    accepted: bool
    retry_in: timedelta | None


@dataclass(frozen=True)
class Parcel:
    """One draft for one endpoint."""

    url: str
    key: str
    secret: str
    body: bytes


async def deliver(client: httpx.AsyncClient, parcel: Parcel, *, now: datetime) -> Answer:
    """One request. Never raises for what the other side does; a redirect is no acceptance."""
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": parcel.key,
        **sign(parcel.secret, parcel.body, now=now),
    }
    try:
        async with client.stream(
            "POST",
            parcel.url,
            content=parcel.body,
            headers=headers,
            timeout=TIMEOUT,
            follow_redirects=False,
        ) as response:  # the answer's body is not read: it may be endless
            reason = "" if response.is_success else f"HTTP {response.status_code}"
            return Answer(response.status_code, reason)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        return Answer(None, f"{type(failure).__name__}: {failure}"[:400])


async def attempt(
    database: Database, key: str, *, client: httpx.AsyncClient, now: datetime
) -> Progress:
    """One try of the planned delivery `key`; nothing is sent once it was accepted.

    No transaction is held while the other side thinks. Raises LookupError for an unknown key.
    """
    async with database.session() as session:
        row = await WebhookDeliveries(session).find(key)
        if row is None:
            raise LookupError(f"no delivery {key}")
        if row.accepted_at is not None:
            return Progress(accepted=True, retry_in=None)
        endpoint = await WebhookEndpoints(session).get(row.endpoint_id)
    if not endpoint.enabled:
        return Progress(accepted=False, retry_in=None)
    parcel = Parcel(endpoint.url, key, endpoint.secret, row.body.encode())
    answer = await deliver(client, parcel, now=now)
    async with database.transaction() as session:
        row = await WebhookDeliveries(session).find(key, to_change=True)
        if row is None:
            raise LookupError(f"no delivery {key}")
        row.attempts += 1
        row.last_status = answer.status
        row.last_error = answer.error
        if answer.accepted:
            row.accepted_at = row.accepted_at or now
            row.next_try_at = None
            return Progress(accepted=True, retry_in=None)
        wait = wait_before_next(row.attempts)
        row.next_try_at = now + wait
        return Progress(accepted=False, retry_in=wait)
