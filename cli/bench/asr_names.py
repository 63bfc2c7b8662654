"""Names of a city the speech model knows nothing of: as heard, proposed by sound, after adaptation.

Streets and lanes of Fuzhou, which is none of the model's five cities, each in a sentence of its
own, by voices the model never heard. The list for the proposals holds all roads of the five cities
too, as a city's list would hold thousands: wrong proposals are part of the figure.
"""

import asyncio
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from asr import adaptation
from asr.cer import CharacterErrors, character_errors, total
from asr.correction import Gazetteer, corrected
from asr.engines.process import recognizer_process
from asr.engines.remote import RECORDED, RemoteRecognizer
from asr.models.store import ensure_embedded
from asr.recognizer import Word
from asr.training.voices import HELD_OUT
from asr.transcribe import transcribe_file
from cli.bench.figures import Line
from cli.bench.speech import LANGUAGE, RATE
from config.settings import PROJECT
from domain.drafting.gazetteer import Place, index
from domain.drafting.places import DISTRICTS
from prompts.speech import say
from prompts.texts import load_catalogue

ROW = "names"
TOOLS = PROJECT / ".build/graph/bin/python"
NAMES = (
    "乌山路", "津泰路", "南后街", "塔巷", "衣锦坊", "郎官巷", "鼓屏路", "湖东路", "福马路",
    "则徐大道",
    "福飞路", "铜盘路", "西洪路", "祭酒岭", "鳌峰路", "洪山园路", "乌龙江大道", "浦下洲", "象园路",
    "六一中路", "晋安南路", "桂湖温泉路", "秀峰路", "罗汉山", "麦园路", "程埔头",
    "上藤路", "对湖路",
    "首山路", "盖山路", "螺洲镇", "白湖亭", "台屿路", "高宅村", "燎原新村", "屏西小区", "洋下新村",
    "斗池路", "茶园桥", "仁德路",
)  # fmt: skip
SENTENCES = (
    "我在{}这边路灯坏了",
    "{}的下水道堵了三天",
    "请问{}什么时候通公交",
    "我住在{}家里停水了",
)
# What a city might hand in with its names: none of the sentences above.
ADDED = ("这条路一直没有人打扫", "请你们去现场看一看")
HEARD, PROPOSED, ADAPTED = "as heard", "names proposed by sound, taken", "after hotline asr adapt"


@dataclass(frozen=True)
class Spoken:
    """One sentence with its name, as a wav."""

    wav: Path
    text: str
    name: str


@dataclass(frozen=True)
class Score:
    """``name_errors`` of ``name_characters``: within the likeliest place of each name."""

    errors: CharacterErrors
    right: int
    name_errors: int
    name_characters: int


def lines() -> list[Line]:
    """Three ways: errors in all characters, in the characters of names, and names right."""
    with tempfile.TemporaryDirectory(prefix="hotline-names-", dir="/var/tmp") as folder:
        found = asyncio.run(_measure(Path(folder)))
    plain = found[HEARD]
    return [_line(way, score, plain) for way, score in found.items()]


def _line(way: str, score: Score, plain: Score) -> Line:
    share, beside = (one.name_errors / one.name_characters for one in (score, plain))
    what = f"{len(NAMES)} names of another city, {way}: characters of names wrong"
    ours = f"{share:.1%}; {score.right} names right; {score.errors.rate:.1%} of all characters"
    if way == HEARD:
        return Line(ROW, what, ours)
    return Line(ROW, what, ours, f"{beside:.1%} {HEARD}", share / beside if beside else None)


async def _measure(folder: Path) -> dict[str, Score]:
    models = folder / "models"
    base = ensure_embedded(models)
    spoken = _speak(folder)
    listed = [place.name for city in DISTRICTS for place in _roads(city)]
    heard = await _hear(base, spoken)
    proposals = Gazetteer([*NAMES, *listed])
    words, sentences = folder / "names.words", folder / "calls.txt"
    words.write_text("".join(f"{name}\n" for name in NAMES), encoding="utf8")
    sentences.write_text("".join(f"{one}\n" for one in ADDED), encoding="utf8")
    given = adaptation.Additions(words, sentences)
    adapted = await asyncio.to_thread(
        lambda: adaptation.adapt(models, given, TOOLS, now=datetime.now(UTC), say=_quiet)
    )
    again = await _hear(adapted, spoken)
    return {
        HEARD: score(spoken, [corrected(one, ()) for one in heard]),
        PROPOSED: score(spoken, [corrected(one, proposals.corrections(one)) for one in heard]),
        ADAPTED: score(spoken, [corrected(one, ()) for one in again]),
    }


def _roads(city: str) -> list[Place]:
    return [place for some in index(city).by_beginning.values() for place in some]


def _quiet(_: str) -> None:
    """A build's progress does not belong into the table."""


def _speak(folder: Path) -> list[Spoken]:
    """Each name in one sentence, by the held-out voices in turn."""
    voice = load_catalogue(LANGUAGE).voice
    made = []
    for number, name in enumerate(NAMES):
        text = SENTENCES[number % len(SENTENCES)].format(name)
        variant = HELD_OUT[number % len(HELD_OUT)]
        path = folder / f"{number:02}.wav"
        with wave.open(str(path), "wb") as sound:
            sound.setparams((1, 2, RATE, 0, "NONE", ""))
            sound.writeframes(say(text, replace(voice, variant=variant)).tobytes())
        made.append(Spoken(path, text, name))
    return made


async def _hear(model: Path, spoken: Sequence[Spoken]) -> list[list[Word]]:
    async with recognizer_process(model) as running:
        recognizer = RemoteRecognizer([running.url], patience=RECORDED, partials=False)
        return [await transcribe_file(one.wav, recognizer) for one in spoken]


def score(spoken: Sequence[Spoken], texts: Sequence[str]) -> Score:
    """Pooled over all sentences."""
    pairs = list(zip(spoken, texts, strict=True))
    return Score(
        total([character_errors(one.text, text) for one, text in pairs]),
        sum(one.name in text for one, text in pairs),
        sum(name_errors(one.name, text) for one, text in pairs),
        sum(len(one.name) for one, _ in pairs),
    )


def name_errors(name: str, text: str) -> int:
    """Wrong characters in the stretch of ``text`` that is most like ``name``."""
    lengths = range(max(1, len(name) - 1), len(name) + 2)
    windows = (text[at : at + size] for size in lengths for at in range(len(text)))
    return min((character_errors(name, one).errors for one in windows), default=len(name))
