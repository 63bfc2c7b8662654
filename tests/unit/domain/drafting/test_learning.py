"""The small model of the kinds: what it learns from, and that it is what the file holds."""

import re
from pathlib import Path

import pytest

from domain.drafting import kind_model
from domain.drafting.learning.corpus import phrases, sentences
from domain.drafting.learning.regression import Plan, fit, probabilities
from domain.tickets.category import Category

HERE = Path(__file__).parent
GRAM = 8
EACH, SEED = 700, 12345


def grams(text: str) -> set[str]:
    """Runs of eight Chinese characters."""
    spoken = re.sub("[^\u4e00-\u9fff]", "", text)
    return {spoken[start : start + GRAM] for start in range(len(spoken) - GRAM + 1)}


@pytest.mark.parametrize(
    "name",
    ["requests.jsonl", "requests-unsaid.jsonl", "requests-unseen.jsonl", "requests-fresh.jsonl"],
)
def test_no_eight_characters_of_a_test_set_are_learned(name: str) -> None:
    labelled = (HERE / name).read_text("utf-8").splitlines()
    tested = set().union(*(grams(line.split('"spoken": "')[1].split('"')[0]) for line in labelled))
    assert tested
    leaked = {gram for _, sentence in sentences(EACH, SEED) for gram in grams(sentence) & tested}
    assert not leaked


def test_the_sentences_are_the_same_every_time_and_use_every_phrase() -> None:
    once, again = list(sentences(300, 1)), list(sentences(300, 1))
    assert once == again
    assert {kind for kind, _ in once} == set(Category) - {Category.OTHER} == set(phrases())
    assert not any("{" in sentence for _, sentence in once)
    assert max(len(lines) for lines in phrases().values()) <= 300


def test_the_sums_find_what_tells_two_kinds_apart() -> None:
    samples = [(0, frozenset({"a", "x"})), (1, frozenset({"b", "x"}))] * 20
    weights = fit(samples, 2, Plan(rounds=30, rarest=1))
    assert probabilities([weights["a"], weights["x"]], 2)[0] > 0.9
    assert probabilities([weights["b"], weights["x"]], 2)[1] > 0.9
    assert probabilities([], 2) == [0.5, 0.5]


def test_weights_survive_the_file() -> None:
    lines = kind_model.written({"不退": [0.5, -0.25], "的": [0.001, 0.002]})
    assert lines == "不退\t50 -25\n"
    assert len(kind_model.weights()["不退"]) == len(kind_model.KINDS)


def test_runs_do_not_reach_over_a_stop() -> None:
    assert kind_model.features("水停，电") == {"水", "停", "水停", "电"}


def test_nothing_known_says_nothing() -> None:
    assert set(kind_model.kind_scores("ABC").values()) == {0.0}
