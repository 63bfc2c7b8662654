from random import Random

import pytest

from asr.training import invented_voices
from asr.training.voices import (
    HELD_OUT,
    PLAIN,
    PLAIN_SHARE,
    UNUSABLE,
    VoiceMissing,
    training_voices,
)

INSTALLED = [*HELD_OUT, *UNUSABLE, "f2", "m3"]


def test_held_out_voices_are_never_trained_on():
    assert set(training_voices(INSTALLED)).isdisjoint(HELD_OUT)


def test_training_uses_the_plain_voice_and_every_usable_variant_in_a_fixed_order():
    assert training_voices(reversed(INSTALLED)) == (*[PLAIN] * PLAIN_SHARE, "f2", "m3")


def test_an_espeak_without_a_held_out_voice_is_refused():
    with pytest.raises(VoiceMissing, match="Marco"):
        training_voices([name for name in INSTALLED if name != "Marco"])


def test_an_invented_voice_is_a_variant_file_with_numbers_espeak_takes():
    text = invented_voices.variant(Random(4), "one")
    lines = [line.split() for line in text.splitlines()]
    assert lines[:2] == [["language", "variant"], ["name", "one"]]
    for key, *values in lines[2:]:
        assert key in {
            "pitch", "klatt", "formant", "tone", "flutter", "roughness", "voicing",
            "intonation", "consonants", "echo", "breath",
        }  # fmt: skip
        assert all(value.lstrip("-").isdigit() for value in values)


def test_invented_voices_differ_and_are_the_same_every_time():
    first = [invented_voices.variant(Random(7), "v") for _ in range(2)]
    random = Random(7)
    assert first[0] == first[1] == invented_voices.variant(random, "v")
    assert invented_voices.variant(random, "v") != first[0]


def test_installed_variants_stay_and_other_languages_go(tmp_path):
    data = tmp_path / "installed"
    for folder in ("voices/!v", "lang/sit", "lang/gmw"):
        (data / folder).mkdir(parents=True)
    (data / "voices/!v/f2").write_text("language variant\n")
    (data / "phondata").write_text("")
    names = invented_voices.lay_out(data, tmp_path / "own", seed=1, count=3)
    own = tmp_path / "own/espeak-ng-data"
    assert {path.name for path in (own / "voices/!v").iterdir()} == {"f2", *names}
    assert [path.name for path in (own / "lang").iterdir()] == ["sit"]
    assert (own / "phondata").is_symlink()
