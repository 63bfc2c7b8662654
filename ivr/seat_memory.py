"""Seats as the journal remembers them: what an engine that begins anew starts from."""

from collections.abc import Iterable
from dataclasses import replace

from pydantic import TypeAdapter

from domain.queueing.seats import Seat
from domain.queueing.states import IN_A_CALL, SeatState
from ivr.desk import Login
from services.journal import Record
from services.seats import KIND

LOGIN = TypeAdapter(Login)


def seats_of(records: Iterable[Record]) -> list[tuple[Seat, Login]]:
    """Each seat in the state of its last record, with whoever had logged in there.

    A seat whose login lies before the oldest record is left out: its telephone or its agent logs
    in again. Writing that was under way is over by the next tick.
    """
    logins: dict[str, Login] = {}
    seats: dict[str, Seat] = {}
    for record in records:
        if record.kind != KIND:
            continue
        body, name = record.body, str(record.body["seat"])
        if body["login"] is not None:
            logins[name] = LOGIN.validate_python(body["login"])
        if name not in logins:
            continue
        state = SeatState(body["after"])
        seat = seats.get(name) or Seat(name, state, record.at, record.at)
        seats[name] = replace(
            seat,
            state=state,
            since=record.at,
            idle_since=record.at,
            profile=logins[name].profile,
            agent=logins[name].agent,
            reason=body["reason"],
            call_id=body["call_id"] if state in IN_A_CALL else None,
            until=record.at if state is SeatState.WRAP_UP else None,
            busy_s=seat.busy_s + (body["lasted_s"] if body["before"] in IN_A_CALL else 0.0),
        )
    return [(seat, logins[name]) for name, seat in seats.items()]
