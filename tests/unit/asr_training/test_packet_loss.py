from itertools import pairwise
from random import Random

import pytest

from asr.training.packet_loss import AFTER_A_LOSS, lost_packets


@pytest.mark.parametrize("share", [0.01, 0.05, 0.08])
def test_so_many_packets_are_lost_and_some_in_a_row(share):
    lost = list(lost_packets(Random(1).random, 200_000, share))
    assert sum(lost) / len(lost) == pytest.approx(share, rel=0.05)
    after = [second for first, second in pairwise(lost) if first]
    assert sum(after) / len(after) == pytest.approx(AFTER_A_LOSS, abs=0.03)


def test_a_whole_line_loses_nothing():
    assert not any(lost_packets(Random(1).random, 1000, 0.0))
