"""Which steps there are, and when one is done again. No step is run here."""

from dataclasses import replace

import pytest

from asr.training import pipeline
from asr.training.pipeline import Step, StepFailed, digest, is_done, made_of, plan
from asr.training.recipe import TOY, Recipe, load_recipe


def names(recipe):
    return [step.name for step in plan(recipe)]


def test_every_step_comes_after_what_it_needs():
    for recipe in (Recipe(), TOY, Recipe(acoustic_model="somewhere")):
        done = set()
        for step in plan(recipe):
            assert done.issuperset(step.needs), step.name
            done.add(step.name)


def test_every_source_of_a_step_exists():
    for step in plan(Recipe()):
        assert all((pipeline.HERE / source).exists() for source in step.sources), step.name


def test_a_taken_over_network_is_neither_trained_nor_fed():
    assert not [n for n in names(Recipe(acoustic_model="m")) if n.startswith(("speech", "cross"))]
    assert "sequence" in names(Recipe())


def test_recipe_survives_its_file(tmp_path):
    recipe = replace(TOY, words=("a.words",), acoustic_model="m")
    recipe.save(tmp_path / "recipe.json")
    assert load_recipe(tmp_path / "recipe.json") == recipe


def test_digest_follows_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    first = digest([tmp_path])
    assert digest([tmp_path]) == first
    (tmp_path / "b").write_text("3")
    assert digest([tmp_path]) != first


STEP = Step("texts", settings=("hours",))


def test_a_step_is_done_again_when_a_setting_or_an_input_changes(tmp_path):
    city = tmp_path / "city.txt"
    city.write_text("六合区")
    step = replace(STEP, inputs=(str(city),))
    before = made_of(step, Recipe(), tmp_path)
    assert made_of(step, replace(Recipe(), minutes=1.0), tmp_path) == before
    assert made_of(step, replace(Recipe(), hours=1.0), tmp_path) != before
    city.write_text("江宁区")
    assert made_of(step, Recipe(), tmp_path) != before


def fake_python(tmp_path, body):
    """Stands in for the interpreter: called with -m asr.training step NAME --out OUT."""
    path = tmp_path / "python"
    path.write_text(f'#!/bin/sh\nout="$6"; name="$4"\n{body}\n')
    path.chmod(0o755)
    return str(path)


def test_finished_steps_are_skipped_and_a_failed_one_leaves_nothing_behind(tmp_path):
    out, said = tmp_path / "out", []
    good = fake_python(tmp_path, 'echo "$name" > "$out/$name.partial/result"')
    pipeline.build(TOY, out, said.append, until="speech-00", python=good)
    assert (out / "texts/result").read_text() == "texts\n"
    assert is_done(plan(TOY)[0], made_of(plan(TOY)[0], TOY, out), out)
    bad = fake_python(tmp_path, 'touch "$out/$name.partial/half"; kill -ABRT $$')
    said.clear()
    with pytest.raises(StepFailed, match="speech-01 was killed by signal 6"):
        pipeline.build(TOY, out, said.append, python=bad)
    assert [line for line in said if line.endswith("as before")] == said[:3]
    assert not (out / "speech-01").exists()


def test_the_model_is_where_build_says(tmp_path):
    good = fake_python(tmp_path, 'echo "$name" > "$out/$name.partial/result"')
    model = pipeline.build(TOY, tmp_path / "out", lambda _: None, python=good)
    assert (model / "result").read_text() == "model\n"
