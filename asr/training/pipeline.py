"""The whole build: steps in order, each in a process of its own, each redone only when it must be.

One process per step, because the libraries do not live together: importing kaldi_hmm_gmm after
torch, vosk and kaldifst hung for ten minutes in that import, torch + vosk + kaldifst in one process
timed out too, and kaldilm aborts the whole process on an ARPA file it dislikes. This module
itself needs the standard library only.

A result is OUT/<step>/, put in place by one rename; OUT/stamps/<step>.json then says what it was
made of. A step whose stamp still fits is skipped, so an interrupted build goes on where it was.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from asr.training.recipe import Recipe

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class StepFailed(Exception):
    """A step's process ended badly; what it printed says why."""


@dataclass(frozen=True)
class Step:
    """``needs``: earlier steps. ``settings``: fields of the recipe that change its result.

    ``sources``: files of this package, ``inputs``: files from outside that it is made of.
    """

    name: str
    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


_SPEAKING = ("synthesis.py", "phoneset.py")
_LINE = ("speech.py", "augmentation.py", "line_damage.py", "packet_loss.py")
_FITTING = ("training.py", "network.py", "features.py", "warm_start.py")
_WORDS = (
    "lexicon.py",
    "segmentation.py",
    "vocabulary.py",
    "city_words.py",
    "additions.py",
    "arpa.py",
)


def plan(recipe: Recipe) -> list[Step]:
    """The steps of this recipe in order."""
    base = recipe.acoustic_model
    taken_phones = (f"{base}/graph/phones.txt",) if base else ()
    taken_network = (f"{base}/am/final.mdl",) if base else ()
    everyday = (recipe.everyday,) if recipe.everyday else ()
    language = (recipe.language,) if recipe.language else ()
    steps = [
        Step("phones", sources=(*_SPEAKING, "phone_table.py"), inputs=taken_phones),
        Step(
            "texts",
            settings=(
                "hotline_sentences",
                "colloquial_sentences",
                "request_sentences",
                "leaks_stop",
            ),
            sources=("corpus.py", "sentence_grammar.py", "overlap.py", "texts", "testsets"),
            inputs=(*recipe.sentences, *(recipe.words if recipe.leaks_stop else ())),
        ),
    ]
    if base:
        steps.append(Step("acoustic-model", inputs=taken_network))
    else:
        steps += _acoustic_steps(recipe)
    steps += [
        Step(
            "lexicon",
            needs=("phones", "texts"),
            settings=("dictionary_words",),
            sources=(*_SPEAKING, *_WORDS, "texts"),  # words with readings lie there too
            inputs=(*recipe.words, *everyday, *language),
        ),
        Step(
            "language-model",
            needs=("lexicon",),
            settings=("pairs", "triples", "callers_share"),
            sources=("language_model.py", "mixing.py", "arpa.py"),
            inputs=(*everyday, *language),
        ),
        Step(
            "graph",
            needs=("phones", "lexicon", "language-model"),
            sources=("graph.py", "phone_table.py"),
        ),
        Step("model", needs=("acoustic-model", "graph"), sources=("model_files.py",)),
    ]
    return [*steps, *_test_steps()]


def _test_steps() -> list[Step]:
    speaking = ("synthesis.py", *_LINE, "voices.py")
    sets = sorted((HERE / "testsets").glob("*/*.txt"))
    spoken = [
        Step(
            f"test-{path.stem}",
            settings=("tested_sentences", "noisy_tests"),
            sources=(*speaking, str(path.relative_to(HERE))),
        )
        for path in sets
    ]
    names = tuple(step.name for step in spoken)
    return [*spoken, Step("evaluation", ("model", *names), sources=("evaluation.py", "report.py"))]


