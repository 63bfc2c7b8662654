"""Which packets of a call are lost: now and then several in a row, as on a real network."""

from collections.abc import Callable, Iterator

AFTER_A_LOSS = 0.3  # how likely the packet after a lost one is lost as well


def lost_packets(draw: Callable[[], float], packets: int, share: float) -> Iterator[bool]:
    """For each packet whether it is lost; ``share`` (below `AFTER_A_LOSS`) of them in the long run.

    ``draw`` gives a random number between 0 and 1.
    """
    after_none = share * (1 - AFTER_A_LOSS) / (1 - share)
    lost = False
    for _ in range(packets):
        lost = draw() < (AFTER_A_LOSS if lost else after_none)
        yield lost
