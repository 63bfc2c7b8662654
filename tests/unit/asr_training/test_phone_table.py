import pytest

from asr.training.phone_table import (
    PhonesDiffer,
    PhoneTable,
    forward_transition,
    read_phones,
    word_phone_ids,
)

TABLE = PhoneTable(("SIL", "th", "iN2"))


def test_every_phone_has_four_places_in_a_word_and_one_output():
    assert TABLE.symbols[:4] == ("<eps>", "SIL", "th_B", "th_I")
    assert TABLE.count == 9
    assert [TABLE.pdf(phone) for phone in range(1, 10)] == [0, 1, 1, 1, 1, 2, 2, 2, 2]


def test_word_boundaries_as_kaldi_wants_them():
    assert TABLE.boundary_lines()[:5] == [
        "1 nonword",
        "2 begin",
        "3 internal",
        "4 end",
        "5 singleton",
    ]


def test_a_word_marks_its_first_and_last_phone():
    ids = TABLE.ids()
    names = {number: name for name, number in ids.items()}
    placed = word_phone_ids(ids, [["th", "iN2"], ["th", "iN2"]])
    assert [names[number] for number in placed] == ["th_B", "iN2_I", "th_I", "iN2_E"]
    assert [names[n] for n in word_phone_ids(ids, [["iN2"]])] == ["iN2_S"]


def test_transition_ids_are_two_per_phone():
    assert [forward_transition(phone) for phone in (1, 2, 3)] == [2, 4, 6]


def test_phones_are_read_back_from_a_list_and_from_a_model(tmp_path):
    plain, numbered = tmp_path / "phones.txt", tmp_path / "numbered.txt"
    plain.write_text("\n".join(TABLE.phones) + "\n")
    numbered.write_text("".join(f"{s} {n}\n" for n, s in enumerate(TABLE.symbols)))
    assert read_phones(plain) == read_phones(numbered) == TABLE


def test_a_model_numbered_otherwise_is_refused(tmp_path):
    path = tmp_path / "phones.txt"
    path.write_text("<eps> 0\nSIL 1\nth_B 2\nth_E 3\nth_I 4\nth_S 5\n")
    with pytest.raises(PhonesDiffer):
        read_phones(path)