def _acoustic_steps(recipe: Recipe) -> list[Step]:
    parts = tuple(f"speech-{part:02}" for part in range(recipe.speech_parts))
    sounding = (*_LINE, "features.py")
    speaking = (*_SPEAKING, *sounding, "voices.py", "invented_voices.py")
    start = (f"{recipe.start}/am/final.mdl",) if recipe.start else ()
    fitted = ("minutes", "threads")
    return [
        *(Step(part, ("phones", "texts"), ("hours",), speaking) for part in parts),
        Step("cross-entropy", ("phones", *parts), (*fitted, "width"), _FITTING, start),
        Step("sequence", ("phones", "cross-entropy", *parts), fitted, _FITTING),
        Step(
            "acoustic-model",
            ("phones", "sequence"),
            sources=("export.py", "kaldi_binary.py", "network.py", "phone_table.py"),
        ),
    ]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = (each for each in path.rglob("*") if each.is_file())
        found += sorted(inside) if path.is_dir() else [path]
    return found


def digest(paths: Iterable[Path]) -> str:
    """sha-256 over the names and contents of files and whole folders."""
    whole = hashlib.sha256()
    for path in _files(paths):
        with path.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        whole.update(f"{path.name} {content}\n".encode())
    return whole.hexdigest()


def _stamp_path(out: Path, name: str) -> Path:
    return out / "stamps" / f"{name}.json"


def made_of(step: Step, recipe: Recipe, out: Path) -> str:
    """Digest of everything that decides the result of ``step``; its needs must be done."""
    chosen = asdict(recipe)
    needs = {name: json.loads(_stamp_path(out, name).read_text())["result"] for name in step.needs}
    everything = {
        "step": step.name,
        "settings": {name: chosen[name] for name in step.settings},
        "sources": digest(HERE / source for source in ("steps.py", *step.sources)),
        "inputs": digest(map(Path, step.inputs)),
        "needs": needs,
    }
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def is_done(step: Step, key: str, out: Path) -> bool:
    """Its result is there and was made of the same things."""
    stamp = _stamp_path(out, step.name)
    return (
        (out / step.name).is_dir()
        and stamp.exists()
        and json.loads(stamp.read_text())["made_of"] == key
    )


def _run(step: Step, recipe: Recipe, out: Path, python: str) -> None:
    partial = out / f"{step.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    _stamp_path(out, step.name).unlink(missing_ok=True)
    recipe.save(out / "recipe.json")
    command = [python, "-m", "asr.training", "step", step.name, "--out", str(out.resolve())]
    threads = str(recipe.threads)
    environment = os.environ | {"OMP_NUM_THREADS": threads, "PYTHONPATH": str(ROOT)}
    code = subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
    if code:
        how = f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"
        raise StepFailed(f"step {step.name} {how}")
    shutil.rmtree(out / step.name, ignore_errors=True)
    partial.replace(out / step.name)


def _stamp(step: Step, key: str, out: Path) -> None:
    stamp = _stamp_path(out, step.name)
    stamp.parent.mkdir(exist_ok=True)
    content = {"made_of": key, "result": digest([out / step.name])}
    fresh = stamp.with_suffix(".partial")
    fresh.write_text(json.dumps(content))
    fresh.replace(stamp)


def build(
    recipe: Recipe,
    out: Path,
    say: Callable[[str], None],
    *,
    until: str = "evaluation",
    python: str = sys.executable,
) -> Path:
    """Run every step up to ``until`` that is not done yet; returns the model directory.

    ``python``: an interpreter that has the training libraries. `StepFailed` when a step fails; what
    is done stays done.
    """
    out.mkdir(parents=True, exist_ok=True)
    steps = plan(recipe)
    last = [step.name for step in steps].index(until) + 1
    for number, step in enumerate(steps[:last], 1):
        key = made_of(step, recipe, out)
        head = f"[{number:2}/{last}] {step.name}"
        if is_done(step, key, out):
            say(f"{head}: as before")
            continue
        say(head)
        began = time.monotonic()
        _run(step, recipe, out, python)
        _stamp(step, key, out)
        say(f"{head}: done in {time.monotonic() - began:.0f} s")
    return out / "model"
