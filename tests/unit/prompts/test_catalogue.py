import re

import pytest

from prompts.texts import UnknownLanguage, languages, load_catalogue


def test_every_language_has_the_same_keys() -> None:
    chinese, english = load_catalogue("zh-CN"), load_catalogue("en")
    assert chinese.prompts.keys() == english.prompts.keys()
    assert chinese.digits.keys() == english.digits.keys()


def test_no_key_names_two_sounds() -> None:
    catalogue = load_catalogue("zh-CN")
    assert not catalogue.prompts.keys() & catalogue.digits.keys()


@pytest.mark.parametrize("language", languages())
def test_no_figure_is_left_to_the_voice(language: str) -> None:
    catalogue = load_catalogue(language)
    figures = {
        key: text
        for key, text in {**catalogue.prompts, **catalogue.digits}.items()
        if re.search(r"[0-9#*]", text)
    }
    assert figures == {}


@pytest.mark.parametrize("service", ["110", "119", "120", "122"])
def test_drill_and_failure_name_the_number_to_dial(service: str) -> None:
    spoken = service.translate(str.maketrans("0129", "零一二九"))
    catalogue = load_catalogue("zh-CN")
    for key in (f"emergency-{service}-drill", f"emergency-failed-{service}"):
        assert catalogue.text(key).endswith(f"直接拨{spoken}。")


def test_the_greeting_says_that_the_call_is_recorded() -> None:
    assert "录音" in load_catalogue("zh-CN").text("greeting")


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownLanguage, match="zh-CN"):
        load_catalogue("../zh-CN")
