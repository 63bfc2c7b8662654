"""Ringing citizens back: when, how often, what they are told, and which numbers at all.

A call-back goes to the number of a call that came in, nobody types a number. Each attempt has a
leg of its own, named after the call and the attempt: the switch and the journal know by it whether
that attempt was made, so that it is never made twice.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

# Mobile and landline numbers of the country, written as trunks show them (工信部 《电信网编号计划》
# 2017): no international, service or premium number, on which somebody could earn by being called.
DIALLABLE = re.compile("1([3-57-9][0-9]|6[0-79])[0-9]{8}|0[1-9][0-9]{8,10}|[2-8][0-9]{6,7}")


class Cause(StrEnum):
    OFFERED = "offered"  # the caller accepted it instead of waiting
    LOST = "lost"  # 漏接回拨: gave up while waiting
    AGENT = "agent"  # an agent wishes to speak with the caller again


class State(StrEnum):
    WAITING = "waiting"
    DIALLING = "dialling"
    REACHED = "reached"
    FAILED = "failed"  # every attempt was in vain
    CANCELLED = "cancelled"


OPEN = frozenset({State.WAITING, State.DIALLING})


class NotDiallable(ValueError):
    """The number is withheld, foreign or none of a citizen's telephone."""

    def __init__(self) -> None:
        super().__init__(
            "the call shows no number that is rung back: 11 figures of a mobile, a landline "
            "with its area code, or a local number"
        )


class CallBackSettled(Exception):
    """Nothing can be changed any more."""

    def __init__(self, state: State) -> None:
        super().__init__(f"the call-back is {state} already")


@dataclass(frozen=True)
class CallBackRule:
    """``opens``–``closes``: when telephones ring, local time. ``within``: what is promised.

    ``lost``: who gives up after ``lost_after`` of waiting is rung back.
    """

    attempts: int = 3
    retry_after: timedelta = timedelta(minutes=10)
    ring_s: int = 30
    opens: time = time(8)
    closes: time = time(21)
    within: timedelta = timedelta(hours=2)
    lost: bool = True
    lost_after: timedelta = timedelta(seconds=10)

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.opens >= self.closes or self.within <= timedelta(0):
            raise ValueError("a call-back has at least one attempt, hours within a day, a promise")


@dataclass(frozen=True)
class CallBack:
    """``since``: when the caller first waited; ``due_at``: dialled at that time or later.

    ``attempts`` that were begun; ``leg``: the latest one's. ``seat``: the one that shall speak, ""
    for whoever is free. ``result``: how the last attempt ended.
    """

    id: str
    call_id: str
    caller: str
    queue: str
    cause: Cause
    since: datetime
    due_at: datetime
    until: datetime
    ticket_number: str = ""
    state: State = State.WAITING
    attempts: int = 0
    leg: str = ""
    seat: str = ""
    by: str = ""
    result: str = ""
    needs: dict[str, int] = field(default_factory=dict)

    @property
    def next_leg(self) -> str:
        """What the next attempt is called."""
        return f"{self.id}-b{self.attempts + 1}"


def diallable(number: str) -> bool:
    return DIALLABLE.fullmatch(number) is not None


def next_opening(rule: CallBackRule, now: datetime, zone: tzinfo) -> datetime:
    """``now``, or the next moment at which telephones may ring."""
    local = now.astimezone(zone)
    opening = local.replace(hour=rule.opens.hour, minute=rule.opens.minute, second=0, microsecond=0)
    if local.time() < rule.opens:
        return opening
    return now if local.time() < rule.closes else opening + timedelta(days=1)


def promised(rule: CallBackRule, now: datetime, zone: tzinfo) -> datetime:
    """Until when the citizen is told to expect the call; the rest of it falls on the next day."""
    opening = next_opening(rule, now, zone)
    local = opening.astimezone(zone)
    closing = local.replace(
        hour=rule.closes.hour, minute=rule.closes.minute, second=0, microsecond=0
    )
    left = closing - local
    if rule.within <= left:
        return opening + rule.within
    return next_opening(rule, closing, zone) + (rule.within - left)


def window_prompt(now: datetime, until: datetime, zone: tzinfo) -> str:
    """The prompt that tells the citizen when: a closed set, so that each can be recorded."""
    for hours in (1, 2, 4):
        if until - now <= timedelta(hours=hours):
            return f"call-back-within-{hours}h"
    days = (until.astimezone(zone).date() - now.astimezone(zone).date()).days
    return {0: "call-back-today", 1: "call-back-tomorrow"}.get(days, "call-back-thanks")


def begun(call_back: CallBack, seat: str) -> CallBack:
    """An attempt is made. Raises `CallBackSettled` unless it waits."""
    if call_back.state is not State.WAITING:
        raise CallBackSettled(call_back.state)
    leg = call_back.next_leg
    return replace(
        call_back, state=State.DIALLING, attempts=call_back.attempts + 1, leg=leg, result=seat
    )


def reached(call_back: CallBack) -> CallBack:
    return replace(call_back, state=State.REACHED, result="answered")


def missed(
    call_back: CallBack, rule: CallBackRule, result: str, now: datetime, zone: tzinfo
) -> CallBack:
    """Tried again by the rule, or given up. An agent's own call is not tried again."""
    if call_back.cause is Cause.AGENT or call_back.attempts >= rule.attempts:
        return replace(call_back, state=State.FAILED, result=result)
    due_at = next_opening(rule, now + rule.retry_after, zone)
    return replace(call_back, state=State.WAITING, result=result, due_at=due_at)


def cancelled(call_back: CallBack, why: str) -> CallBack:
    """Raises `CallBackSettled` unless it waits: one that is being dialled cannot be called off."""
    if call_back.state is not State.WAITING:
        raise CallBackSettled(call_back.state)
    return replace(call_back, state=State.CANCELLED, result=why)
