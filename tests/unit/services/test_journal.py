"""The journal: what was written is read again, once, whatever cut it off."""

import json
import resource
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.journal import POSITION, Journal, Position, Record

NOW = datetime(2026, 11, 22, 7, 30, 0, 123456, tzinfo=UTC)
FIRST = "00000001.jsonl"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
records = st.builds(
    Record,
    st.from_regex(r"hl1-[0-9]{1,10}\.[0-9]{1,6}", fullmatch=True),
    st.integers(0, 10_000),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["started", "heard", "ended"]),
    st.dictionaries(st.text(), json_values),
)


def record(seq: int, kind: str = "stepped", **body: object) -> Record:
    return Record("hl1-1.1", seq, NOW + timedelta(seconds=seq), kind, dict(body))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path)
    yield journal
    journal.close()


def sequence(journal: Journal) -> list[int]:
    return [record.seq for record in journal.everything()]


@given(records)
def test_a_record_is_one_line_and_comes_back_the_same(record: Record) -> None:
    line = record.line()
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert Record.from_line(line) == record


@given(
    st.binary(max_size=60)
    | st.lists(json_values, max_size=6).map(lambda items: json.dumps(items).encode())
)
@settings(max_examples=50)
def test_what_is_no_record_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a journal line"):
        Record.from_line(line)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"{}",
        b"[]",
        b'["a",0,"2026-11-22T07:30:00+00:00","k"]',
        b'["a",0,"yesterday","k",{}]',
        b'["a",0,17,"k",{}]',
        b'["a",Infinity,"2026-11-22T07:30:00+00:00","k",{}]',
        b'["a",0,"2026-11-22T07:30:00+00:00","k",7]',
        '["a",0,"2026-11-22T07:30:00+00:00","k",{"路'.encode()[:-1],
    ],
)
def test_lines_that_are_nearly_records_are_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a journal line"):
        Record.from_line(line)


def test_what_was_appended_is_read_in_order_with_the_position_behind_it(journal: Journal) -> None:
    for seq in range(5):
        journal.append(record(seq, said="路灯不亮"))
    found = journal.after(journal.position())
    assert [one for one, _ in found] == [record(seq, said="路灯不亮") for seq in range(5)]
    for index, (_, behind) in enumerate(found):
        assert [one.seq for one, _ in journal.after(behind)] == list(range(index + 1, 5))


def test_at_most_so_many_at_once(journal: Journal) -> None:
    for seq in range(5):
        journal.append(record(seq))
    assert [one.seq for one, _ in journal.after(journal.position(), limit=2)] == [0, 1]


def test_another_engine_goes_on_where_the_database_is(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    for seq in range(3):
        first.append(record(seq))
    (_, _), (_, behind), _ = first.after(first.position())
    first.applied(behind)
    first.close()
    second = Journal(tmp_path)
    second.append(record(3))
    assert second.position() == behind
    assert [one.seq for one, _ in second.after(behind)] == [2, 3]
    assert sequence(second) == [0, 1, 2, 3]
    second.close()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"segment": 1}', '{"segment":"x","offset":0}'])
def test_a_position_that_a_power_cut_emptied_is_the_beginning(tmp_path: Path, text: str) -> None:
    journal = Journal(tmp_path)
    journal.append(record(0))
    (tmp_path / POSITION).write_text(text)
    assert journal.position() == Position(1, 0)
    journal.close()


def test_the_files_are_for_their_owner_only(tmp_path: Path, journal: Journal) -> None:
    assert (tmp_path / FIRST).stat().st_mode & 0o777 == 0o600


def test_segments_follow_each_other_and_old_ones_go(
    tmp_path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.journal.SEGMENT_BYTES", 1)  # every record fills one
    for seq in range(5):
        journal.append(record(seq))
    assert sequence(journal) == [0, 1, 2, 3, 4]
    found = journal.after(journal.position())
    assert [behind.segment for _, behind in found] == [1, 2, 3, 4, 5]
    journal.applied(found[3][1])
    # The segment before stays: calls that began there may still be open.
    assert sequence(journal) == [2, 3, 4]
    assert [one.seq for one, _ in journal.after(journal.position())] == [4]


def test_a_segment_ends_with_its_day(tmp_path: Path) -> None:
    """What was said is deleted with its recording; it must not live on in a segment never full."""
    for day in range(4):
        journal = Journal(tmp_path)
        for seq in range(2):
            at = NOW + timedelta(days=day, minutes=seq)
            journal.append(Record("hl1-1.1", 2 * day + seq, at, "heard", {"text": f"第{day}天"}))
        found = journal.after(journal.position())
        journal.applied(found[-1][1])
        journal.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("*.jsonl")).decode()
    assert [f"第{day}天" in kept for day in range(4)] == [False, False, True, True]
    assert sequence(journal)[-2:] == [6, 7]


def test_syncing_beside_a_change_of_segment_is_harmless(journal: Journal) -> None:
    journal.append(record(0))
    journal.close()
    journal.sync()
    journal._file = journal._open(1)


@given(st.lists(records, min_size=1, max_size=5), st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_power_cut_at_any_byte_costs_only_what_it_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[Record], data: st.DataObject
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)  # the power stays on: only time is saved
    folder = tmp_path / "cut"
    shutil.rmtree(folder, ignore_errors=True)
    journal = Journal(folder)
    written = [replace(one, at=NOW) for one in written]  # of one day: in one segment
    for one in written:
        journal.append(one)
    journal.close()
    ends = [sum(len(one.line()) for one in written[: n + 1]) for n in range(len(written))]
    cut = data.draw(st.integers(0, ends[-1]))
    with (folder / FIRST).open("r+b") as file:
        file.truncate(cut)
    whole = [one for one, end in zip(written, ends, strict=True) if end <= cut]
    after = Journal(folder)
    later = Record("hl1-9.9", 0, NOW, "started", {"caller": "138"})
    after.append(later)
    # A cut between a line and its end leaves the line whole.
    complete = [*whole, later]
    with_last = [*written[: len(whole) + 1], later]
    found = [one for one, _ in after.after(Position(1, 0))]
    assert found == (with_last if cut + 1 in ends else complete)
    assert list(after.everything()) == found
    after.close()


def test_a_line_still_being_written_is_not_read_yet(tmp_path: Path, journal: Journal) -> None:
    journal.append(record(0))
    line = record(1).line()
    with (tmp_path / FIRST).open("ab") as file:
        file.write(line[:20])
        file.flush()
        assert sequence(journal) == [0]
        file.write(line[20:])
    assert sequence(journal) == [0, 1]


def test_a_full_disk_stops_no_call_and_loses_no_fact(tmp_path: Path) -> None:
    """The limit on a file's size fails a write in the middle of a line, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal = Journal(tmp_path)
    facts = [
        Record(
            "hl1-1.1", seq, datetime(2026, 11, 22, tzinfo=UTC), "heard", {"text": "路灯坏了" * 5}
        )
        for seq in range(6)
    ]
    journal.append(facts[0])
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(facts[0].line()) + 40, hard))
        for fact in facts[1:4]:
            journal.append(fact)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [fact.seq for fact in journal.everything()] == [0]
    for fact in facts[4:]:
        journal.append(fact)
    assert list(journal.everything()) == facts
    journal.close()
