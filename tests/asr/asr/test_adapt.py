"""A city's words into the embedded model: the real graph tools, the real recognizer."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from asr import adaptation
from asr.engines.process import recognizer_process
from asr.engines.remote import RECORDED, RemoteRecognizer
from asr.models import store
from asr.transcribe import transcribe_file

Speak = Callable[..., Path]
PROJECT = Path(__file__).resolve().parents[3]
TOOLS = PROJECT / ".build/graph/bin/python"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
INVENTED = "粟蓟峁村"  # a name that no list holds
SENTENCE = "粟蓟峁村的桥被水冲断了"


@pytest.fixture
def own_models(models_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(models_dir, tmp_path / "models"))


@pytest.fixture
def added(tmp_path: Path) -> adaptation.Additions:
    words, sentences = tmp_path / "city.words", tmp_path / "calls.txt"
    words.write_text(f"# villages\n{INVENTED} su4 ji4 mao3 cun1\n")
    sentences.write_text(f"{INVENTED}怎么走\n")
    return adaptation.Additions(words, sentences)


async def heard(model: Path, sound: Path) -> str:
    async with recognizer_process(model) as running:
        recognizer = RemoteRecognizer([running.url], patience=RECORDED, partials=False)
        return "".join(word.word for word in await transcribe_file(sound, recognizer))


@pytest.mark.timeout(300)
async def test_a_new_name_is_heard_and_can_be_undone(
    own_models: Path, added: adaptation.Additions, speak: Speak
) -> None:
    sound = speak(SENTENCE)
    before = store.active(own_models)
    assert INVENTED not in await heard(before, sound)
    told: list[str] = []
    place = adaptation.adapt(own_models, added, TOOLS, now=NOW, say=told.append)
    assert store.active(own_models) == place
    assert place.name == "adapted-20260304-050607"
    assert any("graph" in line for line in told)
    assert INVENTED in await heard(place, sound)
    assert adaptation.undo(own_models) == before.name
    assert store.active(own_models) == before
    assert place.is_dir()
    with pytest.raises(store.ModelProblem, match="nothing to undo"):
        adaptation.undo(own_models)


@pytest.mark.parametrize(
    ("words", "sentences", "said"),
    [
        ("六合 lu4", "停水了", "city.words line 1: '六合 lu4' is no word"),
        ("ABC", "停水了", "line 1: 'ABC' is no word"),
        ("六合", "停水了\n我在3号楼", "calls.txt line 2: .*Write numbers as they are spoken"),
        ("六合", "hello", "line 1: 'hello' holds more than Chinese"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    own_models: Path, added: adaptation.Additions, words: str, sentences: str, said: str
) -> None:
    added.words.write_text(words)
    added.sentences.write_text(sentences)
    with pytest.raises(adaptation.AdditionWrong, match=said):
        adaptation.adapt(own_models, added, TOOLS, now=NOW, say=print)
    assert store.active(own_models).name == store.embedded_name()


def test_missing_tools_and_files_are_named(
    own_models: Path, added: adaptation.Additions, tmp_path: Path
) -> None:
    with pytest.raises(adaptation.ToolsMissing, match="make adapt-tools"):
        adaptation.adapt(own_models, added, tmp_path / "none", now=NOW, say=print)
    gone = adaptation.Additions(tmp_path / "gone", added.sentences)
    with pytest.raises(adaptation.AdditionWrong, match="gone cannot be read"):
        adaptation.adapt(own_models, gone, TOOLS, now=NOW, say=print)


def test_another_model_in_use_cannot_be_rebuilt(
    own_models: Path, added: adaptation.Additions
) -> None:
    shutil.copytree(store.active(own_models), own_models / "public")
    store.use(own_models, "public")
    with pytest.raises(adaptation.NotRebuildable, match=r"public is in use.*--names"):
        adaptation.adapt(own_models, added, TOOLS, now=NOW, say=print)


def test_a_build_that_fails_changes_nothing(
    own_models: Path, added: adaptation.Additions, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(store.ModelProblem, match="step phones ended with status 3"):
        adaptation.adapt(own_models, added, broken, now=NOW, say=print)
    assert store.installed(own_models) == [store.active(own_models)]
    assert not list(own_models.parent.glob(".adapting-*"))
