import pytest

from asr.training.evaluation import Decoded, edit_distance, score, without_echo


@pytest.mark.parametrize(
    ("wanted", "got", "errors"),
    [
        ("停水", "停水", 0),
        ("停水", "停电", 1),
        ("停水", "", 2),
        ("", "停水", 2),
        ("停水了", "水了", 1),
    ],
)
def test_errors_are_insertions_deletions_and_substitutions(wanted, got, errors):
    assert edit_distance(wanted, got) == errors


def test_scores_add_up_over_sentences_and_the_echoing_voice_can_be_left_out():
    heard = [
        Decoded("0000_f5.wav", "停水了吗", "停水了吗", 2.0, 0.1),
        Decoded("0011_Marco.wav", "停电", "听见了", 2.0, 0.1),
    ]
    total = score(heard)
    assert (total.errors, total.characters, total.right) == (3, 6, 0.5)
    assert total.cer == pytest.approx(0.5)
    assert total.real_time_factor == pytest.approx(0.05)
    assert score(without_echo(heard)).errors == 0
