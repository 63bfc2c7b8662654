"""espeak-ng in this process, with the times at which each phoneme is spoken (ctypes)."""

import ctypes
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Debian 12's plain `cmn` reads 汉字 by spelling their pinyin in English ("n-ee-three").
LANGUAGE = "cmn-latn-pinyin"

# speak_lib.h
_SYNCHRONOUS_OUTPUT = 2
_PHONEME_EVENTS = 1
_EVENT_END = 0
_EVENT_PHONEME = 7
_PARAM_RATE, _PARAM_PITCH, _PARAM_RANGE, _PARAM_WORD_GAP = 1, 3, 4, 7
_UTF8 = 1


class SynthesisFailed(Exception):
    """espeak-ng is not there, or has no such voice, or said nothing."""


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class Prosody:
    """``words_per_minute`` 80..450; ``pitch`` and ``pitch_range`` 0..99; ``word_gap`` in 10 ms."""

    words_per_minute: int = 175
    pitch: int = 50
    pitch_range: int = 50
    word_gap: int = 0


@dataclass(frozen=True)
class Speech:
    """``samples``: int16 at ``rate`` Hz. ``events``: (ms from the start, phoneme name)."""

    samples: npt.NDArray[np.int16]
    rate: int
    events: tuple[tuple[float, str], ...]

    @property
    def duration_ms(self) -> float:
        return len(self.samples) * 1000 / self.rate


def installed_data() -> Path:
    """The folder espeak-ng-data of the installed espeak-ng; `SynthesisFailed` without one."""
    library = _library()
    library.espeak_ng_InitializePath(None)
    return _data(library)


def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libespeak-ng.so.1")
    except OSError as gone:
        raise SynthesisFailed("libespeak-ng.so.1 not found: install espeak-ng") from gone
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_Info.restype = ctypes.c_char_p
    return library


def _data(library: ctypes.CDLL) -> Path:
    where = ctypes.c_char_p()
    library.espeak_Info(ctypes.byref(where))
    if where.value is None:
        raise SynthesisFailed("espeak-ng does not say where its voices are")
    return Path(where.value.decode())


class Espeak:
    """The library keeps its state in C globals: one of these per process."""

    def __init__(self, data: Path | None = None) -> None:
        """``data``: a folder that holds espeak-ng-data; None: the installed one."""
        self._library = _library()
        self._pcm: list[npt.NDArray[np.int16]] = []
        self._events: list[tuple[float, str]] = []
        self._callback = _Callback(self._take)  # kept: ctypes frees what nobody holds
        self.rate: int = self._library.espeak_Initialize(
            _SYNCHRONOUS_OUTPUT, 0, str(data).encode() if data else None, _PHONEME_EVENTS
        )
        if self.rate <= 0:
            raise SynthesisFailed("espeak-ng does not start")
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, wav: "ctypes._Pointer[ctypes.c_short]", count: int, events: object) -> int:
        if wav and count > 0:
            self._pcm.append(np.ctypeslib.as_array(wav, (count,)).copy())
        at = 0
        while events[at].type != _EVENT_END:  # type: ignore[index]
            event = events[at]  # type: ignore[index]
            if event.type == _EVENT_PHONEME:
                name = event.id.string.decode("utf8", "replace")
                self._events.append((float(event.audio_position), name))
            at += 1
        return 0

    def variants(self) -> list[str]:
        """Names of the voice variants."""
        return sorted(path.name for path in (_data(self._library) / "voices/!v").iterdir())

    def version(self) -> str:
        return str(self._library.espeak_Info(None).decode())

    def _set_voice(self, variant: str) -> None:
        name = LANGUAGE + (f"+{variant}" if variant else "")
        if self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise SynthesisFailed(f"no voice {name}")

    def speak(self, text: str, variant: str = "", prosody: Prosody | None = None) -> Speech:
        """Speak Chinese characters.

        Digits would be read as one number (13812345678 as 一百三十八亿…), so telephone numbers
        are written as characters.
        """
        how = prosody or Prosody()
        self._set_voice(variant)
        for parameter, value in (
            (_PARAM_RATE, how.words_per_minute),
            (_PARAM_PITCH, how.pitch),
            (_PARAM_RANGE, how.pitch_range),
            (_PARAM_WORD_GAP, how.word_gap),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._pcm.clear()
        self._events.clear()
        encoded = text.encode()
        self._library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        samples = np.concatenate(self._pcm) if self._pcm else np.zeros(0, np.int16)
        return Speech(samples, self.rate, tuple(self._events))

    def phonemes(self, text: str) -> str:
        """Espeak's phoneme names for ``text`` (no sound made): ``th'i35N_| s.w'ei214``."""
        self._set_voice("")
        buffer = ctypes.create_string_buffer(text.encode() + b"\0")
        at = ctypes.c_void_p(ctypes.addressof(buffer))
        clauses = []
        while at.value:
            clauses.append(self._library.espeak_TextToPhonemes(ctypes.byref(at), _UTF8, 0).decode())
        return " ".join(clauses)
