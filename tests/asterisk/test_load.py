"""Sixty calls at five a second: none lost, every answered call has its recording and draft."""

import os
from pathlib import Path

import pytest

from tests.asterisk.hotline import Hotline, until
from tests.asterisk.sipp import call_all
from tests.asterisk.speech import alaw, heard_right, say

SAID = "我家停水两天了"
CALLS = 600 if os.environ.get("HOTLINE_SOAK") else 60
PER_SECOND = 5.0


@pytest.mark.timeout(120 + 2 * CALLS)
def test_none_is_lost(hotline: Hotline, tmp_path: Path) -> None:
    sound, length_s = alaw(say(SAID, tmp_path / "water.wav"))
    callers = [(f"137{place:08d}", sound, length_s) for place in range(CALLS)]
    call_all(
        tmp_path,
        hotline.server,
        hotline.secrets["citizen_phone"],
        callers,
        per_second=PER_SECOND,
        listens_after_s=3.5,
    )

    def all_drafted() -> bool:
        return hotline.run("recordings", "reconcile").returncode == 0

    # What is heard by more ears than the machine has is written down afterwards.
    until(all_drafted, within_s=90 + CALLS / 2, saying="reconciliation found gaps" + hotline.logs())
    drafts = [hotline.draft_of(number) for number, _, _ in callers]
    assert len({draft["ticket_id"] for draft in drafts}) == CALLS
    right = sum(heard_right(SAID, draft["caller_text"]) for draft in drafts)
    assert right >= CALLS * 0.95, [draft["caller_text"] for draft in drafts]
