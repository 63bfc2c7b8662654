"""A caller and a line made up at random: what may happen after each command."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from callflow.commands import AskKey, Command, EnterQueue, Say, TakeMessage
from callflow.events import (
    Done,
    Event,
    HungUp,
    KeysPressed,
    MessageTaken,
    NobodyAnswered,
    NoKey,
    Talked,
)
from callflow.nodes.base import Facts, Scene

FACTS = Facts(caller="13800000000", dialled="12345", ticket_number="261122557010")
NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
SCENE = Scene(FACTS, NOW)

# What `ivr.perform.whole_keys` can make of a keypad: one key, or the beginning of 110, 119, 120,
# 122 and whatever was pressed instead of their end.
KEYS = st.one_of(
    st.sampled_from("0123456789*#"),
    st.sampled_from(["11", "12", "13", "1#", "112", "125", "110", "119", "120", "122"]),
).map(KeysPressed)
SECONDS = st.floats(0, 200, allow_nan=False)


def events_after(command: Command) -> st.SearchStrategy[Event]:
    """Everything the line may report when this command was the last of its step."""
    match command:
        case Say():
            return st.one_of(st.just(Done()), KEYS, st.just(HungUp()))
        case AskKey():
            return st.one_of(st.just(NoKey()), KEYS, st.just(HungUp()))
        case EnterQueue():
            return st.one_of(
                st.builds(Talked, st.just("1001"), SECONDS),
                st.builds(NobodyAnswered, st.booleans()),
                KEYS,
                st.just(HungUp()),
            )
        case TakeMessage():
            return st.one_of(st.builds(MessageTaken, SECONDS), KEYS, st.just(HungUp()))
        case _:
            return st.one_of(st.just(Done()), st.just(HungUp()))
