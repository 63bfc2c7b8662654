import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.engines.protocol import (
    EOF,
    BadMessage,
    EndOfSound,
    StreamConfig,
    config_message,
    error_message,
    read_answer,
    read_control,
)
from asr.recognizer import Word


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_what_the_client_writes_the_server_reads(rate: int) -> None:
    config = StreamConfig(rate=rate, words=True, partials=False)
    assert read_control(config_message(config)) == config


def test_eof_is_spelled_as_the_original_server_compares_it() -> None:
    assert EOF == '{"eof" : 1}'
    assert read_control(EOF) == EndOfSound()


@pytest.mark.parametrize("rate", ["8000", 8000.0, 8000])
def test_clients_write_the_rate_in_three_ways(rate: object) -> None:
    message = json.dumps({"config": {"sample_rate": rate}})
    assert read_control(message) == StreamConfig(rate=8000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        '{"eof": 2}',
        '{"config": 1}',
        '{"config": {"sample_rate": 0}}',
        '{"config": {"sample_rate": -8000}}',
        '{"config": {"sample_rate": 7999}}',
        '{"config": {"sample_rate": 8000.5}}',
        '{"config": {"sample_rate": NaN}}',
        '{"config": {"sample_rate": Infinity}}',
        '{"config": {"sample_rate": 1e999}}',
        '{"config": {"sample_rate": true}}',
        '{"config": {"sample_rate": null}}',
        '{"config": {"sample_rate": "٨٠٠٠"}}',
        '{"config": {"sample_rate": ' + "9" * 400 + "}}",
        '{"config": {"words": "yes"}}',
        '{"config": {"words": [1]}}',
        '{"config": {"max_alternatives": 3}}',
        '{"config": {"phrase_list": ["停水"]}}',
        "[" * 4000,
        " " * 5000 + EOF,
    ],
)
def test_bad_control_is_named(text: str) -> None:
    with pytest.raises(BadMessage, match=r"\w"):
        read_control(text)


@given(
    st.text(max_size=200)
    | st.builds(json.dumps, st.recursive(st.none() | st.floats() | st.text(), st.lists))
)
def test_no_text_gets_past_the_parser_but_the_two_known_ones(text: str) -> None:
    try:
        read_control(text)
    except BadMessage:
        return
    assert isinstance(json.loads(text), dict)


def test_answers() -> None:
    partial = read_answer('{"partial": "小区 停水"}')
    assert (partial.final, partial.text) == (False, "小区停水")
    result = read_answer(
        '{"result": [{"conf": 0.9, "end": 1.5, "start": 1.0, "word": "停水"}],'
        ' "text": "停水", "upto": 2.5}'
    )
    assert (result.final, result.upto_s) == (True, 2.5)
    assert result.words == (Word("停水", 1.0, 1.5, 0.9),)
    assert read_answer('{"text": ""}').words == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        b"\xff\xfe\x00",
        '{"text": 3}',
        '{"text": "x", "result": [{"word": "x"}]}',
        '{"text": "x", "result": 5}',
        '{"text": "x", "upto": "soon"}',
        "[" * 100_000,
        error_message("no"),
    ],
)
def test_bad_answers(text: str | bytes) -> None:
    with pytest.raises(BadMessage):
        read_answer(text)
