"""Two models become one, and stay a model."""

import gzip
import io

import pytest

from asr.training import mixing
from asr.training.arpa import ArpaWrong, read_arpa
from asr.training.language_model import LanguageModel, Smoothing, train, write_arpa

SAID = [["我", "要", "投诉"], ["我", "要", "咨询"], ["我", "要", "投诉"], ["停水", "了"]] * 3
WORDS = {"我": 0.3, "要": 0.2, "投诉": 0.1, "咨询": 0.1, "停水": 0.1, "了": 0.1, "喜欢": 0.1}
EVERYDAY = LanguageModel(
    {"我": 0.4, "要": 0.2, "了": 0.2, "喜欢": 0.2},
    {("我", "喜欢"): 0.5, ("要", "了"): 0.3},
    {("我", "喜欢", "了"): 0.9},
    {("我",): 0.6, ("要",): 0.8, ("我", "喜欢"): 0.5},
)


@pytest.fixture(scope="module")
def callers():
    return train(SAID, WORDS, Smoothing(domain_share=0.8))


def mixed(callers, pairs=100, triples=100):
    chosen = mixing.Mixture(0.5, pairs, triples)
    return mixing.mix(callers, EVERYDAY, mixing.counted(map(tuple, SAID)), chosen)


@pytest.mark.parametrize("kept", [(100, 100), (3, 1), (1, 0)])
@pytest.mark.parametrize("history", [(), ("我",), ("我", "喜欢"), ("<s>", "我"), ("停水",)])
def test_probabilities_of_all_words_sum_to_one(callers, kept, history):
    model = mixed(callers, *kept)
    total = sum(model.probability(history, word) for word in model.unigrams)
    assert total == pytest.approx(1.0, abs=1e-3)


def test_both_sides_are_known(callers):
    model = mixed(callers)
    assert model.probability(("我",), "喜欢") > 3 * model.unigrams["咨询"]
    assert model.probability(("我", "要"), "投诉") > 0.3


def test_the_dearest_are_kept(callers):
    model = mixed(callers, pairs=4, triples=0)
    assert not model.trigrams
    assert len(model.bigrams) == 4
    assert ("<s>", "我") in model.bigrams
    assert ("要", "了") not in model.bigrams


def test_a_word_of_one_side_only_is_still_possible(callers):
    model = mixed(callers, 0, 0)
    assert all(p > 0 for p in model.unigrams.values())
    assert not model.bigrams


def test_only_keeps_what_concerns_the_words():
    kept = mixing.only(EVERYDAY, ["我", "喜欢"])
    assert set(kept.unigrams) == {"我", "喜欢"}
    assert set(kept.bigrams) == {("我", "喜欢")}


def test_an_arpa_file_comes_back_as_it_was_written(callers, tmp_path):
    model = mixed(callers)
    text = io.StringIO()
    write_arpa(model, text)
    path = tmp_path / "G.arpa.gz"
    path.write_bytes(gzip.compress(text.getvalue().encode()))
    back = read_arpa(path)
    assert back.unigrams == pytest.approx(model.unigrams, rel=1e-3)
    assert back.trigrams == pytest.approx(model.trigrams, rel=1e-3)
    assert set(read_arpa(path, ["我", "要"]).unigrams) == {"我", "要", "</s>"}


def test_what_is_no_arpa_is_refused_with_its_line(tmp_path):
    path = tmp_path / "bad.arpa"
    path.write_text("\\1-grams:\n-1\t我\n\\2-grams:\n-1\t我\n")
    with pytest.raises(ArpaWrong, match="line 4"):
        read_arpa(path)
    path.write_text("hello\n")
    with pytest.raises(ArpaWrong, match="holds no ARPA model"):
        read_arpa(path)
