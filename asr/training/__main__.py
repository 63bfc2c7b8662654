"""``python -m asr.training``: build the model, rebuild its graph, or measure a model."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from asr.training.finishing import build_whole
from asr.training.pipeline import StepFailed, build
from asr.training.recipe import TOY, Recipe, load_recipe


def say(text: str) -> None:
    print(text, flush=True)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m asr.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("build", help="build a vosk model; goes on where it was stopped")
    made.add_argument("--out", type=Path, required=True, help="results of all steps; OUT/model")
    made.add_argument("--hours", type=float, help="hours of speech to synthesise (48)")
    made.add_argument("--minutes", type=float, help="minutes of network training (60)")
    made.add_argument("--threads", type=int, help="processor cores for network training (1)")
    made.add_argument("--toy", action="store_true", help="a small model in about five minutes")
    made.add_argument("--model", type=Path, help="take this model's network, build its graph only")
    made.add_argument("--everyday", type=Path, help="ARPA model of everyday Chinese to mix in")
    made.add_argument("--start", type=Path, help="train this finished model's network further")
    made.add_argument("--language", type=Path, help="with --model: its packed language")
    made.add_argument("--words", type=Path, action="append", default=[], help="a city's words")
    made.add_argument("--sentences", type=Path, action="append", default=[], help="its sentences")
    made.add_argument("--no-test", action="store_true", help="do not measure the finished model")
    step = commands.add_parser("step", help="one step of a build (used by build)")
    step.add_argument("name")
    step.add_argument("--out", type=Path, required=True)
    packed = commands.add_parser("pack", help="keep a build's language for later additions")
    packed.add_argument("build", type=Path, help="OUT of the build")
    packed.add_argument("out", type=Path)
    scored = commands.add_parser("evaluate", help="character error rate over spoken test sets")
    scored.add_argument("model", type=Path)
    scored.add_argument("sets", type=Path, nargs="+", help="folders of wav files with ref.txt")
    return parser.parse_args(argv)


def _resolved(path: Path | None) -> str | None:
    return str(path.resolve()) if path else None


def _recipe(chosen: argparse.Namespace) -> Recipe:
    given = {
        name: getattr(chosen, name)
        for name in ("hours", "minutes", "threads")
        if getattr(chosen, name) is not None
    }
    return replace(
        TOY if chosen.toy else Recipe(),
        acoustic_model=_resolved(chosen.model),
        everyday=_resolved(chosen.everyday),
        start=_resolved(chosen.start),
        language=_resolved(chosen.language),
        words=tuple(str(path.resolve()) for path in chosen.words),
        sentences=tuple(str(path.resolve()) for path in chosen.sentences),
        **given,
    )


def main(argv: Sequence[str]) -> int:
    """0, or 1 with the reason on stderr."""
    chosen = _arguments(argv)
    if chosen.command == "build":
        last = "model" if chosen.no_test else "evaluation"
        try:
            # A model whose network is given gets the words that are given, nothing of our own.
            make = build if chosen.model else build_whole
            model = make(_recipe(chosen), chosen.out, say, until=last)
        except StepFailed as failure:
            print(f"build stopped: {failure}", file=sys.stderr)
            return 1
        say(f"model: {model}")
    elif chosen.command == "step":
        from asr.training.steps import run_step

        recipe = load_recipe(chosen.out / "recipe.json")
        run_step(chosen.name, recipe, chosen.out, chosen.out / f"{chosen.name}.partial")
    elif chosen.command == "pack":
        from asr.training.additions import pack

        pack(chosen.build, chosen.out)
    else:
        from asr.training.report import evaluate

        evaluate(chosen.model, chosen.sets, None, say)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
