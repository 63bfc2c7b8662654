"""Spoken sentences: for training with their phones frame by frame, for testing as wav files."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from asr.training import augmentation
from asr.training.line_damage import lose_packets
from asr.training.overlap import characters
from asr.training.phoneset import INITIALS, ONSET, SILENCE, NotMandarin, Segment, align
from asr.training.synthesis import Espeak, Prosody, Speech
from asr.training.voices import HELD_OUT

FRAMES_PER_HOUR = 360_000
# A gap shorter than this between two phones is no pause: stops are silent before they burst.
SHORTEST_PAUSE_MS = 90.0
_FEWEST_SAMPLES = 2000
# Played faster or slower, pitch and formants with it (espeak speaks at 22 050 Hz): 0.89 to 1.13
# times. All share a large divisor with 8000, which keeps the resampling filters small.
PLAYED_AT_HZ = (19600, 20000, 20800, 21600, 22400, 23200, 24000, 24800)


@dataclass(frozen=True)
class Example:
    """``features`` (frames, 40); ``labels`` (frames,) into the phone list; ``samples`` at 8 kHz."""

    features: npt.NDArray[np.float16]
    labels: npt.NDArray[np.int16]
    samples: npt.NDArray[np.int16]


def random_prosody(random: np.random.Generator) -> Prosody:
    """125 to 270 words a minute, mostly near espeak's own 175; any pitch."""
    speeds = [random.uniform(125, 160), random.uniform(155, 200), random.uniform(200, 270)]
    return Prosody(
        words_per_minute=int(random.choice(speeds, p=[0.25, 0.55, 0.2])),
        pitch=int(random.uniform(25, 75)),
        pitch_range=int(random.uniform(35, 75)),
        word_gap=int(random.choice([0, 0, 0, 1, 2])),
    )


def close_gaps(segments: Sequence[Segment]) -> list[Segment]:
    """Give pauses under `SHORTEST_PAUSE_MS` to the initial after them, else to the phone before."""
    closed = list(segments)
    for k in range(1, len(closed) - 1):
        pause, after, before = closed[k], closed[k + 1], closed[k - 1]
        if pause.phone != SILENCE or pause.end_ms - pause.start_ms >= SHORTEST_PAUSE_MS:
            continue
        if after.phone in INITIALS or after.phone == ONSET:
            closed[k + 1] = Segment(after.phone, pause.start_ms, after.end_ms)
        else:
            closed[k - 1] = Segment(before.phone, before.start_ms, pause.end_ms)
        closed[k] = Segment(SILENCE, pause.start_ms, pause.start_ms)
    return closed


def frame_labels(
    segments: Sequence[Segment], frames: int, lead_ms: float, numbers: dict[str, int]
) -> npt.NDArray[np.int16]:
    """(frames,) phone numbers, 0 = silence; the speech starts ``lead_ms`` into the signal.

    A 10 ms frame k is centred 12.5 ms + 10 k into the signal (25 ms windows).
    """
    labels = np.zeros(frames, np.int16)
    for segment in close_gaps(segments):
        if segment.phone == SILENCE:
            continue
        first, last = (
            max(int(np.ceil((at + lead_ms - 12.5) / 10)), 0)
            for at in (segment.start_ms, segment.end_ms)
        )
        labels[first:last] = numbers[segment.phone]
    return labels


