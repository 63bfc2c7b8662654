"""What a seat is doing, and every way from one state to another: one table, one function."""

from enum import StrEnum


class SeatState(StrEnum):
    """Only a READY seat is rung."""

    LOGGED_OUT = "logged_out"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    HOLDING = "holding"  # the caller hears music
    CONSULTING = "consulting"  # the agent speaks with a third party
    WRAP_UP = "wrap_up"  # writing after a conversation
    PAUSED = "paused"


class SeatEvent(StrEnum):
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    READY = "ready"
    PAUSED = "paused"
    OFFERED = "offered"  # the queue rings the seat
    WITHDRAWN = "withdrawn"  # the caller left while it rang
    MISSED = "missed"  # the ring time ran out, or the agent declined
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    CONSULTED = "consulted"
    TALK_ENDED = "talk_ended"
    WROTE = "wrote"  # the time for writing is over


class PauseReason(StrEnum):
    """Why a seat is paused. What an agent chooses, and what the system notes."""

    BREAK = "break"
    MEAL = "meal"
    TRAINING = "training"
    MEETING = "meeting"
    WRITING = "writing"
    SUPERVISOR = "supervisor"  # set by a supervisor
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    PHONE_LOST = "phone_lost"  # the telephone does not answer the switch
    PHONE_BUSY = "phone_busy"  # the telephone is in a call that is none of ours


CHOSEN_BY_AGENTS = frozenset(
    {
        PauseReason.BREAK,
        PauseReason.MEAL,
        PauseReason.TRAINING,
        PauseReason.MEETING,
        PauseReason.WRITING,
    }
)

S, E = SeatState, SeatEvent
IN_A_CALL = frozenset({S.RINGING, S.TALKING, S.HOLDING, S.CONSULTING})
IN_CONVERSATION = frozenset({S.TALKING, S.HOLDING, S.CONSULTING})

# TALK_ENDED leads to WRAP_UP; a seat without time for writing goes on with WROTE at once.
TABLE: dict[tuple[SeatState, SeatEvent], SeatState] = {
    (S.LOGGED_OUT, E.LOGGED_IN): S.READY,
    (S.READY, E.LOGGED_OUT): S.LOGGED_OUT,
    (S.READY, E.PAUSED): S.PAUSED,
    (S.READY, E.OFFERED): S.RINGING,
    (S.RINGING, E.WITHDRAWN): S.READY,
    (S.RINGING, E.MISSED): S.PAUSED,
    (S.RINGING, E.PAUSED): S.PAUSED,
    (S.RINGING, E.LOGGED_OUT): S.LOGGED_OUT,
    (S.RINGING, E.ANSWERED): S.TALKING,
    (S.TALKING, E.HELD): S.HOLDING,
    (S.HOLDING, E.RESUMED): S.TALKING,
    (S.TALKING, E.CONSULTED): S.CONSULTING,
    (S.HOLDING, E.CONSULTED): S.CONSULTING,
    (S.CONSULTING, E.RESUMED): S.TALKING,
    (S.TALKING, E.TALK_ENDED): S.WRAP_UP,
    (S.HOLDING, E.TALK_ENDED): S.WRAP_UP,
    (S.CONSULTING, E.TALK_ENDED): S.WRAP_UP,
    (S.WRAP_UP, E.WROTE): S.READY,
    (S.WRAP_UP, E.READY): S.READY,
    (S.WRAP_UP, E.PAUSED): S.PAUSED,
    (S.WRAP_UP, E.LOGGED_OUT): S.LOGGED_OUT,
    (S.PAUSED, E.READY): S.READY,
    (S.PAUSED, E.PAUSED): S.PAUSED,  # for another reason
    (S.PAUSED, E.LOGGED_OUT): S.LOGGED_OUT,
}


class SeatCannot(Exception):
    """A seat in this state does not do that; ``allowed`` says what it does."""

    def __init__(self, seat_id: str, state: SeatState, event: SeatEvent) -> None:
        self.allowed = tuple(sorted(known.value for at, known in TABLE if at is state))
        super().__init__(f"seat {seat_id} is {state}: {event} is not possible")


def next_state(seat_id: str, state: SeatState, event: SeatEvent) -> SeatState:
    """Raises `SeatCannot`."""
    following = TABLE.get((state, event))
    if following is None:
        raise SeatCannot(seat_id, state, event)
    return following
