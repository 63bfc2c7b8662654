"""The `telephony.line.Line` of a caller whom Asterisk has put through by FastAGI."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from telephony.agi.reply import AgiRefused
from telephony.agi.session import AgiSession, key_of
from telephony.line import (
    ALL_KEYS,
    LineError,
    Message,
    RecordingEnd,
    Ringing,
    RingOutcome,
)

ANSWERED_AT = "HOTLINE_ANSWERED_AT"
_SAMPLES_PER_S = 8000  # of the format "wav"
_NOW = "STRFTIME(,,%s.%3q)"  # the switch's clock, seconds with milliseconds
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_DIAL_WORD = re.compile(r"[^,\s^]*")
# Set-up after the ringing time is over, in seconds: DTLS, a slow phone.
_DIAL_SLACK_S = 10.0
# RECORD FILE says "(timeout)" for silence and for the full length alike, but its
# result is what was left of the time, in ms: 4504 after silence, 0 at the full length.
_FULL_LENGTH_LEFT_MS = 100
# RECORD FILE cuts the silence that ended it off again, all but its last second (res_agi.c).
_KEPT_SILENCE_S = 1.0

_OUTCOMES = {
    "ANSWER": RingOutcome.ANSWERED,
    "NOANSWER": RingOutcome.NO_ANSWER,
    "BUSY": RingOutcome.BUSY,
    "CONGESTION": RingOutcome.UNREACHABLE,
    "CHANUNAVAIL": RingOutcome.UNREACHABLE,
}


@dataclass(frozen=True)
class LineOptions:
    """What the switch's configuration and this program have agreed on.

    ``dial_string``: seat → Dial target, such as "PJSIP/1001". ``message_folder``: absolute, where
    the switch writes spoken messages. ``tone``: a sound played before a message is taken down;
    without one the switch's own "beep". ``music_class``: music on hold while waiting and ringing.
    ``ring_options``: more options of Dial, such as "b(seat-up^s^1)".

    Two dialplan contexts are relied on. ``key_context`` has an extension for every key that may
    end the ringing (``_[0-9*#]``); without it keys do nothing while it rings.
    ``answered_context`` runs on the seat's side at its answer and does
    ``Set(SHARED(HOTLINE_ANSWERED_AT,${ARG1})=${STRFTIME(,,%s.%3q)})`` and ``Return()``; without
    it how long they talked is unknown, because ANSWEREDTIME counts from when the *caller* was
    answered (measured: 6.0 s for 2 s of talk, the caller being up 3 s before Dial).
    """

    dial_string: Callable[[str], str]
    message_folder: str
    tone: str | None = None
    music_class: str = "default"
    ring_options: str = ""
    key_context: str = ""
    answered_context: str = ""
    longest_sound_s: float = 300.0
    longest_talk_s: float = 4 * 3600.0


class AgiLine:
    """One caller. See `telephony.line.Line` for what each method promises."""

    def __init__(self, session: AgiSession, options: LineOptions) -> None:
        self._session = session
        self._options = options

    async def answer(self) -> None:
        await self._session.answer()

    async def play(self, sounds: list[str], *, keys: str = ALL_KEYS) -> str:
        for sound in sounds:
            reply = await self._session.stream_file(
                sound, keys=keys, timeout_s=self._options.longest_sound_s
            )
            if key := key_of(reply):
                return key
        return ""

    async def wait_key(self, timeout_s: float) -> str:
        return await self._session.wait_for_digit(timeout_s)

    async def music(self, *, on: bool) -> None:
        await self._session.set_music(on=on, music_class=self._options.music_class)

    async def take_message(
        self, name: str, *, max_s: float, silence_s: float, end_keys: str
    ) -> Message:
        if not _FILE_NAME.fullmatch(name):
            raise LineError(f"not a file name for a message: {name!r}")
        if self._options.tone is not None:
            await self.play([self._options.tone], keys="")
        reply = await self._session.record_file(
            f"{self._options.message_folder}/{name}",
            keys=end_keys,
            max_s=max_s,
            silence_s=silence_s,
            beep=self._options.tone is None,
        )
        length_s = (reply.endpos or 0) / _SAMPLES_PER_S
        if reply.note == "dtmf":
            return Message(RecordingEnd.KEY, length_s, key_of(reply))
        if int(reply.result) > _FULL_LENGTH_LEFT_MS:
            return Message(RecordingEnd.SILENCE, max(0.0, length_s - _KEPT_SILENCE_S))
        return Message(RecordingEnd.LENGTH, length_s)

    async def ring(self, seat: str, *, for_s: float) -> Ringing:
        session, options = self._session, self._options
        if options.key_context:
            await session.set_variable("EXITCONTEXT", options.key_context)
        if options.answered_context:
            await session.set_variable(f"SHARED({ANSWERED_AT})", "")
        await session.execute(
            "Dial",
            self._dial_argument(seat, for_s),
            timeout_s=for_s + options.longest_talk_s + _DIAL_SLACK_S,
        )
        status = await session.get_variable("DIALSTATUS")
        if status == "CANCEL":
            return Ringing(RingOutcome.KEY, key=await self._key_that_ended_ringing())
        outcome = _OUTCOMES.get(status)
        if outcome is None:
            raise AgiRefused(f"Dial: {status or 'no DIALSTATUS'}")
        if outcome is RingOutcome.ANSWERED:
            return Ringing(outcome, talked_s=await self._talked_s())
        return Ringing(outcome)

    async def rung_before(self) -> Ringing | None:
        outcome = _OUTCOMES.get(await self._session.get_variable("DIALSTATUS"))
        if outcome is None:
            return None
        await self._session.set_variable("DIALSTATUS", "")
        if outcome is RingOutcome.ANSWERED:
            return Ringing(outcome, talked_s=await self._talked_s())
        return Ringing(outcome)

    async def get_variable(self, name: str) -> str:
        return await self._session.get_variable(name)

    async def set_variable(self, name: str, value: str) -> None:
        await self._session.set_variable(name, value)

    async def hang_up(self) -> None:
        await self._session.hang_up()

    def _dial_argument(self, seat: str, for_s: float) -> str:
        """Dial's argument. g: go on when the seat hangs up; m: music instead of ringing tone.

        https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/Dialplan_Applications/Dial/
        """
        target = self._options.dial_string(seat)
        if not target or not _DIAL_WORD.fullmatch(target):
            raise LineError(f"not a seat that can be dialled: {seat!r}")
        flags = f"gm({self._options.music_class})"
        if self._options.key_context:
            flags += "d"  # a key ends the ringing if EXITCONTEXT has it as an extension
        if self._options.answered_context:
            channel = self._session.env.get("agi_channel", "")
            flags += f"U({self._options.answered_context}^{channel})"
        return f"{target},{max(1, round(for_s))},{flags}{self._options.ring_options}"

    async def _key_that_ended_ringing(self) -> str:
        """Dial has moved the channel to that key's extension: read it, then undo the move."""
        key = await self._session.get_variable("EXTEN")
        env = self._session.env
        # The step after the one that runs this session, as if nothing had happened.
        after = int(env.get("agi_priority", "1")) + 1
        await self._session.go_on_at(
            env.get("agi_context", ""), env.get("agi_extension", ""), after
        )
        if len(key) != 1 or key not in ALL_KEYS:
            raise AgiRefused("Dial: ringing was cancelled, but not by a key")
        return key

    async def _talked_s(self) -> float:
        answered_at = await self._session.get_variable(f"SHARED({ANSWERED_AT})")
        if not answered_at:
            return 0.0
        return max(0.0, float(await self._session.get_variable(_NOW)) - float(answered_at))
