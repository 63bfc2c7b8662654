"""What reviewers corrected becomes the files that teach the speech model."""

from datetime import timedelta
from pathlib import Path

from asr.adaptation import Additions, check
from services.actor import Actor
from services.corrected_words import CorrectedWords, corrected_words
from services.desk import Correction, correct
from storage.database import Database
from storage.repositories.calls import Utterances
from tests.db.services.given import NOW, Facts

CALL = "hl1-1763843556.1"
REVIEWER = Actor("account:wang.fang")


async def given_said(database: Database, *texts: str) -> list[int]:
    """Utterances of which every sign is a word; their numbers."""
    facts = Facts(CALL, "261122500001")
    for place, text in enumerate(texts):
        facts.heard(text, seq=place, at_s=10.0 * place)
    await facts.ended().into(database)
    async with database.session() as session:
        return [row.id for row in await Utterances(session).of_call(CALL)]


async def corrects(
    database: Database, utterance: int, place: int, text: str, *, day: int = 0
) -> None:
    async with database.transaction() as session:
        wanted = Correction(CALL, utterance, place, text)
        await correct(session, wanted, REVIEWER, now=NOW + timedelta(days=day))


async def taught(database: Database, *, from_day: int | None = None) -> CorrectedWords:
    since = None if from_day is None else NOW + timedelta(days=from_day)
    async with database.session() as session:
        return await corrected_words(session, since)


async def test_words_and_their_sentences_newest_first_and_fit_to_be_taught(
    database: Database, tmp_path: Path
) -> None:
    first, second = await given_said(database, "命那边没有灯", "我在这里")
    await corrects(database, first, 0, "人名路")
    await corrects(database, first, 0, "人民路")
    await corrects(database, second, 3, "五里", day=3)
    found = await taught(database)
    assert list(found.words) == ["五里", "人民路"]
    assert list(found.sentences) == ["人民路那边没有灯", "我在这五里"]
    assert found.left_out == 0
    assert list((await taught(database, from_day=2)).words) == ["五里"]
    files = Additions(tmp_path / "words", tmp_path / "sentences")
    files.words.write_text("\n".join(found.words), encoding="utf-8")
    files.sentences.write_text("\n".join(found.sentences), encoding="utf-8")
    check(files)


async def test_single_signs_figures_and_private_words_are_left_out(database: Database) -> None:
    plain, private = await given_said(database, "路灯坏了", "电话幺三八零零一一二二三三")
    await corrects(database, plain, 1, "登")
    await corrects(database, plain, 2, "B2")
    await corrects(database, private, 0, "手机")
    found = await taught(database)
    assert (list(found.words), found.left_out) == ([], 3)
    assert all("三八" not in one for one in found.sentences)


async def test_nothing_corrected_teaches_nothing(database: Database) -> None:
    assert await taught(database) == CorrectedWords([], [], 0)
