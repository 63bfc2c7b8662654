import pytest

from asr.training.phoneset import NotMandarin, Segment, align, enumerate_phones, phones_of

# As espeak-ng 1.51 writes them.
WATER_CUT = "th'i35N_| s.w'ei214_|"  # 停水


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        (WATER_CUT, [["th", "iN2"], ["s.", "uei3"]]),
        ("n'i214X'Au214", [["n", "i3"], ["X", "Au3"]]),
        ("'@r51", [["Q", "@r4"]]),  # no initial
        ("t@11", [["t", "@5"]]),  # neutral
        ("j'A35n", [["j", "An2"]]),
    ],
)
def test_syllables_become_initial_and_toned_final(written, phones):
    assert phones_of(written) == phones


def test_an_n_before_a_vowel_opens_the_next_syllable():
    assert phones_of("th'i35ni214") == [["th", "i2"], ["n", "i3"]]


@pytest.mark.parametrize("written", ["h@l'oU", "th'iN", "35"])
def test_what_is_not_mandarin_is_refused(written):
    with pytest.raises(NotMandarin):
        phones_of(written)


def test_phones_last_until_the_next_one_begins():
    events = [(0.0, "_:"), (20.0, "th"), (60.0, "i"), (120.0, "N"), (200.0, "_|")]
    assert align(events, "th'i35N", 250.0) == [
        Segment("SIL", 0.0, 20.0),
        Segment("th", 20.0, 60.0),
        Segment("iN2", 60.0, 200.0),
        Segment("SIL", 200.0, 250.0),
    ]


def test_a_syllable_without_initial_gets_forty_milliseconds_of_onset():
    assert align([(10.0, "@r")], "'@r51", 300.0) == [
        Segment("Q", 10.0, 50.0),
        Segment("@r4", 50.0, 300.0),
    ]


@pytest.mark.parametrize(
    "events",
    [
        [(0.0, "t"), (50.0, "i"), (90.0, "N")],  # another initial
        [(0.0, "th"), (50.0, "i")],  # too few
        [(0.0, "th"), (50.0, "i"), (90.0, "N"), (120.0, "a")],  # too many
    ],
)
def test_events_that_do_not_match_the_phonemes_are_refused(events):
    with pytest.raises(NotMandarin):
        align(events, "th'i35N", 200.0)


def test_phone_list_has_silence_first_neutral_finals_and_the_onset_last():
    written = {"停": "th'i35N", "二": "'@r51", "A": "h@l'oU"}
    found = enumerate_phones([("停", 9), ("二", 5), ("A", 2)], written.__getitem__)
    assert found == ["SIL", "th", "@r4", "iN2", "@r5", "iN5", "Q"]
