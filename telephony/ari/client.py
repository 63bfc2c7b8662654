"""The ARI client: requests by HTTP, events by a WebSocket that stays open."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlencode

import httpx
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from telephony.ari.errors import AriRefused, AriUnreachable, ChannelGone
from telephony.events import EventPump
from telephony.reconnect import ConnectionTimes, LoginRefused, stay_connected

log = structlog.get_logger(__name__)

_MAX_EVENT_BYTES = 1024 * 1024
_UNAUTHORISED = 401
_NOT_FOUND = 404
_FIRST_ERROR = 400


@dataclass(frozen=True)
class AriAccess:
    """``base_url`` such as "http://127.0.0.1:8088"; ``app``: the Stasis application we are."""

    base_url: str
    user: str
    password: str = field(repr=False)
    app: str = "hotline"


@dataclass(frozen=True)
class AriChannel:
    id: str
    name: str
    state: str  # Down, Ring, Ringing, Up …


@dataclass(frozen=True)
class AriEvent:
    """``kind`` such as "StasisStart"; ``body`` as Asterisk sent it."""

    kind: str
    body: Mapping[str, Any] = field(repr=False)  # holds callers' numbers

    @property
    def channel_id(self) -> str:
        """The channel it is about, ``""`` for none."""
        channel = self.body.get("channel")
        return str(channel.get("id", "")) if isinstance(channel, dict) else ""

    @property
    def args(self) -> tuple[str, ...]:
        """The application arguments of a StasisStart."""
        args = self.body.get("args")
        return tuple(map(str, args)) if isinstance(args, list) else ()


async def _nothing() -> None:
    return


class AriClient:
    """Requests raise `ChannelGone`, `AriRefused` or `AriUnreachable`; none is sent twice.

    ``on_event`` gets every event of our application in order, one at a time. ``on_connected``
    runs after each (re)connection ahead of the events that follow: what happened in between is
    not replayed by Asterisk.
    """

    def __init__(
        self,
        access: AriAccess,
        *,
        on_event: Callable[[AriEvent], Awaitable[None]],
        on_connected: Callable[[], Awaitable[None]] = _nothing,
        times: ConnectionTimes | None = None,
        most_events: int = 10_000,
    ) -> None:
        self._access = access
        self._times = times or ConnectionTimes()
        self._pump = EventPump[AriEvent]("ari", on_event, on_connected, most=most_events)
        # trust_env: a proxy of the environment must not stand between us and the switch.
        self._http = httpx.AsyncClient(
            base_url=f"{access.base_url.rstrip('/')}/ari",
            auth=(access.user, access.password),
            timeout=self._times.answer_s,
            limits=httpx.Limits(max_connections=64, keepalive_expiry=10.0),
            trust_env=False,
        )
        self._open = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether events are coming in."""
        return self._open.is_set()

    async def start(self) -> None:
        """Open the event stream in the background and keep it open until `close`."""
        if self._task is None:
            self._pump.start()
            self._task = asyncio.create_task(stay_connected("ari", self._be_connected, self._times))

    async def wait_connected(self, within_s: float) -> None:
        """Return once events come in; `AriUnreachable` when that takes longer."""
        try:
            async with asyncio.timeout(within_s):
                await self._open.wait()
        except TimeoutError:
            raise AriUnreachable(f"no event stream within {within_s:g} s") from None

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._pump.close()
        await self._http.aclose()

    async def snoop(
        self,
        channel_id: str,
        *,
        snoop_id: str,
        spy: Literal["in", "out", "both"] = "in",
        app_args: str = "",
    ) -> AriChannel:
        """A channel that hears the other: "in" is what comes from its party."""
        path = f"/channels/{_part(channel_id)}/snoop/{_part(snoop_id)}"
        query = {"app": self._access.app, "spy": spy, "appArgs": app_args}
        return _channel(await self._request("POST", path, query))

    async def set_variable(self, channel_id: str, name: str, value: str) -> None:
        """Set a variable of a channel of our application; others are refused with 409."""
        await self._request(
            "POST", f"/channels/{_part(channel_id)}/variable", {"variable": name, "value": value}
        )

    async def continue_in_dialplan(
        self, channel_id: str, context: str, extension: str, priority: int = 1
    ) -> None:
        """Let a channel of our application go to the dialplan."""
        place = {"context": context, "extension": extension, "priority": str(priority)}
        await self._request("POST", f"/channels/{_part(channel_id)}/continue", place)

    async def hang_up(self, channel_id: str) -> None:
        await self._request("DELETE", f"/channels/{_part(channel_id)}", {})

    async def put_object(self, kind: str, name: str, fields: Mapping[str, str]) -> None:
        """Write one object of res_pjsip, such as an "auth", where sorcery.conf allows it.

        https://docs.asterisk.org/Configuration/Interfaces/Asterisk-REST-Interface-ARI/ARI-Push-Configuration/
        """
        body = {"fields": [{"attribute": key, "value": value} for key, value in fields.items()]}
        await self._request("PUT", _object(kind, name), {}, body)

    async def channels(self) -> list[AriChannel]:
        """Every channel of the switch."""
        answer = await self._request("GET", "/channels", {})
        return [_channel(one) for one in answer]

    async def _request(
        self, method: str, path: str, query: dict[str, str], body: object = None
    ) -> Any:  # noqa: ANN401 - JSON
        try:
            response = await self._http.request(method, path, params=query, json=body)
        except httpx.HTTPError as problem:
            raise AriUnreachable(f"{method} {path}: {type(problem).__name__}") from problem
        if response.status_code == _NOT_FOUND:
            raise ChannelGone(f"{method} {path}: no such channel or object")
        if response.status_code >= _FIRST_ERROR:
            raise AriRefused(response.status_code, f"{method} {path}: {response.text[:200]}")
        try:
            return response.json() if response.content else None
        except ValueError:
            raise AriRefused(response.status_code, f"{method} {path}: not JSON") from None

    async def _be_connected(self) -> None:
        try:
            await self._listen()
        except InvalidStatus as refusal:
            status = refusal.response.status_code
            if status == _UNAUTHORISED:
                raise LoginRefused("HTTP 401: user or password not accepted") from None
            raise AriUnreachable(f"event stream: HTTP {status}") from None
        except WebSocketException as problem:
            raise AriUnreachable(f"event stream: {type(problem).__name__}") from problem

    async def _listen(self) -> None:
        access, times = self._access, self._times
        address = access.base_url.rstrip("/").replace("http", "ws", 1)
        query = urlencode({"app": access.app})
        # In a header, not as api_key in the address: addresses end up in logs.
        login = b64encode(f"{access.user}:{access.password}".encode()).decode()
        async with connect(
            f"{address}/ari/events?{query}",
            additional_headers={"Authorization": f"Basic {login}"},
            open_timeout=times.answer_s,
            ping_interval=times.ping_every_s,
            ping_timeout=times.answer_s,
            close_timeout=1.0,
            max_size=_MAX_EVENT_BYTES,
            compression=None,
            proxy=None,
        ) as socket:
            log.info("ari.up")
            self._pump.put_resynchronise()
            self._open.set()
            try:
                await self._pass_on(socket)
            finally:
                self._open.clear()

    async def _pass_on(self, socket: ClientConnection) -> None:
        async for text in socket:
            try:
                body = json.loads(text)
            except ValueError:
                body = None
            if isinstance(body, dict) and isinstance(body.get("type"), str):
                self._pump.put(AriEvent(body["type"], body))
            else:
                log.warning("ari.not_an_event", length=len(text))


def _object(kind: str, name: str) -> str:
    return f"/asterisk/config/dynamic/res_pjsip/{_part(kind)}/{_part(name)}"


def _part(name: str) -> str:
    return quote(name, safe="")


def _channel(body: Mapping[str, Any]) -> AriChannel:
    return AriChannel(str(body["id"]), str(body["name"]), str(body["state"]))
