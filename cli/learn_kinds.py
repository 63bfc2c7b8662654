"""``python -m cli.learn_kinds``: domain/drafting/kind_weights.tsv anew, always the same."""

import sys

from domain.drafting import kind_model
from domain.drafting.learning.corpus import sentences
from domain.drafting.learning.regression import Plan, fit

EACH = 700
SEED = 12345


def main() -> None:
    """Write the weights; takes seconds."""
    number = {kind.value: place for place, kind in enumerate(kind_model.KINDS)}
    samples = [
        (number[kind.value], kind_model.features(sentence))
        for kind, sentence in sentences(EACH, SEED)
    ]
    learned = kind_model.written(fit(samples, len(kind_model.KINDS), Plan()))
    kind_model.WEIGHTS.write_text(learned, "utf-8")
    sys.stderr.write(f"{len(samples)} sentences, {learned.count(chr(10))} weights\n")


if __name__ == "__main__":
    main()
