"""Listening in: a snoop channel by ARI, its sound by AudioSocket."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

from telephony.ari.client import AriAccess, AriClient, AriEvent
from telephony.ari.errors import AriError
from telephony.audiosocket.server import AudioSocketServer
from telephony.reconnect import ConnectionTimes
from telephony.tap import TapUnavailable

# Measured: from the request to the first sound 20 to 40 ms on an idle machine.
STANDS_WITHIN_S = 3.0
CONTEXT = "ears"  # of the dialplan: sends the channel to AudioSocket under its own unique id


class SnoopTap:
    """`telephony.tap.VoiceTap` for Asterisk; channels are named by their unique ids."""

    def __init__(
        self, access: AriAccess, *, max_legs: int, times: ConnectionTimes | None = None
    ) -> None:
        self._sockets = AudioSocketServer(self._on_leg, max_legs=max_legs)
        self._ari = AriClient(access, on_event=self._on_event, times=times)
        self._awaited: dict[str, asyncio.Future[AsyncIterator[bytes]]] = {}
        self._heard_out: dict[str, asyncio.Event] = {}

    async def start(self, host: str, port: int) -> None:
        """Listen for AudioSocket there, and connect to ARI in the background."""
        await self._sockets.start(host, port)
        await self._ari.start()

    async def close(self) -> None:
        await self._ari.close()
        await self._sockets.close()

    @property
    def connected(self) -> bool:
        return self._ari.connected

    @property
    def ari(self) -> AriClient:
        """The client that stands behind it, for what else has to be asked of the switch."""
        return self._ari

    async def open(self, channel: str) -> AsyncIterator[bytes]:
        """See `VoiceTap.open`."""
        ear = uuid4()
        sound = asyncio.get_running_loop().create_future()
        self._awaited[str(ear)] = sound
        self._sockets.expect(ear, STANDS_WITHIN_S)
        try:
            async with asyncio.timeout(STANDS_WITHIN_S):
                await self._ari.snoop(channel, snoop_id=str(ear), spy="in")
                return self._until_heard_out(str(ear), await sound)
        except (AriError, TimeoutError) as failure:
            self._sockets.forget(ear)
            raise TapUnavailable(f"{type(failure).__name__}: {failure}") from failure
        finally:
            del self._awaited[str(ear)]

    async def _on_event(self, event: AriEvent) -> None:
        """The snoop channel has reached our application: on to the dialplan with it."""
        if event.kind == "StasisStart" and event.channel_id in self._awaited:
            await self._ari.continue_in_dialplan(event.channel_id, CONTEXT, "s")

    async def _on_leg(self, ear: UUID, audio: AsyncIterator[bytes]) -> None:
        sound = self._awaited.get(str(ear))
        if sound is None or sound.done():
            return
        over = self._heard_out[str(ear)] = asyncio.Event()
        sound.set_result(audio)
        try:
            await over.wait()
        finally:
            del self._heard_out[str(ear)]

    async def _until_heard_out(self, ear: str, audio: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The connection stays as long as somebody listens."""
        try:
            async for pcm in audio:
                yield pcm
        finally:
            if ear in self._heard_out:
                self._heard_out[ear].set()
