"""The measurements that need a whole hotline, with a few calls."""

import asyncio
from collections.abc import Iterator

import pytest

from cli.bench import agi_verbs, draft, greeting
from cli.bench.system import BARE_RECORDED, System
from config.settings import Settings
from telephony.ami.client import AmiAccess

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with System(Settings.load()) as running:
        yield running


def test_verbs_on_the_real_asterisk(system: System) -> None:
    settings, secret = system.settings, system.secrets.ami.get_secret_value()
    access = AmiAccess("127.0.0.1", settings.ami_port, "hotline", secret, events="off")
    found = agi_verbs.run(access, agi_verbs.Effort(calls=3, seconds=0.3, alone_s=0.3, rounds=1))
    assert all(figures.verbs_per_s > 100 for figures in found.values())


def test_a_hang_up_becomes_a_draft_with_words(system: System) -> None:
    found = asyncio.run(draft.measure(system, draft.Effort(calls=2, rate=1.0)))
    assert found.with_words == 2
    assert len(found.ours_s) == len(found.raw_s) == 2
    assert min(found.ours_s + found.raw_s) > 0


def test_the_greeting_costs_what_it_costs(system: System) -> None:
    effort = greeting.Effort(steady=3, rate=3.0, most=24, faster_by=1.0, settle_s=1.0)
    nothing = dict.fromkeys(("asterisk", *greeting.ROLES), 0.0)
    bare = greeting.cpu_per_call(system, BARE_RECORDED, effort, nothing)
    ours = greeting.cpu_per_call(system, system.settings.hotline_number, effort, nothing)
    assert bare["asterisk"] > 0
    assert ours["engine"] > 0
    served = asyncio.run(greeting.ramp(system, system.settings.hotline_number, effort))
    assert len(served) == 24
    assert all(one.waited_s is not None for one in served)
