"""Words are found however they were cut, misheard or said in a long call; work is dealt once."""

from datetime import timedelta
from typing import Any

import pytest

from domain.review.finding import QuestionRefused, wanted_words
from services.actor import Actor
from services.cards import call_marks, file_card
from services.desk import Correction, Deal, WordNotThere, correct, fill_lists, hits
from storage.database import Database
from storage.repositories.cards import CardFilter, Cards
from storage.repositories.review import Desk
from storage.search.words import segmenter
from storage.tables.recording import RecordingRow
from storage.tables.recording_card import RecordingCardRow
from storage.tables.review import SamplingRuleRow
from tests.db.services.given import NOW, Facts

SAID = {
    1: ["我要反映人民路路灯坏了", "晚上很黑"],
    2: ["小区门口人命路上有个坑", "一直没有人修"],
    3: ["社保卡怎么办理", "需要什么材料"],
    4: ["路边的灯好好的", "人民公园很好"],
}
LEAD = Actor("account:lead")


def call_of(number: int) -> str:
    return f"hl1-1763843556.{number}"


async def given_call(database: Database, number: int, said: list[str], **card: Any) -> None:
    call_id = call_of(number)
    facts = Facts(call_id, f"2611225{number:05d}")
    for seq, text in enumerate(said):
        facts.heard(text, seq=seq, at_s=1.0 + 5 * seq)
    await facts.ended().into(database)
    async with database.transaction() as session:
        session.add(
            RecordingRow(
                call_id=call_id, path="x", sha256="", size_bytes=0, length_s=20.0,
                channels=[], made_at=NOW,
            )
        )  # fmt: skip
        await session.flush()
        await file_card(session, call_id)
        row = await session.get(RecordingCardRow, call_id)
        for name, value in card.items():
            setattr(row, name, value)


async def found(database: Database, question: str, *, by_sound: bool = True) -> set[int]:
    wanted = CardFilter(words=wanted_words(question, segmenter()), by_sound=by_sound)
    async with database.session() as session:
        page = await Cards(session).page(wanted, after=None, limit=50)
    return {int(row.call_id.rpartition(".")[2]) for row in page.rows}


@pytest.mark.parametrize(
    ("question", "exact", "alike"),
    [
        ("人民路", {1}, {1, 2}),
        ("人命路", {2}, {1, 2}),
        ("路灯", {1}, {1}),
        ("灯", {1, 4}, {1, 4}),
        ("社保卡 材料", {3}, {3}),
        ("人民路的路灯", {1}, {1}),
        ("“路灯坏了”", {1}, {1}),
        ("坏了晚上", set(), set()),
        ("黑", {1}, {1}),
        ("地铁", set(), set()),
        ('路灯" OR words : "社保', set(), set()),
    ],
)
async def test_what_was_said_is_found(
    database: Database, question: str, exact: set[int], alike: set[int]
) -> None:
    for number, said in SAID.items():
        await given_call(database, number, said)
    if question == "坏了晚上":
        question = "“坏了晚上”"  # two utterances: no phrase runs over both
    assert await found(database, question, by_sound=False) == exact
    assert await found(database, question) == alike


async def test_the_end_of_a_three_hour_call_is_found(database: Database) -> None:
    said = [f"这是第{'一二三四五六七八九'[place % 9]}句没有什么特别的话" for place in range(2_000)]
    await given_call(database, 1, [*said, "最后我要投诉噪音扰民"])
    assert await found(database, "噪音扰民") == {1}


async def test_nothing_to_search_for_is_told() -> None:
    for question in ("", "？！", "  "):
        with pytest.raises(QuestionRefused, match="路灯"):
            wanted_words(question, segmenter())


def test_own_words_are_kept_whole() -> None:
    own = segmenter(("甬江实验路",))
    assert [one.signs for one in wanted_words("甬江实验路噪音", own)] == ["甬江实验路", "噪音"]


