"""What is remembered of a number between its calls."""

from datetime import timedelta

from ivr.regulars import AnswerShare, Regulars
from services.journal import Record
from tests.unit.ivr.fakes import T0

NUMBER = "13800000000"


def records(call_id: str, *kinds: tuple[float, str, dict[str, object]]) -> list[Record]:
    facts = [(0.0, "started", {"caller": NUMBER}), *kinds]
    return [
        Record(call_id, seq, T0 + timedelta(seconds=at_s), kind, body)
        for seq, (at_s, kind, body) in enumerate(facts)
    ]


def test_who_gave_up_often_is_known_until_served() -> None:
    regulars = Regulars()
    for place in range(3):
        for record in records(f"c{place}", (20, "ended", {"outcome": "abandoned"})):
            regulars.noted(record)
    assert regulars.given_up(NUMBER, T0 + timedelta(hours=1)) == 3
    assert regulars.given_up(NUMBER, T0 + timedelta(hours=25)) == 0
    for record in records("c9", (30, "talked", {"seat": "1003"})):
        regulars.noted(record)
    assert regulars.given_up(NUMBER, T0) == 0
    assert regulars.last_seat(NUMBER) == "1003"
    assert regulars.last_seat("13900000000") == ""


def test_the_share_counts_whoever_asked_once() -> None:
    share = AnswerShare()
    for place in range(10):
        asked = (0.0, "queued", {"queue": "general"})
        end = (14.0, "answered", {}) if place < 7 else (16.0, "ended", {"outcome": "abandoned"})
        for record in records(f"c{place}", asked, end, (99.0, "ended", {"outcome": "agent"})):
            share.noted(record)
        if place == 8:
            assert share.share(T0) is None  # too few
    assert share.share(T0 + timedelta(minutes=1)) == 0.7
    assert share.share(T0 + timedelta(minutes=31)) is None
