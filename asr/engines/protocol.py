"""The vosk-server WebSocket protocol, both directions, in one place.

Client to server: ``{"config": {"sample_rate": 8000, "words": true}}`` (not answered), then binary
messages of mono 16-bit little-endian PCM, each answered by exactly one text, then
``{"eof" : 1}``, answered by the last words. Answers are ``{"partial": "…"}`` or
``{"result": [{"word", "start", "end", "conf"}…], "text": "…"}`` with times in seconds from the
connection's first sample. Source: websocket/asr_server.py of github.com/alphacep/vosk-server.

Ours beside it: ``"partials": false`` in the config spares partial texts, ``"pause": 1.2`` is the
silence in seconds that ends a stretch (dictation; without it the model decides), a result carries
``"upto"`` (seconds heard when the engine closed the stretch), and bad input is answered by
``{"error": "…"}`` before the connection is closed. Other servers and clients ignore these.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asr.recognizer import Word

# asr_server.py compares the text as it stands: the blank before the colon matters.
EOF = '{"eof" : 1}'
# libvosk never returns at rate 0, and aborts its process at negative ones and NaN (measured,
# 0.3.45); telephones and microphones stay within these.
LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000
_LONGEST_TEXT = 4_096
_KNOWN_KEYS = ("sample_rate", "words", "partials", "pause", "max_alternatives")
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0


class BadMessage(Exception):
    """The other side sent what the protocol does not know; the text says what and what is right."""


@dataclass(frozen=True)
class StreamConfig:
    """How one connection wants its sound understood. ``rate`` in Hz.

    ``pause_s``: silence that ends a stretch of speech; None leaves it to the model (dialogue).
    """

    rate: int = 8_000
    words: bool = False
    partials: bool = True
    pause_s: float | None = None


@dataclass(frozen=True)
class EndOfSound:
    """The client has sent everything."""


@dataclass(frozen=True)
class Answer:
    """What the server says to one message. ``upto_s``: where a final stretch ended, if told."""

    final: bool
    text: str
    words: tuple[Word, ...] = ()
    upto_s: float | None = None


def config_message(config: StreamConfig) -> str:
    """What a client sends first."""
    wanted: dict[str, float] = {
        "sample_rate": config.rate,
        "words": int(config.words),
        "partials": int(config.partials),
    }
    if config.pause_s is not None:
        wanted["pause"] = config.pause_s
    return json.dumps({"config": wanted})


def read_control(text: str) -> StreamConfig | EndOfSound:
    """A client's text message; `BadMessage` for anything else than the two known ones."""
    if len(text) > _LONGEST_TEXT:
        raise BadMessage(f"a text message may have {_LONGEST_TEXT} characters")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise BadMessage("text must be JSON: a config or eof") from broken
    match message:
        case {"eof": 1}:
            return EndOfSound()
        case {"config": dict() as config}:
            return _config(config)
        case _:
            raise BadMessage('text must be {"config": {...}} or {"eof" : 1}')


def error_message(what: str) -> str:
    """The answer to a `BadMessage`."""
    return json.dumps({"error": what})


def read_answer(text: str | bytes) -> Answer:
    """A server's text message; `BadMessage` when it is an error or none the protocol knows."""
    try:
        answer: Any = json.loads(text)
        match answer:
            case {"error": what}:
                raise BadMessage(f"the recognizer refused: {what}")
            case {"partial": str() as partial}:
                return Answer(final=False, text=partial.replace(" ", ""))
            case {"text": str() as heard}:
                upto = answer.get("upto")
                return Answer(
                    final=True,
                    text=heard.replace(" ", ""),
                    words=_words(answer.get("result", [])),
                    upto_s=None if upto is None else float(upto),
                )
            case _:
                raise BadMessage("the recognizer's answer is neither partial nor result")
    except (ValueError, TypeError, KeyError, RecursionError) as broken:
        raise BadMessage("the recognizer's answer is not vosk-server's") from broken


def _words(result: list[Mapping[str, Any]]) -> tuple[Word, ...]:
    return tuple(
        Word(str(one["word"]), float(one["start"]), float(one["end"]), float(one.get("conf", 1)))
        for one in result
    )


def _config(config: Mapping[str, object]) -> StreamConfig:
    unknown = sorted(set(config) - set(_KNOWN_KEYS))
    if unknown:
        raise BadMessage(f"config knows {', '.join(_KNOWN_KEYS)}; not {', '.join(unknown)}")
    if config.get("max_alternatives", 0) != 0:
        raise BadMessage("max_alternatives must be 0: only the best text is given")
    return StreamConfig(
        rate=_rate(config.get("sample_rate", StreamConfig.rate)),
        words=_flag(config, "words", default=StreamConfig.words),
        partials=_flag(config, "partials", default=StreamConfig.partials),
        pause_s=_pause(config.get("pause")),
    )


def _rate(value: object) -> int:
    # Clients send 8000, 8000.0 or "8000"; NaN and infinity fail the comparison.
    match value:
        case bool():
            rate = 0.0
        case int() | float():
            rate = float(value) if abs(value) <= HIGHEST_RATE else 0.0
        case str() if value.isascii() and value.isdecimal() and len(value) <= len("48000"):
            rate = float(value)
        case _:
            rate = 0.0
    if not (LOWEST_RATE <= rate <= HIGHEST_RATE and rate.is_integer()):
        raise BadMessage(
            f"sample_rate must be a whole number from {LOWEST_RATE} to {HIGHEST_RATE} (Hz)"
        )
    return int(rate)


def _pause(value: object) -> float | None:
    if value is None:
        return None
    in_range = isinstance(value, int | float) and SHORTEST_PAUSE_S <= value <= LONGEST_PAUSE_S
    if isinstance(value, bool) or not in_range:
        raise BadMessage(f"pause must be {SHORTEST_PAUSE_S} to {LONGEST_PAUSE_S} (seconds)")
    return float(value)  # type: ignore[arg-type]


def _flag(config: Mapping[str, object], key: str, *, default: bool) -> bool:
    value = config.get(key, default)
    if value not in (0, 1):  # also False and True
        raise BadMessage(f"{key} must be true or false")
    return bool(value)
