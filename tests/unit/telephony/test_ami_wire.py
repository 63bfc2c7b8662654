"""AMI framing without a socket."""

import itertools
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from panoramisk.ami_protocol import AMIProtocol

from telephony.ami.message import AmiMessage, MessageReader, write_action

BANNER = b"Asterisk Call Manager/12.0.0\r\n"
MESSAGES = [
    b"Event: Newchannel\r\nCallerIDName: \xe5\x8c\x97\xe4\xba\xac\xe5\xb8\x82\r\n\r\n",
    b"Event: Newchannel\r\nCallerIDName: \xb1\xb1\xbe\xa9\r\n\r\n",
    b"Response: Success\r\nActionID: 1\r\nOutput: one\r\nOutput: \r\nOutput: two\r\n\r\n",
    b"Event: VarSet\r\nVariable: X\r\nValue: \r\n\r\n",
    b"Event: Hangup\r\nno colon here\r\n\r\n",
    b"Neither: one nor the other\r\n\r\n",
]


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(edges)]


def read(segments: list[bytes]) -> tuple[list[dict[str, str]], str]:
    reader = MessageReader()
    messages = [dict(one) for segment in segments for one in reader.feed(segment)]
    return messages, reader.broken


@given(st.lists(st.sampled_from(MESSAGES)), st.lists(st.integers(0, 10_000)))
def test_however_the_stream_is_cut_the_messages_are_the_same(
    messages: list[bytes], places: list[int]
) -> None:
    stream = BANNER + b"".join(messages)
    found, broken = read(cut(stream, places))
    assert (found, broken) == read([stream])
    assert broken == ""
    assert len(found) == sum(not one.startswith(b"Neither") for one in messages)


@given(st.binary(max_size=400), st.lists(st.integers(0, 10_000)), st.booleans())
def test_garbage_never_hangs_and_is_the_same_however_cut(
    stream: bytes, places: list[int], greeted: bool
) -> None:
    stream = BANNER + stream if greeted else stream
    assert read(cut(stream, places)) == read([stream])


def first(raw: bytes) -> AmiMessage:
    return MessageReader().feed(BANNER + raw)[0]


def test_several_values_of_a_key() -> None:
    message = first(MESSAGES[2])
    assert message.all("output") == ["one", "", "two"]
    assert message["Output"] == "one\n\ntwo"
    assert (message.succeeded, message.event) == (True, "")


def test_an_empty_value_is_there_and_a_missing_key_is_not() -> None:
    message = first(MESSAGES[3])
    assert message["VALUE"] == ""
    assert "nope" not in message
    assert message.get("nope", "-") == "-"


def test_numbers_of_callers_are_not_in_the_repr() -> None:
    assert "13800000000" not in repr(first(b"Event: X\r\nCallerIDNum: 13800000000\r\n\r\n"))


async def test_an_action_carries_its_own_id() -> None:
    number, raw = write_action({"Action": "Originate", "Variable": ["A=1", "B=2"]})
    assert raw.decode().split("\r\n") == [
        "Action: Originate",
        f"ActionID: {number}",
        "Variable: A=1",
        "Variable: B=2",
        "",
        "",
    ]


async def test_panoramisk_itself_loses_the_split_character() -> None:
    """Why its reader is not used: row P9 shown on the library."""
    names: list[str] = []
    factory = SimpleNamespace(dispatch=lambda event: names.append(event["CallerIDName"]))
    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.factory = factory
    protocol.encoding = "utf8"
    raw = MESSAGES[0]
    middle = raw.index(b"\xe4") + 1
    protocol.data_received(raw[:middle])
    protocol.data_received(raw[middle:])
    assert names == ["北市"]


@pytest.mark.parametrize("length", [300, 100_000])
def test_a_banner_without_end_is_refused(length: int) -> None:
    reader = MessageReader()
    assert reader.feed(b"Asterisk Call Manager/" + b"9" * length) == []
    assert reader.broken == "banner too long"
