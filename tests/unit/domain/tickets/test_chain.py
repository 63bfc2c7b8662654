"""Any edit of a history breaks its chain, wherever it is made."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.tickets.chain import Link, Sealed, broken_at, canonical, hash_of

NOW = datetime(2026, 9, 30, 2, tzinfo=UTC)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
DETAILS = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)


def chained(details: list[dict[str, Any]]) -> list[Sealed]:
    made: list[Sealed] = []
    for number, detail in enumerate(details, start=1):
        at = NOW + timedelta(minutes=number)
        link = Link("1", number, number, at, at, "account:li", "edited", detail, None, None)
        previous = made[-1].hash if made else ""
        made.append(Sealed(link, previous, hash_of(previous, link)))
    return made


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[Sealed], list[Sealed], int]:
    """A chain, the chain with one edit, and the number of the entry that was edited."""
    whole = chained(draw(st.lists(DETAILS, min_size=1, max_size=6)))
    index = draw(st.integers(0, len(whole) - 1))
    entry, link = whole[index], whole[index].link
    name = draw(st.sampled_from([field.name for field in fields(Link)] + ["previous", "hash"]))
    if name in ("previous", "hash"):
        changed = replace(entry, **{name: "0" * 64})
    else:
        before = getattr(link, name)
        after = {
            datetime: lambda: before + timedelta(microseconds=1),
            int: lambda: before + 1,
            str: lambda: before + "x",
            dict: lambda: {**before, "added": 1},
            type(None): lambda: "1" if name == "rules_version" else 1,
        }[type(before)]()
        changed = replace(entry, link=replace(link, **{name: after}))
    return whole, [*whole[:index], changed, *whole[index + 1 :]], index + 1


@given(edits())
def test_any_edit_is_found_at_its_entry(made: tuple[list[Sealed], list[Sealed], int]) -> None:
    whole, edited, number = made
    assert broken_at(whole) is None
    assert broken_at(edited) == number


@given(st.lists(DETAILS, min_size=2, max_size=6), st.data())
def test_an_entry_taken_out_or_moved_is_found(details: list[dict[str, Any]], data: Any) -> None:
    whole = chained(details)
    index = data.draw(st.integers(0, len(whole) - 2))
    assert broken_at(whole[:index] + whole[index + 1 :]) == index + 1
    swapped = [*whole[:index], whole[index + 1], whole[index], *whole[index + 2 :]]
    assert broken_at(swapped) == index + 1


def test_the_same_value_is_the_same_text_in_both_databases() -> None:
    assert canonical({"b": 1e16, "a": -0.0}) == canonical({"a": 0, "b": 10000000000000000})
    assert canonical([1.0, 0.1, True, None]) == "[1,0.1,true,null]"
    far = datetime.fromisoformat("2026-09-30T10:00:00+08:00")
    assert canonical(far) == canonical(far.astimezone(UTC))
    assert canonical("路灯") == '"路灯"'
