"""Whoever may not listen, read, score or delete is refused at every door, and it is written down.

Who may what is said here once more, apart from the code: a new door of the review desk that
nobody has entered in `MAY`, and one that opens to another role, fail.
"""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.backend import Backend
from domain.accounts.permissions import Role
from storage.tables.audit import AuditRow
from tests.db.api.people import SignIn

CALL = "hl1-1.1"
READERS = {
    Role.AGENT,
    Role.SUPERVISOR,
    Role.DISPATCHER,
    Role.VISITOR,
    Role.RECORDING_REVIEWER,
    Role.ADMINISTRATOR,
}
UNMASKERS = {Role.AGENT, Role.SUPERVISOR, Role.DISPATCHER, Role.VISITOR}
LISTENERS = {Role.AGENT, Role.SUPERVISOR, Role.RECORDING_REVIEWER}
DESK = {Role.SUPERVISOR, Role.RECORDING_REVIEWER}
LEADS = {Role.SUPERVISOR}
SEATS = {Role.AGENT, Role.SUPERVISOR}
AGENTS = {Role.AGENT}
KEEPERS = {Role.ADMINISTRATOR}
HOLDERS = {Role.ADMINISTRATOR, Role.SUPERVISOR}
CHECKERS = {Role.AUDITOR}
# The doors that a filled path does not show: the same one asked for more.
MORE = {
    "GET /calls/{call_id}?unmask=because": UNMASKERS,
    "GET /calls/{call_id}/recording?unmask=because": {Role.AGENT, Role.SUPERVISOR},
    "HEAD /calls/{call_id}/recording": LISTENERS,
}
MAY: dict[str, set[Role]] = {
    "GET /calls": READERS,
    "GET /calls/{call_id}": READERS,
    "GET /calls/{call_id}/recording": LISTENERS,
    "GET /calls/{call_id}/recording/download": LEADS,
    "GET /calls/{call_id}/recording/peaks": LISTENERS,
    "POST /calls/{call_id}/recording/played": LISTENERS,
    "GET /calls/{call_id}/pop": SEATS,
    "GET /calls/{call_id}/draft": SEATS,
    "GET /listening": CHECKERS,
    "GET /audit": CHECKERS,
    "GET /retention/rules": KEEPERS,
    "POST /retention/rules": KEEPERS,
    "DELETE /retention/rules/{rule_id}": KEEPERS,
    "GET /retention/holds": HOLDERS,
    "POST /retention/holds": HOLDERS,
    "DELETE /retention/holds/{hold_id}": HOLDERS,
    "GET /retention/due": KEEPERS,
    "GET /retention/keys": KEEPERS,
    "GET /retention/deletions": KEEPERS,
    "POST /retention/deletions": KEEPERS,
    "POST /retention/deletions/{deletion_id}/confirm": KEEPERS,
    "POST /retention/deletions/{deletion_id}/withdraw": KEEPERS,
    "GET /review/calls": DESK,
    "GET /review/calls/{call_id}": DESK,
    "POST /review/calls/{call_id}/unmask": LEADS,
    "POST /review/calls/{call_id}/comments": DESK,
    "POST /review/calls/{call_id}/corrections": DESK,
    "GET /review/calls/{call_id}/evidence": LEADS,
    "GET /review/work": DESK,
    "GET /review/sampling": LEADS,
    "POST /review/sampling": LEADS,
    "DELETE /review/sampling/{rule_id}": LEADS,
    "POST /review/sampling/deal": LEADS,
    "GET /review/searches": DESK,
    "POST /review/searches": DESK,
    "DELETE /review/searches/{search_id}": DESK,
    "GET /review/forms": DESK,
    "POST /review/forms": LEADS,
    "GET /review/reviews": DESK,
    "POST /review/reviews": DESK,
    "GET /review/own": AGENTS,
    "GET /review/reviews/{review_id}": DESK,
    "PUT /review/reviews/{review_id}/answers": DESK,
    "POST /review/reviews/{review_id}/submit": DESK,
    "POST /review/reviews/{review_id}/release": LEADS,
    "POST /review/reviews/{review_id}/acknowledge": AGENTS,
    "POST /review/reviews/{review_id}/appeal": AGENTS,
    "POST /review/reviews/{review_id}/decide": LEADS,
    "GET /review/calibrations": DESK,
    "POST /review/calibrations": LEADS,
    "POST /review/calibrations/{calibration_id}/close": LEADS,
    "GET /review/agreement": LEADS,
    "GET /review/report": LEADS,
    "GET /review/report.{kind}": LEADS,
    "POST /suspensions/{suspension_id}/referral": LEADS,
}
FILLED = {"{call_id}": CALL, "{kind}": "pdf"}
OF_THE_DESK = ("/calls", "/listening", "/audit", "/retention", "/review")
# Those who come first are tried first: the three whom the separation of duties is about.
TRIED = (
    Role.ADMINISTRATOR,
    Role.AUDITOR,
    Role.RECORDING_REVIEWER,
    Role.AGENT,
    Role.UNIT_HANDLER,
    Role.UNIT_REVIEWER,
    Role.FLOW_EDITOR,
    Role.FLOW_PUBLISHER,
    Role.DISPATCHER,
)
TIMES = 5


def doors(app: FastAPI) -> set[str]:
    """Every route of the review desk that the service itself tells of."""
    return {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if path.startswith(OF_THE_DESK)
    }


def filled(pattern: str) -> str:
    for name, value in FILLED.items():
        pattern = pattern.replace(name, value)
    return "/".join("1" if part.startswith("{") else part for part in pattern.split("/"))


def test_every_door_says_who_may(app: FastAPI) -> None:
    assert doors(app) <= set(MAY), "enter the new routes in MAY"
    assert {door for door in MAY if door.split()[1].startswith(OF_THE_DESK)} == doors(app)


@pytest.fixture
def wrong() -> dict[str, list[Role]]:
    """Five roles for each door that must not open it."""
    return {
        door: [role for role in TRIED if role not in may][:TIMES]
        for door, may in {**MAY, **MORE}.items()
    }


async def test_five_wrong_roles_at_every_door_are_refused_and_written_down(
    backend: Backend, sign_in: SignIn, wrong: dict[str, list[Role]]
) -> None:
    people = {role: await sign_in(role, name=role.value.replace("_", "-")) for role in TRIED}
    opened, expected = [], set()
    for door, roles in wrong.items():
        assert len(roles) == TIMES, door
        method, _, path = door.partition(" ")
        for role in roles:
            person = people[role]
            options: dict[str, Any] = {} if method in {"GET", "HEAD"} else {"json": {}}
            answer = await person.send(method, filled(path), **options)
            if answer.status_code != 403:
                opened.append((door, role.value, answer.status_code))
            expected.add((f"account:{person.me['name']}", filled(path).partition("?")[0]))
    assert opened == []
    async with backend.database.session() as session:
        rows = (await session.scalars(select(AuditRow).where(AuditRow.action == "refused"))).all()
    assert {(row.actor, row.object_id) for row in rows} == expected
    assert len(rows) == TIMES * len(wrong)
    assert {row.address for row in rows} == {"10.0.0.1"}
