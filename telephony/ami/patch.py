"""`telephony.patch.PatchBay` by AMI actions."""

from telephony.ami.client import AmiClient
from telephony.patch import Ear, Leg, Place, callers_of

_CONTEXT = {
    Place.ENGINE: ("hotline", "next-again"),
    Place.ROOM: ("room", "s"),
    Place.ROOM_GUEST: ("room-guest", "s"),
    Place.HELD: ("held", "s"),
}
# https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/Dialplan_Applications/ChanSpy/
# q: no beep; E: ends with the leg it listens to; w: the leg hears the spy; B: both ends do.
SET_UP_S = 5.0  # of a leg over a trunk, before it rings
_SPY = {Ear.LISTEN: "qE", Ear.WHISPER: "qwE", Ear.BARGE: "qBE"}


class AmiPatchBay:
    def __init__(self, ami: AmiClient) -> None:
        self._ami = ami

    async def move(self, leg: str, place: Place, room: str = "") -> None:
        context, extension = _CONTEXT[place]
        if room:
            await self._set(leg, room)
        await self._ami.send(
            {
                "Action": "Redirect",
                "Channel": leg,
                "Context": context,
                "Exten": extension,
                "Priority": "1",
            }
        )

    async def part(self, caller: str, place: Place, agent: str, room: str) -> None:
        context, extension = _CONTEXT[place]
        for leg in (caller, agent):
            await self._set(leg, room)
        # In one action: moved one after the other, the first would hang the second up, and a leg
        # on its way is refused another ("channel not up", measured).
        await self._ami.send(
            {
                "Action": "Redirect",
                "Channel": caller,
                "ExtraChannel": agent,
                "Context": context,
                "Exten": extension,
                "Priority": "1",
                "ExtraContext": "room-guest",
                "ExtraExten": "s",
                "ExtraPriority": "1",
            }
        )

    async def dial_into(self, leg: Leg, room: str, briefing: str = "") -> None:
        await self._ami.send(
            {
                **_originate(leg),
                "Context": "room-guest",
                "Exten": "s",
                "Priority": "1",
                "Variable": [f"ROOM={room}", f"BRIEFING={briefing}"],
            }
        )

    async def listen_in(self, leg: Leg, spied: str, ear: Ear) -> None:
        await self._ami.send(
            {**_originate(leg), "Application": "ChanSpy", "Data": f"{spied},{_SPY[ear]}"}
        )

    async def mute(self, leg: str, *, on: bool) -> None:
        await self._ami.send(
            {
                "Action": "MuteAudio",
                "Channel": leg,
                "Direction": "in",
                "State": "on" if on else "off",
            }
        )

    async def record(self, leg: str, *, on: bool) -> None:
        # docs.asterisk.org, AMI action MixMonitorMute; measured: r() and t() get zeros meanwhile.
        await self._ami.send(
            {
                "Action": "MixMonitorMute",
                "Channel": leg,
                "Direction": "both",
                "State": "0" if on else "1",
            }
        )

    async def ring_citizen(self, leg_id: str, call_id: str, ring_s: float) -> None:
        await self._ami.send(
            {
                "Action": "Originate",
                "Channel": "Local/s@call-back-out/n",
                "ChannelId": leg_id,
                "OtherChannelId": f"{leg_id}-out",
                "Context": "call-back",
                "Exten": "s",
                "Priority": "1",
                "Timeout": str(round((ring_s + SET_UP_S) * 1000)),
                "Variable": [
                    f"CALLED_BEFORE={callers_of(call_id)}/{call_id}",
                    f"RING_S={round(ring_s)}",
                ],
                "Async": "true",
            }
        )

    async def forget_callers(self, before: str) -> None:
        await self._ami.send({"Action": "DBDelTree", "Family": before})

    async def hang_up(self, leg: str) -> None:
        await self._ami.send({"Action": "Hangup", "Channel": leg})

    async def _set(self, leg: str, room: str) -> None:
        await self._ami.send(
            {"Action": "Setvar", "Channel": leg, "Variable": "ROOM", "Value": room}
        )


def _originate(leg: Leg) -> dict[str, str | list[str]]:
    return {
        "Action": "Originate",
        "Channel": leg.target,
        "ChannelId": leg.leg_id,
        "Timeout": str(round(leg.ring_s * 1000)),
        "CallerID": leg.shown,
        "Async": "true",
    }
