"""Cases that a rule for numbers or for private words easily gets wrong, one a line."""

from pathlib import Path

import pytest

from domain.text.itn.normalise import normalise
from domain.text.redaction import redact

HERE = Path(__file__).parent


def pairs(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (HERE / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("spoken", "written"), pairs("itn-hard.tsv"))
def test_numbers_in_figures(spoken: str, written: str) -> None:
    assert normalise(spoken) == written


@pytest.mark.parametrize(("told", "masked"), pairs("redact-hard.tsv"))
def test_private_words_masked(told: str, masked: str) -> None:
    assert redact(told) == masked


@pytest.mark.parametrize(("spoken", "_"), pairs("itn-hard.tsv"))
def test_written_text_stays_as_it_is(spoken: str, _: str) -> None:
    """What is written once is not changed by writing it again."""
    once = normalise(spoken)
    assert normalise(once) == once
