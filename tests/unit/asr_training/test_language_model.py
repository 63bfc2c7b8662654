import io

import pytest

from asr.training.language_model import END, Smoothing, train, write_arpa

SENTENCES = [["我", "要", "投诉"], ["我", "要", "咨询"], ["我", "投诉"], ["停水"]] * 2
OPEN = {"我": 0.2, "要": 0.2, "投诉": 0.2, "咨询": 0.2, "停水": 0.1, "罕见": 0.1}


@pytest.fixture(scope="module")
def model():
    return train(SENTENCES, OPEN)


def arpa_of(model):
    out = io.StringIO()
    write_arpa(model, out)
    return out.getvalue()


def sections(arpa):
    """Order -> lines, as an ARPA reader cuts the file."""
    found, order = {}, 0
    for line in arpa.splitlines():
        if line.endswith("-grams:"):
            order = int(line[1])
            found[order] = []
        elif line and not line.startswith(("\\", "ngram")):
            found[order].append(line.split("\t"))
    return found


@pytest.mark.parametrize(
    "history", [(), ("我",), ("<s>", "我"), ("我", "要"), ("要", "投诉"), ("罕见",)]
)
def test_probabilities_of_all_words_sum_to_one(model, history):
    total = sum(model.probability(history, word) for word in model.unigrams)
    assert total == pytest.approx(1.0, abs=1e-6)


def test_what_was_seen_is_likelier_than_what_was_not(model):
    assert model.probability(("我", "要"), "投诉") > model.probability(("我", "要"), "停水")
    assert model.probability(("我",), "罕见") > 0


def test_digits_do_not_outweigh_words_by_being_repeated():
    often = train([["一", "一", "一", "一", "一", "投诉"], ["要", "投诉"]], {"一": 1, "投诉": 1})
    assert often.unigrams["投诉"] > often.unigrams["一"] * 0.9


def test_rare_ngrams_are_cut():
    assert train([["我", "要"]], OPEN, Smoothing(cutoff=2)).bigrams == {}
    assert ("我", "要") in train([["我", "要"]], OPEN, Smoothing(cutoff=1)).bigrams


def test_arpa_counts_match_its_lines(model):
    arpa = arpa_of(model)
    header = dict(
        line.removeprefix("ngram ").split("=")
        for line in arpa.splitlines()
        if line.startswith("ngram")
    )
    assert {int(n): int(count) for n, count in header.items()} == {
        n: len(lines) for n, lines in sections(arpa).items()
    }


def test_arpa_has_no_backoff_in_its_highest_order(model):
    found = sections(arpa_of(model))
    assert max(found) == 3
    assert all(len(fields) == 2 for fields in found[3])
    assert any(len(fields) == 3 for fields in found[2])
    small = sections(arpa_of(train([["我"]], OPEN)))
    assert max(small) == 1
    assert all(len(fields) == 2 for fields in small[1])


def test_arpa_says_what_the_model_says(model):
    lines = {fields[1]: float(fields[0]) for fields in sections(arpa_of(model))[2]}
    assert 10 ** lines["我 要"] == pytest.approx(model.probability(("我",), "要"), rel=1e-4)
    assert f"投诉 {END}" in lines
