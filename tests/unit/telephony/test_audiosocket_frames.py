"""AudioSocket framing without a socket."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from telephony.audiosocket.frames import Frame, FrameReader, Kind, write_frame


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(edges)]


def read(segments: list[bytes]) -> tuple[list[Frame], str]:
    reader = FrameReader()
    return [frame for segment in segments for frame in reader.feed(segment)], reader.broken


frames = st.lists(st.builds(Frame, st.sampled_from(Kind), st.binary(max_size=700)), max_size=8)


@given(frames, st.lists(st.integers(0, 10_000)))
def test_however_the_stream_is_cut_the_frames_are_the_same(
    sent: list[Frame], places: list[int]
) -> None:
    sent = [Frame(Kind.UUID, bytes(16)), *sent]
    stream = b"".join(write_frame(frame.kind, frame.payload) for frame in sent)
    assert read(cut(stream, places)) == (sent, "")


@given(st.binary(max_size=400), st.lists(st.integers(0, 10_000)), st.booleans())
def test_garbage_never_hangs_and_is_the_same_however_cut(
    stream: bytes, places: list[int], introduced: bool
) -> None:
    stream = write_frame(Kind.UUID, bytes(16)) + stream if introduced else stream
    assert read(cut(stream, places)) == read([stream])
