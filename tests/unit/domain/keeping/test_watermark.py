"""The mark of a download: inaudible, found again in any cut, not in what carries none."""

import random

from hypothesis import given
from hypothesis import strategies as some

from domain.keeping.watermark import PERIOD, code_in, code_of, marked

CHANCE = random.Random(7)
SOUND = bytes(CHANCE.randrange(256) for _ in range(4 * PERIOD * 12))
CODE = code_of("account:wang.fang", "hl1-1.1", "2026-11-22T15:31:02+08:00")


@given(some.integers(0, 2**48 - 1), some.integers(0, 5000), some.integers(0, 4 * PERIOD))
def test_every_download_is_found_in_every_cut(code: int, first: int, cut_frames: int) -> None:
    assert code_in(marked(SOUND, first, code)[4 * cut_frames :]) == code


def test_only_the_lowest_bit_of_the_left_voice_changes() -> None:
    changed = marked(SOUND, 0, CODE)
    assert len(changed) == len(SOUND)
    for place, (before, after) in enumerate(zip(SOUND, changed, strict=True)):
        assert before | 1 == after | 1 if place % 4 == 0 else before == after


def test_pieces_make_the_same_as_the_whole() -> None:
    whole = marked(SOUND, 0, CODE)
    for frames in (1, PERIOD - 1, PERIOD, 333):
        pieces = [
            marked(SOUND[at : at + 4 * frames], at // 4, CODE)
            for at in range(0, len(SOUND), 4 * frames)
        ]
        assert b"".join(pieces) == whole


def test_what_carries_no_mark_has_none() -> None:
    assert code_in(SOUND) is None
    assert code_in(bytes(len(SOUND))) is None
    assert code_in(b"") is None
    assert code_in(marked(SOUND, 0, CODE)[: 4 * (PERIOD - 1)]) is None


def test_a_few_damaged_samples_do_no_harm() -> None:
    damaged = bytearray(marked(SOUND, 0, CODE))
    for place in CHANCE.sample(range(0, len(SOUND), 4), 40):
        damaged[place] ^= CHANCE.randrange(2)
    assert code_in(bytes(damaged)) == CODE