async def test_where_it_was_said(database: Database) -> None:
    await given_call(database, 2, SAID[2])
    async with database.session() as session:
        (hit,) = await hits(session, call_of(2), wanted_words("人民路", segmenter()), by_sound=True)
    assert (hit.side, hit.exact, round(hit.at_s, 1)) == ("caller", False, 1.8)


async def test_a_corrected_word_is_found_and_the_original_kept(database: Database) -> None:
    await given_call(database, 2, SAID[2])
    async with database.transaction() as session:
        from storage.repositories.calls import Utterances

        first = (await Utterances(session).of_call(call_of(2)))[0]
        wanted = Correction(call_of(2), first.id, 5, "民")
        row = await correct(session, wanted, LEAD, now=NOW)
        with pytest.raises(WordNotThere):
            await correct(session, Correction(call_of(2), first.id, 99, "x"), LEAD, now=NOW)
        with pytest.raises(WordNotThere):
            await correct(session, Correction(call_of(1), first.id, 0, "x"), LEAD, now=NOW)
    assert (row.original, row.corrected) == ("命", "民")
    assert await found(database, "人民路", by_sound=False) == {2}
    async with database.session() as session:
        (kept, _) = await Utterances(session).of_call(call_of(2))
    assert kept.text == SAID[2][0]


async def test_filters_narrow_and_pages_follow(database: Database) -> None:
    for number in range(1, 6):
        await given_call(
            database, number, SAID[1], seat=f"100{number % 2}", topic=f"城市管理/{number}",
            satisfaction=number, length_s=float(number), started_at=NOW + timedelta(hours=number),
        )  # fmt: skip

    async def numbers(wanted: CardFilter) -> list[int]:
        async with database.session() as session:
            page = await Cards(session).page(wanted, after=None, limit=50)
        return [int(row.call_id.rpartition(".")[2]) for row in page.rows]

    assert await numbers(CardFilter()) == [5, 4, 3, 2, 1]
    assert await numbers(CardFilter(equal={"seat": "1001"})) == [5, 3, 1]
    assert await numbers(CardFilter(topic="城市管理/3")) == [3]
    assert await numbers(CardFilter(at_least={"satisfaction": 4})) == [5, 4]
    assert await numbers(CardFilter(at_most={"length_s": 2.0})) == [2, 1]
    assert await numbers(CardFilter(tags=["emergency"])) == []
    assert await numbers(CardFilter(started_from=NOW + timedelta(hours=5))) == [5]


async def test_danger_and_abuse_are_marked(database: Database) -> None:
    await given_call(database, 1, ["家里着火了", "你们都是王八蛋"])
    async with database.session() as session:
        marks = await call_marks(session, call_of(1))
        tags = await Cards(session).tags_of([call_of(1)])
    assert [(mark.kind.value, mark.label) for mark in marks] == [
        ("emergency", "119 着火了"),
        ("abuse", "王八蛋"),
    ]
    assert tags == {call_of(1): ["abuse", "emergency"]}


async def test_no_recording_is_dealt_twice(database: Database) -> None:
    for number in range(1, 7):
        await given_call(database, number, SAID[1], seat="1001", satisfaction=5)
    rules = [("random_per_agent_week", 2), ("dissatisfied", 1), ("lowest_confidence", 6)]
    async with database.transaction() as session:
        for kind, number in rules:
            row = SamplingRuleRow(
                name=kind, kind=kind, number=number, changed_by="x", changed_at=NOW
            )
            Desk(session).add(row)
    wanted = Deal(["account:a", "account:b"], NOW - timedelta(days=1), NOW + timedelta(days=1))
    async with database.transaction() as session:
        assert await fill_lists(session, wanted, LEAD, now=NOW) == 6
    async with database.transaction() as session:
        assert await fill_lists(session, wanted, LEAD, now=NOW) == 0
        lists = [await Desk(session).work_of(name) for name in wanted.reviewers]
    assert [len(one) for one in lists] == [3, 3]
    assert len({item.call_id for one in lists for item in one}) == 6
