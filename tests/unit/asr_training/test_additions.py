"""What a city adds, without espeak-ng and without the graph."""

import json

from asr.training import additions


def test_each_word_stands_in_every_carrier():
    made = additions.carried(["金桂坊"])
    assert len(made) == len(additions.CARRIERS)
    assert all("金桂坊" in sentence for sentence in made)


def test_a_language_is_packed_the_same_way_every_time(tmp_path):
    lexicon = {"停水": [[[["th", "iN2"], ["s.", "uei3"]], 0.0]]}
    (tmp_path / "language-model").mkdir()
    (tmp_path / "lexicon").mkdir()
    arpa = "\\data\\\nngram 1=1\n\n\\1-grams:\n-0.5\t停水\n\n\\end\\\n"
    (tmp_path / "language-model/G.arpa").write_text(arpa)
    (tmp_path / "lexicon/lexicon.json").write_text(json.dumps(lexicon))
    additions.pack(tmp_path, tmp_path / "one")
    additions.pack(tmp_path, tmp_path / "two")
    for name in ("G.arpa.gz", "lexicon.json.gz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert set(additions.finished_language(tmp_path / "one").unigrams) == {"停水"}
    readings = additions.finished_lexicon(tmp_path / "one")["停水"]
    assert readings == [((("th", "iN2"), ("s.", "uei3")), 0.0)]
