import pytest

from callflow.commands import Digits
from ivr.prompts import Prompts, UnknownPrompt

PROMPTS = Prompts({"hello": "/p/hello", "digit-1-phone": "/p/1", "digit-2": "/p/2"})


def test_keys_become_files_and_numbers_their_figures() -> None:
    assert PROMPTS.sounds(("hello", Digits("21"))) == ["/p/hello", "/p/2", "/p/1"]


@pytest.mark.parametrize("part", ["goodbye", Digits("3"), "../hello"])
def test_a_prompt_that_the_catalogue_does_not_have(part: str | Digits) -> None:
    with pytest.raises(UnknownPrompt):
        PROMPTS.sounds((part,))
