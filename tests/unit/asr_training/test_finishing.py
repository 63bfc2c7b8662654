"""What is shipped is the general model with the hotline's own words; no step is run here."""

import gzip
import json

import pytest

from asr.training import corpus, finishing, overlap, steps
from asr.training.city_words import read_words
from asr.training.pipeline import plan
from asr.training.recipe import TOY, Recipe, load_recipe
from asr.training.sentence_grammar import SENTENCE


def inputs(recipe, name):
    return next(step for step in plan(recipe) if step.name == name).inputs


@pytest.fixture
def second(tmp_path):
    return finishing.finished(Recipe(everyday="e", start="s"), tmp_path / "m", tmp_path / "l")


def test_the_second_half_takes_the_network_and_adds_the_words(second, tmp_path):
    assert str(tmp_path / "m/am/final.mdl") in inputs(second, "acoustic-model")
    assert {str(tmp_path / "l"), str(finishing.WORDS)} <= set(inputs(second, "lexicon"))
    assert str(finishing.SENTENCES) in inputs(second, "texts")
    assert not [step for step in plan(second) if step.name.startswith(("speech", "cross"))]


def test_the_words_stand_only_there():
    own = read_words([finishing.WORDS])
    assert {"话务员", "工单号", "办结"} <= set(own)
    assert not set(own) & set(read_words(sorted(corpus.TEXTS.glob("*.words"))))


def test_the_sentences_can_be_spoken_and_are_in_no_test_set():
    sentences = corpus.read_sentences(finishing.SENTENCES)
    assert all(SENTENCE.fullmatch(sentence) for sentence in sentences)
    corpus.check_additions([str(finishing.WORDS)], sentences)


@pytest.mark.parametrize("place", ["words", "sentences"])
def test_a_test_sentence_among_the_hotline_s_own_text_stops_the_build(second, tmp_path, place):
    leaked = tmp_path / place
    leaked.write_text(corpus.read_test_sets("written")["strangers"][0].replace("，", "") + "\n")
    fields = {"words": (), "sentences": (), place: (str(leaked),)}
    recipe = Recipe(language="l", leaks_stop=True, **fields)
    with pytest.raises(overlap.TestSetLeaked, match="strangers"):
        steps.texts(recipe, tmp_path, tmp_path)


def test_a_city_may_say_what_a_test_set_says(tmp_path):
    said = corpus.read_test_sets("written")["strangers"][0]
    (tmp_path / "calls.txt").write_text(said + "\n")
    steps.texts(Recipe(language="l", sentences=(str(tmp_path / "calls.txt"),)), tmp_path, tmp_path)
    assert (tmp_path / "language_model.txt").read_text() == said + "\n"


ARPA = "\\data\\\nngram 1=1\n\n\\1-grams:\n-0.5\t停水\n\n\\end\\\n"
FAKE = """#!/bin/sh
out="$6"; name="$4"; echo "$name" > "$out/$name.partial/result"
[ "$name" != language-model ] || printf '%s' '{arpa}' > "$out/$name.partial/G.arpa"
[ "$name" != lexicon ] || printf '{{}}' > "$out/$name.partial/lexicon.json"
[ "$name" != phones ] || echo SIL > "$out/$name.partial/phones.txt"
[ "$name" != model ] || {{ cd "$out/model.partial"; mkdir am graph
  touch am/final.mdl graph/phones.txt; }}
"""


def test_one_command_builds_both_halves(tmp_path):
    python = tmp_path / "python"
    python.write_text(FAKE.format(arpa=ARPA.replace("\\", "\\\\")))
    python.chmod(0o755)
    out, said = tmp_path / "out", []
    model = finishing.build_whole(TOY, out, said.append, until="model", python=str(python))
    assert model == out / "model"
    assert (out / "base/sequence").is_dir()
    assert not (out / "sequence").exists()
    assert load_recipe(out / "recipe.json").acoustic_model == str(out / "base/model")
    with gzip.open(out / "base-language/lexicon.json.gz") as packed:
        assert json.load(packed) == {}
    said.clear()
    finishing.build_whole(TOY, out, said.append, until="model", python=str(python))
    steps_told = [line for line in said if line.startswith("[")]
    assert len(steps_told) > len(plan(TOY)) // 2
    assert all(line.endswith("as before") for line in steps_told)
