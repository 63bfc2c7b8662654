"""A token looked up a moment ago needs no query; one that ended is not let in."""

from datetime import UTC, datetime, timedelta

from api.known_tokens import GOOD_FOR, MOST, KnownTokens
from storage.tables.api_token import ApiTokenRow

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SOON = GOOD_FOR / 2


def token(hashed: str = "a", expires_at: datetime | None = None) -> ApiTokenRow:
    return ApiTokenRow(token_hash=hashed, name="desk", scopes=[], expires_at=expires_at)


def test_it_is_known_for_a_moment() -> None:
    known, row = KnownTokens(), token()
    known.keep(row, now=NOW)
    assert known.find("a", now=NOW + SOON) is row
    assert known.find("a", now=NOW + GOOD_FOR) is None
    assert known.find("b", now=NOW) is None


def test_a_clock_set_back_does_not_lengthen_the_moment() -> None:
    known = KnownTokens()
    known.keep(token(), now=NOW)
    assert known.find("a", now=NOW - timedelta(hours=1)) is None


def test_it_ends_when_the_token_expires() -> None:
    known, row = KnownTokens(), token(expires_at=NOW + SOON)
    known.keep(row, now=NOW)
    assert known.find("a", now=NOW) is row
    assert known.find("a", now=NOW + SOON) is None


def test_revoking_forgets_and_room_is_bounded() -> None:
    known = KnownTokens()
    known.keep(token(), now=NOW)
    known.forget()
    assert known.find("a", now=NOW) is None
    for number in range(MOST + 1):
        known.keep(token(str(number)), now=NOW)
    assert known.find("0", now=NOW) is None
    assert known.find(str(MOST), now=NOW) is not None
