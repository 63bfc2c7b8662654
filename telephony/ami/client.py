"""The AMI client that stays connected."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from telephony.ami.connection import AmiConnection
from telephony.ami.errors import AmiNotConnected, AmiRefused, AmiTimeout
from telephony.ami.message import ActionFields, AmiMessage
from telephony.events import EventPump
from telephony.reconnect import ConnectionTimes, LoginRefused, stay_connected

log = structlog.get_logger(__name__)

EventCallback = Callable[[AmiMessage], Awaitable[None]]
Messages = list[AmiMessage]
EVERY_EVENT = "*"


@dataclass(frozen=True)
class AmiAccess:
    """Where the manager interface is and who we are there. ``events``: classes to receive."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    events: str = "on"


async def _nothing() -> None:
    return


class AmiClient:
    """Logs in, passes events on in order, answers actions, comes back after a loss.

    Nothing is replayed by Asterisk: ``on_connected`` runs after every login (and after an
    overrun of events), ahead of the events that follow, to read the state anew. An action is
    never sent twice: if its answer is lost, `AmiConnectionLost` or `AmiTimeout` says that what
    became of it is unknown.
    """

    def __init__(
        self,
        access: AmiAccess,
        *,
        on_connected: Callable[[], Awaitable[None]] = _nothing,
        times: ConnectionTimes | None = None,
        most_events: int = 10_000,
    ) -> None:
        self._access = access
        self._times = times or ConnectionTimes()
        self._callbacks: dict[str, list[EventCallback]] = defaultdict(list)
        self._pump = EventPump[AmiMessage]("ami", self._deliver, on_connected, most=most_events)
        self._connection: AmiConnection | None = None
        self._logged_in = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def on(self, event: str, callback: EventCallback) -> None:
        """Call back for every event of this name (any case), or `EVERY_EVENT`."""
        self._callbacks[event.lower()].append(callback)

    @property
    def connected(self) -> bool:
        return self._logged_in.is_set()

    async def start(self) -> None:
        """Connect in the background and stay connected until `close`."""
        if self._task is None:
            self._pump.start()
            self._task = asyncio.create_task(stay_connected("ami", self._be_connected, self._times))

    async def wait_connected(self, within_s: float) -> None:
        """Return once logged in; `AmiNotConnected` when that takes longer."""
        try:
            async with asyncio.timeout(within_s):
                await self._logged_in.wait()
        except TimeoutError:
            raise AmiNotConnected(f"no login within {within_s:g} s") from None

    async def close(self) -> None:
        """Leave for good, also in the middle of reconnecting."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._pump.close()

    async def send(self, action: ActionFields, *, within_s: float | None = None) -> AmiMessage:
        """Send one action; its response. `AmiRefused` when Asterisk answers with an error.

        The response carries the ActionID by which later events of the action are known.
        """
        return (await self._request(action, within_s, as_list=False))[0]

    async def list(self, action: ActionFields, *, within_s: float | None = None) -> Messages:
        """Send an action that is answered by a list of events (CoreShowChannels …): the events."""
        return await self._request(action, within_s, as_list=True)

    async def _request(
        self, action: ActionFields, within_s: float | None, *, as_list: bool
    ) -> Messages:
        connection = self._connection
        if connection is None or not self.connected:
            raise AmiNotConnected(f"{action.get('Action', '')}: not connected to Asterisk")
        return await connection.request(
            action,
            within_s=self._times.answer_s if within_s is None else within_s,
            as_list=as_list,
        )

    async def _deliver(self, event: AmiMessage) -> None:
        callbacks = self._callbacks.get(event.event.lower(), [])
        for callback in [*callbacks, *self._callbacks.get(EVERY_EVENT, [])]:
            try:
                await callback(event)
            except Exception:
                log.exception("ami.callback_failed", event_name=event.event)

    async def _be_connected(self) -> None:
        """Connect, log in, watch; return when the connection has gone."""
        access = self._access
        connection = AmiConnection(self._pump.put)
        try:
            async with asyncio.timeout(self._times.answer_s):
                await asyncio.get_running_loop().create_connection(
                    lambda: connection, access.host, access.port
                )
                await connection.greeted.wait()
            await self._log_in(connection)
            self._connection = connection
            self._logged_in.set()
            self._pump.put_resynchronise()
            log.info("ami.up")
            await self._watch(connection)
        except TimeoutError:
            raise AmiTimeout("no greeting from Asterisk") from None
        finally:
            self._logged_in.clear()
            self._connection = None
            connection.abort()

    async def _log_in(self, connection: AmiConnection) -> None:
        access = self._access
        login = {
            "Action": "Login",
            "Username": access.user,
            "Secret": access.secret,
            "Events": access.events,
        }
        try:
            await connection.request(login, within_s=self._times.answer_s, as_list=False)
        except AmiRefused as refusal:
            raise LoginRefused(str(refusal)) from None

    async def _watch(self, connection: AmiConnection) -> None:
        """Ping until the connection has gone; a silent peer raises `AmiTimeout`."""
        while not connection.lost.is_set():
            try:
                async with asyncio.timeout(self._times.ping_every_s):
                    await connection.lost.wait()
            except TimeoutError:
                await connection.request(
                    {"Action": "Ping"}, within_s=self._times.answer_s, as_list=False
                )
