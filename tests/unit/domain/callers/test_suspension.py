"""Proposed by one, decided by another, ended by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.callers.suspension import (
    Suspension,
    SuspensionNotAllowed,
    SuspensionStatus,
    check_appeal_decision,
    check_decision,
    check_in_force,
)

NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
PROPOSED = Suspension("account:li")
IN_FORCE = Suspension("account:li", "account:wang", NOW + timedelta(days=7))
REJECTED = Suspension("account:li", "account:wang")


def test_the_status_follows_from_what_happened_and_the_time() -> None:
    assert PROPOSED.status(NOW) is SuspensionStatus.PROPOSED
    assert REJECTED.status(NOW) is SuspensionStatus.REJECTED
    assert IN_FORCE.status(NOW + timedelta(days=7)) is SuspensionStatus.IN_FORCE
    assert IN_FORCE.status(NOW + timedelta(days=7, seconds=1)) is SuspensionStatus.ENDED
    lifted = Suspension("account:li", "account:wang", IN_FORCE.ends_at, NOW)
    assert lifted.status(NOW) is SuspensionStatus.LIFTED


def test_another_person_decides_and_only_once() -> None:
    check_decision(PROPOSED, "account:wang", NOW)
    with pytest.raises(SuspensionNotAllowed, match="另一人"):
        check_decision(PROPOSED, "account:li", NOW)
    for decided in (IN_FORCE, REJECTED):
        with pytest.raises(SuspensionNotAllowed, match="已经决定"):
            check_decision(decided, "account:zhao", NOW)


def test_only_what_is_in_force_is_lifted_and_a_third_person_judges_the_appeal() -> None:
    check_in_force(IN_FORCE, NOW)
    check_appeal_decision(IN_FORCE, "account:zhao", NOW)
    for by in ("account:li", "account:wang"):
        with pytest.raises(SuspensionNotAllowed, match="以外的人"):
            check_appeal_decision(IN_FORCE, by, NOW)
    for other in (PROPOSED, REJECTED):
        with pytest.raises(SuspensionNotAllowed, match="暂停期"):
            check_in_force(other, NOW)
