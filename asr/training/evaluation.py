"""Character error rate of a vosk model over test sets, in vosk itself."""

import json
import time
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

RATE = 8000
BLOCK_BYTES = RATE // 10 * 2  # 100 ms

# Its variant has an echo of 80 % after 50 ms and fails (28-53 % errors): a figure without it is
# given too.
ECHOING_VOICE = "Marco"


def edit_distance(wanted: Sequence[object], got: Sequence[object]) -> int:
    """Insertions, deletions and substitutions (Levenshtein)."""
    row = list(range(len(got) + 1))
    for i, expected in enumerate(wanted, 1):
        diagonal, row[0] = row[0], i
        for j, found in enumerate(got, 1):
            diagonal, row[j] = (
                row[j],
                min(row[j] + 1, row[j - 1] + 1, diagonal + (expected != found)),
            )
    return row[-1]


@dataclass(frozen=True)
class Decoded:
    """One sentence: what was spoken by whom, what was recognised, seconds of sound and of CPU."""

    file: str
    spoken: str
    recognised: str
    sound_s: float
    cpu_s: float

    @property
    def errors(self) -> int:
        return edit_distance(self.spoken, self.recognised)

    @property
    def voice(self) -> str:
        return self.file.removesuffix(".wav").partition("_")[2]


@dataclass(frozen=True)
class Score:
    """``cer`` = errors / characters spoken; ``right``: share of sentences without error."""

    sentences: int
    characters: int
    errors: int
    right: float
    real_time_factor: float

    @property
    def cer(self) -> float:
        return self.errors / self.characters


def score(decoded: Iterable[Decoded]) -> Score:
    results = list(decoded)
    return Score(
        sentences=len(results),
        characters=sum(len(result.spoken) for result in results),
        errors=sum(result.errors for result in results),
        right=sum(result.errors == 0 for result in results) / len(results),
        real_time_factor=sum(r.cpu_s for r in results) / sum(r.sound_s for r in results),
    )


def without_echo(decoded: Iterable[Decoded]) -> list[Decoded]:
    return [result for result in decoded if result.voice != ECHOING_VOICE]


class Decoder:
    """A vosk model, fed in blocks of 100 ms as a call would."""

    def __init__(self, model: Path) -> None:
        # Not at the top: vosk hangs when imported beside torch or kaldifst (see pipeline).
        import vosk

        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self._model = vosk.Model(str(model))

    def decode(self, path: Path, spoken: str) -> Decoded:
        """``path``: a mono 16-bit wav at 8000 Hz."""
        with wave.open(str(path)) as sound:
            pcm = sound.readframes(sound.getnframes())
        began = time.process_time()
        recognizer = self._vosk.KaldiRecognizer(self._model, RATE)
        parts = []
        for at in range(0, len(pcm), BLOCK_BYTES):
            if recognizer.AcceptWaveform(pcm[at : at + BLOCK_BYTES]):
                parts.append(json.loads(recognizer.Result())["text"])
        parts.append(json.loads(recognizer.FinalResult())["text"])
        text = "".join(parts).replace(" ", "")
        cpu_s = time.process_time() - began
        return Decoded(path.name, spoken, text, len(pcm) / 2 / RATE, cpu_s)

    def decode_set(self, folder: Path) -> list[Decoded]:
        """Every sentence of ``folder``/ref.txt (file name, tab, characters spoken)."""
        lines = (folder / "ref.txt").read_text(encoding="utf8").splitlines()
        rows = [line.split("\t") for line in lines]
        return [self.decode(folder / name, spoken) for name, spoken in rows]
