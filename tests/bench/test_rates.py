"""Calls per second from a list of callers, and the scenario they follow."""

from xml.etree import ElementTree

from cli.bench import sipp
from cli.bench.greeting import Served, carried
from cli.bench.speech import mulaw


def test_carried_is_calls_in_progress_over_their_length() -> None:
    steady = [Served(n / 10, 0.1) for n in range(400)]
    rate, broke = carried(steady)
    assert not broke
    assert rate == 10.0


def test_carried_ends_where_callers_begin_to_wait() -> None:
    """20 a second from the 20th second on, of whom none is served."""
    fine = [Served(n / 10, 0.1) for n in range(200)]
    late = [Served(20 + n / 20, None) for n in range(100)]
    rate, broke = carried(fine + late)
    assert broke
    assert 9 < rate <= 10.5


def test_one_late_caller_in_twenty_is_forgiven() -> None:
    served = [Served(n / 10, 3.0 if n == 50 else 0.1) for n in range(200)]
    assert not carried(served)[1]


def test_nobody_served_is_nothing_carried() -> None:
    assert carried([Served(n / 10, None) for n in range(40)]) == (0.0, True)


def test_the_scenario_is_xml_that_speaks_and_hangs_up() -> None:
    text = sipp.scenario("/tmp/sound.ul", talk_s=1.5)
    root = ElementTree.fromstring(text)
    assert [pause.get("milliseconds") for pause in root.iter("pause")] == ["1500"]
    assert [one.get("rtp_stream") for one in root.iter("exec")] == ["/tmp/sound.ul,-1,0"]
    assert "BYE " in text


def test_silence_is_silence_in_mulaw() -> None:
    assert mulaw(bytes(200)) == sipp.MULAW_SILENCE * 100
