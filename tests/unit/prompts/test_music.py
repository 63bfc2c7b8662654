import itertools

import pytest

from prompts.levels import measure
from prompts.music import hold_music

RATE = 8000


def test_hold_music_is_soft_long_and_seamless() -> None:
    music = hold_music(RATE)
    levels = measure(music, RATE)
    assert levels.speech_dbfs == pytest.approx(-24, abs=0.5)
    assert 55 <= levels.length_s <= 70
    assert levels.clipped_runs == 0
    steps = [abs(b - a) for a, b in itertools.pairwise(music)]
    assert abs(music[0] - music[-1]) <= max(steps)
    # No gap at the seam either: the last notes still sound when the loop begins again.
    around_seam = music[-RATE // 2 :] + music[: RATE // 2]
    assert measure(around_seam, RATE).speech_dbfs > -32


def test_it_sounds_the_same_every_time() -> None:
    assert hold_music(4000) == hold_music(4000)
