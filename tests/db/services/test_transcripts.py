"""Which sides are transcribed from the recording, and where their words stand in the call."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from asr.recognizer import Heard, RecognizerUnavailable, Word
from services.recordings import Places, keep_recording
from services.transcripts import Sound, transcribe_missing, transcript, utterances
from storage.database import Database
from storage.repositories.calls import Utterances
from storage.vault.vault import Vault
from tests.db.services.given import CALL_ID, NOW, Facts
from tests.db.services.sound import put_wav, tone

TEN_SECONDS = 80_000


class FakeHearing:
    """Two words, one at its first second and one at its end; each names how long it listened."""

    def __init__(self) -> None:
        self._bytes = 0
        self._over = asyncio.Event()

    async def room(self) -> None: ...

    async def feed(self, pcm: bytes) -> None:
        self._bytes += len(pcm)

    async def finish(self) -> None:
        self._over.set()

    async def results(self) -> AsyncIterator[Heard]:
        await self._over.wait()
        length_s = self._bytes / 16_000
        words = (Word("始", 0.0, 0.2, 0.9), Word(f"{length_s:.0f}", length_s - 0.2, length_s, 0.8))
        yield Heard(final=True, text="", words=words)


class FakeRecognizer:
    def __init__(self, unavailable_from: int = 99) -> None:
        self._unavailable_from = unavailable_from
        self.opened = 0

    async def open(self, *, rate: int) -> FakeHearing:
        assert rate == 8000
        self.opened += 1
        if self.opened >= self._unavailable_from:
            raise RecognizerUnavailable("none answers")
        return FakeHearing()


class Scene:
    def __init__(self, database: Database, folder: Path, vault: Vault) -> None:
        self.database = database
        self.places = Places(folder / "spool", vault)

    async def transcribed(self, facts: Facts, recognizer: FakeRecognizer) -> list[str]:
        await facts.into(self.database)
        for side in ("caller", "heard"):
            put_wav(self.places.side(CALL_ID, side), tone(TEN_SECONDS, 1))
        kept = await keep_recording(self.database, self.places, CALL_ID, now=NOW)
        return await transcribe_missing(self.database, recognizer, self.sound(kept.path), CALL_ID)

    def sound(self, name: str) -> Sound:
        return lambda: self.places.vault.plain_file(name)

    async def said(self) -> list[tuple[str, str, float, float, str]]:
        async with self.database.session() as session:
            rows = await transcript(session, CALL_ID)
        return [(row.side, row.source, row.start_s, row.end_s, row.text) for row in rows]


@pytest.fixture
def scene(database: Database, tmp_path: Path, vault: Vault) -> Scene:
    return Scene(database, tmp_path, vault)


def talked(facts: Facts, from_s: float, to_s: float) -> Facts:
    return facts.add("talked", seat="1001", from_s=from_s, to_s=to_s)


def listened(facts: Facts, side: str, from_s: float, *, complete: bool = True) -> Facts:
    return facts.add("listened", side=side, from_s=from_s, to_s=10.0, complete=complete)


async def test_what_was_heard_live_is_not_transcribed_again(scene: Scene) -> None:
    facts = listened(Facts().heard("路灯"), "caller", 0.4)
    facts = listened(talked(facts, 3.0, 9.0).heard("您好", side="agent", at_s=3.5), "agent", 3.1)
    recognizer = FakeRecognizer()
    assert await scene.transcribed(facts, recognizer) == []
    assert recognizer.opened == 0
    assert [(side, source, text) for side, source, _, _, text in await scene.said()] == [
        ("caller", "live", "路灯"),
        ("agent", "live", "您好"),
    ]


@pytest.mark.parametrize(
    "heard",
    [
        lambda facts: facts,
        lambda facts: listened(facts, "caller", 0.1, complete=False),
        lambda facts: listened(facts, "caller", 3.0),  # what came before went unheard
        lambda facts: listened(facts, "agent", 0.0),
    ],
    ids=["nobody listened", "broken off", "from later on", "the other side"],
)
async def test_a_side_that_was_missed_is_taken_from_the_recording(
    tmp_path: Path, migrated_file: Path, vault: Vault, heard: object
) -> None:
    file = tmp_path / "calls.sqlite"
    file.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{file}")
    scene = Scene(database, tmp_path, vault)
    assert callable(heard)
    assert await scene.transcribed(heard(Facts().heard("路")), FakeRecognizer()) == ["caller"]
    # The live words give way: twice the same would be in the draft otherwise.
    assert await scene.said() == [
        ("caller", "file", 0.0, 0.2, "始"),
        ("caller", "file", 9.8, 10.0, "10"),
    ]
    await database.close()


async def test_of_what_the_caller_heard_only_the_conversations_are_the_agents(
    scene: Scene,
) -> None:
    """The second conversation was heard live, the first was not: both are taken from the file."""
    facts = listened(Facts(), "caller", 0.0)
    facts = talked(facts.heard("喂", side="agent", at_s=2.0), 2.0, 4.0)
    facts = listened(listened(facts, "agent", 2.1, complete=False), "agent", 6.0)
    facts = talked(facts, 6.0, 9.0)
    assert await scene.transcribed(facts, FakeRecognizer()) == ["agent"]
    said = [
        (side, source, pytest.approx(start_s), text)
        for side, source, start_s, _, text in await scene.said()
    ]
    assert said == [
        ("agent", "file", 2.0, "始"),
        ("agent", "file", 3.8, "2"),
        ("agent", "file", 6.0, "始"),
        ("agent", "file", 8.8, "3"),
    ]


@pytest.mark.parametrize(("length_s", "again"), [(9.8, []), (8.5, ["caller", "agent"])])
async def test_a_recording_longer_than_its_call_is_read_itself(
    scene: Scene, length_s: float, again: list[str]
) -> None:
    """Held back on its way and sent at once, sound stands later in the recording than it was."""
    facts = listened(Facts(), "caller", 0.0)
    facts = listened(talked(talked(facts, 1.0, 3.0), 4.0, length_s), "agent", 1.1)
    facts = listened(facts, "agent", 4.1)
    facts.add("ended", outcome="agent", live_complete=True, recovered=False, length_s=length_s)
    assert await scene.transcribed(facts, FakeRecognizer()) == again
    agent = [(start_s, text) for side, _, start_s, _, text in await scene.said() if side == "agent"]
    # One up to where the next begins, the other to the end of the sound.
    assert agent == ([(1.0, "始"), (pytest.approx(3.8), "3始"), (9.8, "6")] if again else [])


async def test_without_a_recognizer_nothing_is_half_done(scene: Scene) -> None:
    facts = talked(talked(Facts(), 1.0, 2.0), 3.0, 4.0)
    with pytest.raises(RecognizerUnavailable):
        await scene.transcribed(facts, FakeRecognizer(unavailable_from=3))
    async with scene.database.session() as session:
        sides = {row.side for row in await Utterances(session).of_call(CALL_ID)}
    assert sides == {"caller"}
    sound = scene.sound(f"2026/11/22/{CALL_ID}.wav")
    await transcribe_missing(scene.database, FakeRecognizer(), sound, CALL_ID)
    assert [side for side, *_ in await scene.said()].count("caller") == 2


async def test_a_recording_that_is_no_sound_costs_the_words_only(
    scene: Scene, tmp_path: Path
) -> None:
    await Facts().heard("路灯").into(scene.database)
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound")
    await transcribe_missing(scene.database, FakeRecognizer(), lambda: nullcontext(broken), CALL_ID)
    assert [text for *_, text in await scene.said()] == ["路灯"]


def test_a_pause_ends_an_utterance() -> None:
    words = [Word("一", 0.0, 0.5, 1.0), Word("二", 1.2, 1.5, 1.0), Word("三", 2.4, 2.5, 0.7)]
    first, second = utterances("caller", words)
    assert (first.seq, first.start_s, first.end_s, first.text) == (0, 0.0, 1.5, "一二")
    assert (second.seq, second.start_s, second.text) == (1, 2.4, "三")
    assert second.words == [{"word": "三", "start_s": 2.4, "end_s": 2.5, "confidence": 0.7}]
    assert utterances("caller", []) == []
