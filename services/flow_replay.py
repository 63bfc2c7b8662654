"""Yesterday's calls through today's draft: which of them would end differently.

A call's events are in its history (`stepped`). They are fed to the draft one after the other; where
the draft asks something else than the flow that was in force then, the next recorded event that
answers its question is taken, so that a prompt more or less does not end the comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from callflow import step as interpreter
from callflow.commands import Answer, Ask, Command, Say
from callflow.events import (
    Done,
    Event,
    Failed,
    HungUp,
    MessageTaken,
    NobodyAnswered,
    Talked,
    loaded,
)
from callflow.flow import Flow
from callflow.nodes.base import Facts, UnexpectedEvent
from callflow.step import State
from storage.repositories.calls import CallEvents, Calls
from storage.tables.call_event import CallEventRow

MOST_CALLS = 500
MOST_STEPS = 1000


@dataclass(frozen=True)
class Recorded:
    """What happened in one call: where it went, and the events that led it."""

    call_id: str
    started_at: datetime
    facts: Facts
    path: tuple[str, ...]
    notes: dict[str, str]
    events: tuple[tuple[datetime, Event], ...]


@dataclass(frozen=True)
class Comparison:
    """``parted_at``: the first place at which the two ways differ; "" when they do not.

    ``unanswered``: the draft asked what the recorded call cannot answer, by the name of the
    command; the way ends there.
    """

    call_id: str
    path: tuple[str, ...]
    path_now: tuple[str, ...]
    notes: dict[str, str]
    notes_now: dict[str, str]
    parted_at: str
    unanswered: str

    @property
    def ends_differently(self) -> bool:
        last, now = self.path[-1:], self.path_now[-1:]
        return bool(self.unanswered) or last != now or self.notes != self.notes_now


def replayed(flow: Flow, call: Recorded) -> Comparison:
    """One call through the flow."""
    left = list(call.events)
    step = interpreter.begin(flow, call.facts, call.started_at)
    unanswered = ""
    for _ in range(MOST_STEPS):
        if step.state.ended or not step.commands:
            break
        command = step.commands[-1]
        found = _next(flow, step.state, command, left)
        if found is None:
            unanswered = type(command).__name__
            break
        at, event = found
        step = interpreter.step(flow, step.state, event, at)
    return _compared(call, step.state, unanswered)


def _next(
    flow: Flow, state: State, command: Command, left: list[tuple[datetime, Event]]
) -> tuple[datetime, Event] | None:
    """The next recorded event that this node understands; what is passed over is gone."""
    at = left[0][0] if left else None
    if left and (isinstance(left[0][1], HungUp) or _fits(flow, state, *left[0])):
        return left.pop(0)
    if at is not None and isinstance(command, Answer | Say):
        return at, Done()  # a prompt that the call of then did not have is heard out
    for place, (_, event) in enumerate(left):
        if _fits(flow, state, left[place][0], event):
            del left[:place]
            return left.pop(0)
        if isinstance(event, Talked | NobodyAnswered | MessageTaken | HungUp):
            break  # what a call was about is never passed over
    if isinstance(command, Ask) and at is not None:
        return at, Failed("was not asked then")
    return None


def _fits(flow: Flow, state: State, at: datetime, event: Event) -> bool:
    try:
        interpreter.step(flow, state, event, at)
    except UnexpectedEvent:
        return False
    return True


def _compared(call: Recorded, state: State, unanswered: str) -> Comparison:
    parted = ""
    for then, now in zip(call.path, state.path, strict=False):
        if then != now:
            parted = now
            break
    else:
        if len(call.path) != len(state.path):
            longer = max(call.path, state.path, key=len)
            parted = longer[min(len(call.path), len(state.path))]
    return Comparison(
        call.call_id, call.path, state.path, call.notes, state.notes, parted, unanswered
    )


async def recorded_calls(
    session: AsyncSession, flow: str, *, limit: int = MOST_CALLS
) -> list[Recorded]:
    """The newest calls that this flow led and whose events are known."""
    found: list[Recorded] = []
    for row in await Calls(session).newest_of_flow(flow, limit=limit):
        known = _recorded(row.id, await CallEvents(session).of_call(row.id))
        if known is not None:
            found.append(known)
    return found


def _recorded(call_id: str, rows: Sequence[CallEventRow]) -> Recorded | None:
    """None where the history does not hold every event, as in calls before this was kept."""
    stepped = [row for row in rows if row.kind == "stepped"]
    if not stepped or any("event" not in row.body for row in stepped[1:]):
        return None
    state: dict[str, Any] = stepped[-1].body["state"]
    return Recorded(
        call_id,
        stepped[0].at,
        Facts(**state["facts"]),
        tuple(state["path"]),
        dict(state["notes"]),
        tuple((row.at, loaded(row.body["event"])) for row in stepped[1:]),
    )
