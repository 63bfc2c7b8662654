import pytest

from asr.training import corpus, overlap
from asr.training.sentence_grammar import SENTENCE


@pytest.fixture(scope="module")
def grammar():
    return corpus.read_grammar()


@pytest.fixture(scope="module")
def texts(grammar):
    return corpus.make_texts(grammar, corpus.Amounts(3000, 2000, 2000))


def test_no_written_test_set_shares_eight_characters_with_the_text(texts):
    written = corpus.read_test_sets("written")
    assert {"final_hotline", "hotline_hand", "ood", "strangers"} <= set(written)
    overlap.check(texts.language_model, written)


def test_no_sentence_of_a_template_set_is_in_the_text(texts):
    known = {overlap.characters(sentence) for sentence in texts.language_model}
    for name, sentences in corpus.read_test_sets("template").items():
        assert known.isdisjoint(map(overlap.characters, sentences)), name


def test_a_city_sentence_out_of_a_test_set_stops_the_build(grammar):
    leaked = corpus.read_test_sets("written")["final_hotline"][2]
    with pytest.raises(overlap.TestSetLeaked, match="final_hotline"):
        corpus.make_texts(grammar, corpus.Amounts(50, 50, 50), [leaked])


def test_sentences_of_a_city_are_taken_as_they_are(grammar):
    extra = "六合区雄州街道的龙池湖在哪里"
    assert extra in corpus.make_texts(grammar, corpus.Amounts(50, 50, 50), [extra]).language_model


def test_spoken_requests_name_places_of_the_five_cities(texts):
    assert len(texts.requests) > 1900
    assert any("街道" in sentence or "镇" in sentence for sentence in texts.requests)


def test_fixed_phrases_are_always_in(texts):
    assert {"转人工", "停水了", "请问您贵姓"} <= set(texts.hotline)


def test_only_chinese_characters_and_commas(texts):
    assert all(SENTENCE.fullmatch(sentence) for sentence in texts.language_model)


def test_the_same_text_every_time(grammar, texts):
    assert corpus.make_texts(grammar, corpus.Amounts(3000, 2000, 2000)) == texts


def test_spoken_text_mixes_sentences_and_digit_strings(texts):
    spoken = corpus.spoken_texts(texts, 1000)
    digits = [s for s in spoken if set(s) <= set("零一二三四五六七八九幺")]
    assert 120 < len(digits) < 240
    assert set(spoken) - set(digits) <= set(texts.language_model)


def test_general_text_is_rows_of_dictionary_words():
    made = corpus.general_texts([("停水", 50), ("电", 30), ("罕", 1)], 40, seed=2)
    assert len(made) == 40
    assert set("".join(made)) <= set("停水电，")
