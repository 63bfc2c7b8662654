import itertools

import pytest

from domain.tickets.status import ALLOWED, StatusNotAllowed, TicketStatus, move


@pytest.mark.parametrize(("current", "wanted"), list(itertools.product(TicketStatus, repeat=2)))
def test_every_pair_is_decided(current: TicketStatus, wanted: TicketStatus) -> None:
    if wanted in ALLOWED[current]:
        assert move(current, wanted) is wanted
    else:
        with pytest.raises(StatusNotAllowed):
            move(current, wanted)


def test_submitted_is_the_only_end() -> None:
    assert [status for status, nexts in ALLOWED.items() if not nexts] == [TicketStatus.SUBMITTED]


def test_the_refusal_says_what_would_be_possible() -> None:
    with pytest.raises(StatusNotAllowed) as refused:
        move(TicketStatus.DISCARDED, TicketStatus.SUBMITTED)
    assert refused.value.allowed == ["draft"]
