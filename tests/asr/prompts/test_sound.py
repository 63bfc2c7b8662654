"""Every rendered prompt is as loud, as tight and as long as a caller can bear."""

import wave
from pathlib import Path

import pytest

from prompts.levels import Levels, measure, pcm
from prompts.texts import load_catalogue

KEYS = load_catalogue("zh-CN")
SPEECH = [*KEYS.prompts, *KEYS.digits]


def levels(path: Path) -> Levels:
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        return measure(pcm(sound.readframes(sound.getnframes())), 8000)


@pytest.fixture(params=["zh-CN", "en"])
def files(request: pytest.FixtureRequest, chinese: dict[str, Path], english: dict[str, Path]):
    return chinese if request.param == "zh-CN" else english


@pytest.mark.parametrize("key", SPEECH)
def test_loudness_and_no_clipping(key: str, files: dict[str, Path]) -> None:
    measured = levels(files[key])
    assert measured.speech_dbfs == pytest.approx(-19, abs=2)
    assert measured.clipped_runs == 0
    assert measured.peak_dbfs < -0.3


@pytest.mark.parametrize("key", list(KEYS.prompts))
def test_prompts_start_and_end_with_a_breath(key: str, files: dict[str, Path]) -> None:
    measured = levels(files[key])
    assert 0.08 <= measured.lead_silence_s <= 0.18
    assert 0.15 <= measured.trail_silence_s <= 0.30


@pytest.mark.parametrize("key", list(KEYS.digits))
def test_digits_are_tight(key: str, files: dict[str, Path]) -> None:
    measured = levels(files[key])
    assert measured.lead_silence_s <= 0.06
    assert measured.trail_silence_s <= 0.15
    assert 0.35 <= measured.length_s <= 0.85


@pytest.mark.parametrize("key", list(KEYS.prompts))
def test_length_fits_the_text(key: str, chinese: dict[str, Path]) -> None:
    spoken = sum(mark not in "，。、" for mark in KEYS.prompts[key])
    length_s = levels(chinese[key]).length_s
    # 2.2-5 characters a second with pauses: slower tires, faster loses the elderly.
    assert 2.2 <= spoken / length_s <= 5
    assert length_s <= (24 if key == "fallback-announcement" else 18)


def test_the_greeting_leaves_time_to_answer_within_15_s(chinese: dict[str, Path]) -> None:
    assert levels(chinese["greeting"]).length_s <= 8


def test_tones_and_music_are_there(files: dict[str, Path]) -> None:
    assert levels(files["beep"]).length_s == 0.25
    assert levels(files["pause-200"]).length_s == 0.2
    assert levels(files["silence-1s"]).length_s == 1
    assert levels(files["moh"]).length_s == 64
