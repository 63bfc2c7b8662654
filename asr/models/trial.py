"""Load a model and decode a second of sound with it. Run as a process: it may well crash.

``python -m asr.models.trial MODEL_DIR``: exit status 0 when the model works.
"""

import random
import struct
import sys
from pathlib import Path

import vosk

from asr.models.layout import describe

_LEVEL = 3000.0


def try_model(path: Path) -> None:
    """Decode noise: with a graph that does not fit the acoustic model this is where it dies."""
    rate = describe(path).rate
    vosk.SetLogLevel(-1)
    recognizer = vosk.KaldiRecognizer(vosk.Model(str(path)), rate)
    recognizer.SetWords(True)
    noise = random.Random(0)  # noqa: S311 - test sound, no secret
    samples = [int(noise.gauss(0, _LEVEL)) for _ in range(rate)]
    clipped = [max(-32768, min(32767, sample)) for sample in samples]
    recognizer.AcceptWaveform(struct.pack(f"<{len(clipped)}h", *clipped))
    recognizer.FinalResult()


if __name__ == "__main__":
    try_model(Path(sys.argv[1]))
