"""AGI parsing and quoting without a socket."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.agi.header import MAX_HEADER_BYTES, HeaderReader, NotAgi
from telephony.agi.quoting import MAX_COMMAND_BYTES, UnsafeArgument, command_line, quote
from telephony.agi.reply import AgiRefused, Inline, Reply, ReplyReader, checked
from telephony.line import CallerHungUp

LINES = [
    b"200 result=0\n",
    b"200 result=49 endpos=8000\n",
    b"200 result=1 (a)b (c) \xb1\xb1\xbe\xa9)\n",
    b"200 result=1 (one\ntwo)\n",
    b"200 result=4504 (timeout) endpos=32138\n",
    b"200 result= (timeout)\n",
    b"100 result=0 Trying...\n",
    b"510 Invalid or unknown command\n",
    b"520-Invalid command syntax.  Proper usage follows:\nusage\n\n520 End of proper usage.\n",
    b"511 Command Not Permitted on a dead channel or intercept routine\n",
    b"HANGUP\n",
]


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(edges)]


def read(segments: list[bytes]) -> tuple[list[Reply | Inline], str]:
    reader = ReplyReader()
    return [reply for segment in segments for reply in reader.feed(segment)], reader.broken


@given(st.lists(st.sampled_from(LINES)), st.lists(st.integers(0, 10_000)))
def test_however_the_stream_is_cut_the_replies_are_the_same(
    lines: list[bytes], places: list[int]
) -> None:
    stream = b"".join(lines)
    replies, broken = read(cut(stream, places))
    assert (replies, broken) == read([stream])
    assert broken == ""
    assert len(replies) == sum(not line.startswith(b"100") for line in lines)


@given(st.binary(max_size=500), st.lists(st.integers(0, 10_000)))
def test_garbage_gives_the_same_however_it_is_cut(stream: bytes, places: list[int]) -> None:
    assert read(cut(stream, places)) == read([stream])


@pytest.mark.parametrize(
    "endless", [b"x" * 70_000, b"200 result=1 (" + b"x\n" * 40_000, b"520-" + b"x\n" * 40_000]
)
def test_an_endless_reply_is_cut_off(endless: bytes) -> None:
    replies, broken = read([endless[i : i + 1000] for i in range(0, len(endless), 1000)])
    assert (replies, broken) == ([], "reply too long")


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        (b"200 result=0\n", Reply(200, "0")),
        (b"200 result=12#\n", Reply(200, "12#")),
        (b"200 result=1 (timeout)\n", Reply(200, "1", "timeout")),
        (b"200 result= (timeout)\n", Reply(200, "", "timeout")),
        (b"200 result=-1 endpos=0\n", Reply(200, "-1", "", 0)),
        (b"200 result=1 ()\n", Reply(200, "1", "")),
        (b"200 result=35 (dtmf) endpos=22378\n", Reply(200, "35", "dtmf", 22378)),
        (b"510 Invalid or unknown command\n", Reply(510, "", "Invalid or unknown command")),
        (b"HANGUP\n", Inline.HANGUP),
    ],
)
def test_replies_asterisk_sends(line: bytes, reply: Reply | Inline) -> None:
    assert read([line]) == ([reply], "")


def test_what_was_read_before_the_stream_broke_counts() -> None:
    assert read([b"200 result=0\nnonsense\n200 result=0\n"]) == ([Reply(200, "0")], "not a reply")


@pytest.mark.parametrize(
    "reply",
    [Reply(511, note="dead"), Reply(200, "-1"), Reply(200, "-1", "hangup", 0)],
)
def test_ways_to_learn_that_the_caller_has_gone(reply: Reply) -> None:
    with pytest.raises(CallerHungUp):
        checked(reply, "ANSWER")


@pytest.mark.parametrize(
    "reply", [Reply(510, note="Invalid"), Reply(520, note="usage"), Reply(200, "-1", "writefile")]
)
def test_a_refusal_names_the_verb(reply: Reply) -> None:
    with pytest.raises(AgiRefused, match="RECORD FILE"):
        checked(reply, "RECORD FILE")


HEADER = b"agi_network: yes\nagi_network_script: /ivr?x=1&x=2\nagi_request: agi://h/ivr?x=1\n"


@given(st.lists(st.integers(0, 10_000)))
def test_however_the_header_is_cut_it_is_the_same(places: list[int]) -> None:
    reader = HeaderReader()
    found = None
    for segment in cut(HEADER + b"\n", places):
        assert found is None or segment == b""
        found = found or reader.feed(segment)
    assert found is not None
    header, rest = found
    assert (header.path, header.query, rest) == ("ivr", {"x": "2"}, b"")


@given(st.binary(max_size=200).filter(lambda raw: not raw.startswith(b"agi_")))
def test_what_is_no_header_is_refused_at_the_first_byte(raw: bytes) -> None:
    reader = HeaderReader()
    if b"agi_".startswith(raw[:4]):
        assert reader.feed(raw) is None
    else:
        with pytest.raises(NotAgi, match="not an AGI header"):
            reader.feed(raw)


def test_a_header_cannot_grow_without_end() -> None:
    reader = HeaderReader()
    line = b"agi_x: 1\n"
    for _ in range(MAX_HEADER_BYTES // len(line)):
        assert reader.feed(line) is None
    with pytest.raises(NotAgi, match="too long"):
        reader.feed(line)


def test_bytes_after_the_header_are_kept() -> None:
    found = HeaderReader().feed(HEADER + b"\nHANGUP\n")
    assert found is not None
    assert found[1] == b"HANGUP\n"


def test_a_smuggled_line_replaces_nothing() -> None:
    found = HeaderReader().feed(
        b"agi_channel: PJSIP/a-1\nagi_calleridname: x\nagi_channel: PJSIP/b-2\n\n"
    )
    assert found is not None
    assert found[0].env["agi_channel"] == "PJSIP/a-1"


def test_quote() -> None:
    assert quote('say "hi" \\') == '"say \\"hi\\" \\\\"'


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_one_command_is_one_line(argument: str) -> None:
    try:
        line = command_line("SET VARIABLE", ("X", argument))
    except UnsafeArgument:
        assert len(argument) > 400 or any(sign in argument for sign in "\r\n\0")
        return
    assert line.count(b"\n") == 1
    assert line.endswith(b'"\n')
    assert len(line) <= MAX_COMMAND_BYTES + 1


@pytest.mark.parametrize("verb", ["", "answer", "ANSWER\nHANGUP", "EXEC  X", "A1"])
def test_a_verb_is_capitals(verb: str) -> None:
    with pytest.raises(UnsafeArgument, match="verb"):
        command_line(verb, ())
