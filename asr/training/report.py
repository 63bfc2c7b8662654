"""Scores of a model over spoken test sets, as text and as JSON."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from asr.training.evaluation import Decoded, Decoder, Score, score, without_echo


def line(name: str, everyone: Score, no_echo: Score) -> str:
    """One set in one line: errors of all voices, without the echoing one, sentences right."""
    return (
        f"{name:22} {everyone.sentences:4} sentences  CER {100 * everyone.cer:6.2f} %  "
        f"(without echoing voice {100 * no_echo.cer:6.2f} %)  right {100 * everyone.right:5.1f} %  "
        f"RTF {everyone.real_time_factor:.3f}"
    )


def _mistakes(decoded: Sequence[Decoded]) -> str:
    wrong = (result for result in decoded if result.errors)
    return "".join(f"{r.file}\t{r.spoken}\t{r.recognised}\n" for r in wrong)


def evaluate(
    model: Path, sets: Sequence[Path], out: Path | None, say: Callable[[str], None]
) -> dict[str, Score]:
    """Decode every set; with ``out``: scores.json, and NAME.txt with the sentences gone wrong."""
    decoder = Decoder(model)
    scores = {}
    for folder in sets:
        decoded = decoder.decode_set(folder)
        scores[folder.name] = score(decoded)
        say(line(folder.name, scores[folder.name], score(without_echo(decoded))))
        if out:
            (out / f"{folder.name}.txt").write_text(_mistakes(decoded), encoding="utf8")
    if out:
        figures = {name: asdict(one) | {"cer": one.cer} for name, one in scores.items()}
        (out / "scores.json").write_text(json.dumps(figures, indent=1), encoding="utf8")
    return scores
