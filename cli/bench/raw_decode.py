"""A bare `KaldiRecognizer` loop, nothing of ours around it: what recognition is compared with.

``python -m cli.bench.raw_decode loop MODEL PCM [partials]``: says ready, waits for a line, decodes
the file and prints seconds (``wall``, ``cpu``) and ``text``. ``… draft MODEL DATABASE WAV…``:
decodes the left voice of each recording, inserts one durable row; prints the seconds each took.
"""

import json
import sqlite3
import sys
import time
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import vosk

RATE = 8000
BLOCK_FRAMES = 1600
LIVE_BLOCK_FRAMES = 800  # ours sends a tenth of a second at a time
BYTES_PER_FRAME = 4  # of a recording: two voices of 16 bits, the caller's is the left one


def decode(model: vosk.Model, blocks: Iterable[bytes]) -> str:
    """The words of 16-bit mono sound at 8 kHz, without spaces."""
    recognizer = vosk.KaldiRecognizer(model, RATE)
    recognizer.SetWords(True)  # as ours: words with their times
    texts = [
        json.loads(recognizer.Result())["text"]
        for block in blocks
        if recognizer.AcceptWaveform(block)
    ]
    texts.append(json.loads(recognizer.FinalResult())["text"])
    return "".join(texts).replace(" ", "")


def decode_aloud(model: vosk.Model, blocks: Iterable[bytes]) -> str:
    """The same, asking after every block what has been heard so far."""
    recognizer = vosk.KaldiRecognizer(model, RATE)
    recognizer.SetWords(True)
    texts = []
    for block in blocks:
        if recognizer.AcceptWaveform(block):
            texts.append(json.loads(recognizer.Result())["text"])
        else:
            recognizer.PartialResult()
    texts.append(json.loads(recognizer.FinalResult())["text"])
    return "".join(texts).replace(" ", "")


def loop(model_dir: str, pcm_file: str, partials: str = "") -> None:
    model = vosk.Model(model_dir)
    pcm = Path(pcm_file).read_bytes()
    size = (LIVE_BLOCK_FRAMES if partials else BLOCK_FRAMES) * 2
    heard = decode_aloud if partials else decode
    print("ready", flush=True)
    sys.stdin.readline()
    wall, cpu = time.perf_counter(), time.process_time()
    text = heard(model, (pcm[at : at + size] for at in range(0, len(pcm), size)))
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps({**spent, "text": text}))


def draft(model_dir: str, database: str, *recordings: str) -> None:
    model = vosk.Model(model_dir)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE draft (caller_text TEXT)")
    took = []
    for recording in recordings:
        began = time.perf_counter()
        text = decode(model, _left_voice(recording))
        connection.execute("INSERT INTO draft VALUES (?)", (text,))
        took.append(time.perf_counter() - began)
    print(json.dumps(took))


def _left_voice(recording: str) -> Iterator[bytes]:
    with wave.open(recording) as file:
        while block := file.readframes(BLOCK_FRAMES):
            left = bytearray(len(block) // 2)
            left[0::2], left[1::2] = block[0::BYTES_PER_FRAME], block[1::BYTES_PER_FRAME]
            yield bytes(left)


if __name__ == "__main__":
    vosk.SetLogLevel(-1)
    if sys.argv[1] == "loop":
        loop(*sys.argv[2:])
    else:
        draft(*sys.argv[2:])
