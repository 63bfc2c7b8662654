"""Each prompt is understood by the recogniser: a wrongly read character would show here."""

import json
import wave
from pathlib import Path

import pytest
from vosk import KaldiRecognizer, Model

from asr.models.store import ensure_embedded
from prompts.numbers import spoken_number
from prompts.texts import load_catalogue

CATALOGUE = load_catalogue("zh-CN")
BLOCK = 1600


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return Model(str(ensure_embedded(tmp_path_factory.mktemp("model"))))


def samples(path: Path) -> bytes:
    with wave.open(str(path)) as sound:
        return sound.readframes(sound.getnframes())


def heard(model: Model, sound: bytes) -> str:
    recognizer = KaldiRecognizer(model, 8000)
    texts = []
    for start in range(0, len(sound), BLOCK):
        if recognizer.AcceptWaveform(sound[start : start + BLOCK]):
            texts.append(json.loads(recognizer.Result())["text"])
    return "".join([*texts, json.loads(recognizer.FinalResult())["text"]]).replace(" ", "")


def errors(said: str, got: str) -> int:
    """Edit distance in characters."""
    row = list(range(len(got) + 1))
    for i, wanted in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, mark in enumerate(got, start=1):
            cost = min(row[j] + 1, row[j - 1] + 1, before + (wanted != mark))
            before, row[j] = row[j], cost
    return row[-1]


@pytest.mark.parametrize("key", list(CATALOGUE.prompts))
def test_character_error_rate_of_each_prompt(
    key: str, chinese: dict[str, Path], model: Model
) -> None:
    said = "".join(mark for mark in CATALOGUE.text(key) if mark not in "，。、")
    got = heard(model, samples(chinese[key]))
    assert errors(said, got) / len(said) <= 0.2, got


def test_a_ticket_number_read_back_is_understood(chinese: dict[str, Path], model: Model) -> None:
    number = "261122557010"
    sound = b"".join(samples(chinese[key]) for key in spoken_number(number))
    got = heard(model, samples(chinese["message-thanks"]) + sound)
    said = CATALOGUE.text("message-thanks").replace("。", "")
    said += number.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))
    assert errors(said, got) / len(said) <= 0.2, got