class TrainingSpeech:
    """Speaks sentences with random training voices, prosody and telephone lines."""

    def __init__(
        self, espeak: Espeak, voices: Sequence[str], phones: Sequence[str], seed: int
    ) -> None:
        if set(voices) & set(HELD_OUT):
            raise ValueError("held-out voices must not be trained on")
        self._espeak = espeak
        self._voices = list(voices)
        self._numbers = {phone: number for number, phone in enumerate(phones)}
        self._random = np.random.default_rng(seed)
        self._line = augmentation.Line(self._random)
        self._babble: augmentation.Signal | None = None

    def example(self, text: str) -> Example:
        """`NotMandarin` when espeak reads it as something else, KeyError on an unknown phone."""
        from asr.training.features import mfcc

        random = self._random
        spoken = self._espeak.speak(text, str(random.choice(self._voices)), random_prosody(random))
        if len(spoken.samples) < _FEWEST_SAMPLES:
            raise NotMandarin("nothing said")
        segments = align(spoken.events, self._espeak.phonemes(text), spoken.duration_ms)
        rate = int(random.choice(PLAYED_AT_HZ)) if random.random() < 0.6 else spoken.rate
        stretch = spoken.rate / rate
        segments = [Segment(s.phone, s.start_ms * stretch, s.end_ms * stretch) for s in segments]
        lead_s = random.uniform(0.05, 0.7)
        signal = augmentation.pad(
            augmentation.resample(spoken.samples, rate), lead_s, random.uniform(0.1, 0.7)
        )
        samples = self._line.carry(signal, self._babble)
        if random.random() < 0.05:
            self._babble = signal
        features = mfcc(samples)
        labels = frame_labels(segments, len(features), lead_s * 1000, self._numbers)
        return Example(features.astype(np.float16), labels, samples)

    def hours(self, texts: Sequence[str], hours: float) -> tuple[list[Example], int]:
        """Examples of random sentences until there are ``hours`` of them; and how many failed."""
        order = self._random.permutation(len(texts))
        examples: list[Example] = []
        frames = failed = tried = 0
        while frames < hours * FRAMES_PER_HOUR:
            text = texts[order[tried % len(order)]]
            tried += 1
            try:
                example = self.example(text)
            except (NotMandarin, KeyError):
                failed += 1
                if failed > 100 and failed == tried:
                    raise
                continue
            examples.append(example)
            frames += len(example.labels)
        return examples, failed


def save_examples(path: Path, examples: Sequence[Example]) -> None:
    """All examples in one row: features (frames, 40) and labels (frames,)."""
    np.savez(
        path,
        features=np.concatenate([example.features for example in examples]),
        labels=np.concatenate([example.labels for example in examples]),
    )


# How a test set is spoken: over a clean line; with noise at any level; with the other side of the
# call 15 dB below; with 5 % of the packets lost.
LINES = ("clean", "noisy", "doubled", "lossy")
_OTHER_SIDE_BELOW_DB = 15.0
_LOST_PACKETS = 0.05


def over_a_line(
    speech: Speech,
    random: np.random.Generator,
    line: str,
    other: augmentation.Signal | None = None,
) -> npt.NDArray[np.int16]:
    """A test sentence at 8 kHz: 300-3400 Hz and G.711, and what ``line`` (of `LINES`) does to it.

    Noisy is 12-40 dB noise and any level. ``other``: what the other side says meanwhile.
    """
    signal = augmentation.resample(speech.samples, speech.rate)
    if line == "doubled" and other is not None:  # only while both speak: alone it would be heard
        signal = augmentation.under(signal, other, _OTHER_SIDE_BELOW_DB)
    signal = augmentation.pad(signal, random.uniform(0.2, 0.6), 0.5)
    level = augmentation.speech_level(signal)
    if line == "noisy":
        below_db = random.uniform(12, 40)
        signal = signal + augmentation.noise(random, len(signal)) * level * 10 ** (-below_db / 20)
        signal = signal * (10 ** random.uniform(2.5, 3.9) / level)
    else:
        signal = signal * (3000 / level)
    signal = augmentation.telephone(signal, random)
    if line == "lossy":
        signal = lose_packets(signal, random, _LOST_PACKETS, concealed=False)
    return augmentation.to_int16(signal)


def write_wav(path: Path, samples: npt.NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(augmentation.RATE)
        out.writeframes(samples.astype("<i2").tobytes())


def speak_test_set(
    espeak: Espeak, sentences: Sequence[str], out: Path, line: str, seed: int
) -> None:
    """Wav files by the held-out voices in turn, and ref.txt: file name, tab, characters spoken.

    On a doubled line the other side says, in another held-out voice, the next sentence of the set.
    """
    random = np.random.default_rng(seed)
    out.mkdir(parents=True)
    rows = []
    for number, sentence in enumerate(sentences):
        voice = HELD_OUT[number % len(HELD_OUT)]
        prosody = random_prosody(random) if line == "noisy" else Prosody()
        other = None
        if line == "doubled":
            after = sentences[(number + 1) % len(sentences)]
            meanwhile = espeak.speak(after, HELD_OUT[(number + 7) % len(HELD_OUT)], prosody)
            other = augmentation.resample(meanwhile.samples, meanwhile.rate)
        speech = espeak.speak(sentence, voice, prosody)
        name = f"{number:04d}_{voice}.wav"
        write_wav(out / name, over_a_line(speech, random, line, other))
        rows.append(f"{name}\t{characters(sentence)}\n")
    (out / "ref.txt").write_text("".join(rows), encoding="utf8")
