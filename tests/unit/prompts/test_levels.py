import itertools
import math
from array import array

import pytest

from prompts.levels import clipped_runs, measure
from prompts.shaping import DIGIT_PADS, PROMPT_PADS, Pads, fit, trim
from prompts.tones import beep, silence

RATE = 8000


def tone(seconds: float, peak: float, hertz: float = 500) -> "array[int]":
    count = round(seconds * RATE)
    return array("h", (round(peak * math.sin(math.tau * hertz * n / RATE)) for n in range(count)))


def test_level_of_a_known_sine() -> None:
    levels = measure(tone(1, 32767), RATE)
    assert levels.speech_dbfs == pytest.approx(-3.01, abs=0.01)
    assert levels.peak_dbfs == pytest.approx(0, abs=0.01)


def test_pauses_do_not_lower_the_speech_level() -> None:
    talking = tone(1, 8000)
    with_pauses = talking + silence(RATE, 3000) + talking
    assert measure(with_pauses, RATE).speech_dbfs == pytest.approx(
        measure(talking, RATE).speech_dbfs, abs=0.1
    )


def test_silence_at_the_ends_is_measured() -> None:
    levels = measure(silence(RATE, 300) + tone(1, 8000) + silence(RATE, 500), RATE)
    assert (levels.lead_silence_s, levels.trail_silence_s) == pytest.approx((0.3, 0.5), abs=0.011)
    assert levels.length_s == pytest.approx(1.8)


def test_nothing_but_silence() -> None:
    levels = measure(silence(RATE, 500), RATE)
    assert levels.speech_dbfs == -math.inf
    assert levels.lead_silence_s == levels.length_s == 0.5


def test_nothing_at_all() -> None:
    assert measure(array("h"), RATE).length_s == 0


@pytest.mark.parametrize(
    ("samples", "runs"),
    [
        ([32767, 32767], 0),
        ([32767, 32767, 32767], 1),
        ([32767] * 9, 1),
        ([32767, 32767, -32768, -32768], 0),
        ([-32768] * 3 + [0] + [32767] * 3, 2),
    ],
)
def test_clipping_is_three_equal_rails_in_a_row(samples: list[int], runs: int) -> None:
    assert clipped_runs(samples) == runs


@pytest.mark.parametrize("peak", [300, 3000, 30000])
@pytest.mark.parametrize("pads", [PROMPT_PADS, DIGIT_PADS])
def test_fit_brings_any_loudness_to_the_line(peak: int, pads: Pads) -> None:
    raw = silence(RATE, 700) + tone(1, peak) + silence(RATE, 700)
    levels = measure(fit(raw, RATE, pads), RATE)
    assert levels.speech_dbfs == pytest.approx(-19, abs=0.5)
    assert levels.lead_silence_s == pytest.approx(pads.lead_ms / 1000, abs=0.011)
    assert levels.trail_silence_s == pytest.approx(pads.trail_ms / 1000, abs=0.011)


def test_a_peaky_sound_is_bent_not_cut() -> None:
    raw = tone(2, 800) + tone(0.02, 30000) + tone(2, 800)
    levels = measure(fit(raw, RATE, PROMPT_PADS), RATE)
    assert levels.clipped_runs == 0
    assert levels.peak_dbfs < -0.5


def test_silence_stays_silent() -> None:
    assert list(trim(silence(RATE, 500), RATE)) == []
    assert set(fit(silence(RATE, 500), RATE, PROMPT_PADS)) == {0}


def test_beep_is_a_soft_edged_tone() -> None:
    sound = beep(RATE)
    levels = measure(sound, RATE)
    assert levels.length_s == 0.25
    assert levels.speech_dbfs == pytest.approx(-12, abs=0.5)
    assert sound[0] == sound[-1] == 0
    crossings = sum(a < 0 <= b for a, b in itertools.pairwise(sound))
    assert crossings / 0.25 == pytest.approx(1000, rel=0.02)
