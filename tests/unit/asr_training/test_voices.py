import pytest

from asr.training.voices import HELD_OUT, UNUSABLE, VoiceMissing, training_voices

INSTALLED = [*HELD_OUT, *UNUSABLE, "f2", "m3"]


def test_held_out_voices_are_never_trained_on():
    assert set(training_voices(INSTALLED)).isdisjoint(HELD_OUT)


def test_training_uses_the_plain_voice_and_every_usable_variant_in_a_fixed_order():
    assert training_voices(reversed(INSTALLED)) == ("", "f2", "m3")


def test_an_espeak_without_a_held_out_voice_is_refused():
    with pytest.raises(VoiceMissing, match="Marco"):
        training_voices([name for name in INSTALLED if name != "Marco"])
