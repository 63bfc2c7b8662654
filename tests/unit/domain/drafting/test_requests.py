"""How often the rules are right on the labelled requests (see README.md beside this file)."""

import time
from collections.abc import Callable

import pytest

from domain.drafting.draft import Draft
from domain.drafting.places import district_named
from tests.unit.domain.drafting.spoken import Request, drafted, requests

IN_VIEW, UNSAID, UNSEEN = "requests.jsonl", "requests-unsaid.jsonl", "requests-unseen.jsonl"
FRESH = "requests-fresh.jsonl"
PLACES = "requests-places.jsonl"
LATER = "requests-later.jsonl"
Right = Callable[[Request, Draft], bool]


def category(request: Request, made: Draft) -> bool:
    return made.category.value == request.category


def address(request: Request, made: Draft) -> bool:
    return made.address.value == request.address


def time_words(request: Request, made: Draft) -> bool:
    return made.event_time.value == request.time


def topic(request: Request, made: Draft) -> bool:
    return made.topics[0].first == request.topic


def topic_among_three(request: Request, made: Draft) -> bool:
    return request.topic in [one.first for one in made.topics[:3]]


def moment(request: Request, made: Draft) -> bool:
    return not request.at or (made.event_at is not None and made.event_at.isoformat() == request.at)


@pytest.mark.parametrize(
    ("name", "right", "at_least"),
    [
        (IN_VIEW, category, 0.97),
        (IN_VIEW, address, 0.97),
        (IN_VIEW, time_words, 0.97),
        (IN_VIEW, moment, 0.97),
        (UNSAID, category, 0.90),
        (UNSAID, address, 0.95),
        (UNSAID, time_words, 0.95),
        (UNSAID, moment, 0.95),
        (UNSEEN, category, 0.85),
        (UNSEEN, address, 0.75),
        (UNSEEN, time_words, 0.95),
        (UNSEEN, moment, 0.95),
        (FRESH, category, 0.88),
        (FRESH, topic, 0.75),
        (FRESH, topic_among_three, 0.85),
        (FRESH, address, 0.90),
        (FRESH, time_words, 0.90),
    ],
)
def test_share_of_right_answers(name: str, right: Right, at_least: float) -> None:
    labelled = requests(name)
    wrong = [request.spoken for request in labelled if not right(request, drafted(request))]
    assert 1 - len(wrong) / len(labelled) >= at_least, wrong


@pytest.mark.parametrize(("field", "at_least"), [("address", 0.93), ("event_time", 0.91)])
def test_f1_over_all_labelled_requests(field: str, at_least: float) -> None:
    """Exact match over all sets; a wrong value counts as found in vain and as missed."""
    right = wrong = missed = 0
    for request in (
        one for name in (IN_VIEW, UNSAID, UNSEEN, FRESH, PLACES, LATER) for one in requests(name)
    ):
        made = getattr(drafted(request), field).value
        wanted = request.address if field == "address" else request.time
        right += bool(wanted) and made == wanted
        wrong += bool(made) and made != wanted
        missed += bool(wanted) and made != wanted
    assert 2 * right / (2 * right + wrong + missed) >= at_least


def test_parts_of_addresses() -> None:
    """Each labelled part stands in the structured address: 94 in a hundred at least."""
    labelled = [(one, name, words) for one in requests(PLACES) for name, words in one.parts.items()]
    wrong = []
    for request, name, words in labelled:
        place = drafted(request).place
        made = dict(place.parts) if place else {}
        official = district_named(words, request.city) or words if name == "district" else words
        if made.get(name) != official:
            wrong.append((request.id, name, words, made))
    assert 1 - len(wrong) / len(labelled) >= 0.94, wrong


@pytest.mark.parametrize("name", [IN_VIEW, UNSAID, UNSEEN, FRESH])
def test_summary_and_title_fit_a_ticket(name: str) -> None:
    for request in requests(name):
        made = drafted(request)
        assert 5 <= len(made.summary.value) <= 60, request.spoken
        assert len(made.title.value) <= 40
        assert made.title.value.endswith(made.category.value)


def test_a_wrong_category_is_less_sure_than_a_right_one() -> None:
    made = [(request, drafted(request)) for name in (UNSAID, UNSEEN) for request in requests(name)]
    right = [one.category.confidence for request, one in made if category(request, one)]
    wrong = [one.category.confidence for request, one in made if not category(request, one)]
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 0.1


def test_a_draft_takes_less_than_20_ms() -> None:
    labelled = requests(IN_VIEW)
    started = time.process_time()
    for request in labelled:
        drafted(request)
    assert (time.process_time() - started) / len(labelled) < 0.020
