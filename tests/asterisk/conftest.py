"""Whole systems and real telephones for the tests of this folder."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cli.phone import Line, Phone
from tests.asterisk.hotline import Hotline
from tests.asterisk.sipp import EmergencyCentre


@pytest.fixture(scope="session")
def emergency_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmergencyCentre]:
    """SIPp as the other end of 110."""
    with EmergencyCentre(tmp_path_factory.mktemp("110")) as centre:
        yield centre


@pytest.fixture(scope="session")
def hotline(emergency_centre: EmergencyCentre) -> Iterator[Hotline]:
    """One system for all tests that leave it as they found it."""
    system = Hotline(
        HOTLINE_EMERGENCY_110=f"PJSIP/1004/sip:110@127.0.0.1:{emergency_centre.port}",
        HOTLINE_EMERGENCY_122="PJSIP/122@no-such-trunk",  # a line that is down
    )
    try:
        yield system.start()
    finally:
        system.remove()


def citizen(hotline: Hotline, number: str) -> Phone:
    """A softphone that shows ``number``."""
    line = Line(hotline.server, "citizen", hotline.secrets["citizen_phone"], number)
    return Phone(line)


@contextmanager
def agent(hotline: Hotline, name: str = "1001", *, answers: bool = True) -> Iterator[Phone]:
    """A seat's softphone, registered; it answers by itself, or lets it ring."""
    password = hotline.secrets["agent_phones"][name]
    line = Line(hotline.server, name, password, name, register=True, answer=answers)
    with Phone(line) as phone:
        hotline.telephone_is(name, "Not in use")
        yield phone
    hotline.telephone_is(name, "Unavailable")
