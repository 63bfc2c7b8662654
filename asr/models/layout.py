"""What a Vosk model directory looks like, and what can be read from it without loading it.

Two layouts exist: the present one (``am/``, ``graph/``, ``conf/``: vosk-model-small-cn-0.22 with a
lookahead graph, vosk-model-cn-0.22 with a static one) and the flat one of older models. The list
follows the file names libvosk 0.3.45 opens (``src/model.cc``: ConfigureV1, ConfigureV2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Kaldi's own default (feat/mel-computations.h) where mfcc.conf does not say.
_KALDI_DEFAULT_RATE = 16_000

# Every group must be met by one of its alternatives; an alternative is a set of files.
_PRESENT = (
    (("am/final.mdl",),),
    (
        ("graph/HCLG.fst", "graph/words.txt"),
        ("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"),
    ),
    (("conf/mfcc.conf",),),
    (("conf/model.conf",),),
)
_FLAT = (
    (("final.mdl",),),
    (("HCLG.fst", "words.txt"), ("HCLr.fst", "Gr.fst", "disambig_tid.int")),
    (("mfcc.conf",), ("conf/mfcc.conf",)),
)


class ModelProblem(Exception):
    """Something is wrong with a speech model; the message says what, where and what is right."""


class NotAModel(ModelProblem):
    """The directory lacks files that every Vosk model has."""


@dataclass(frozen=True)
class ModelDescription:
    """``rate`` in Hz as the features were trained; ``size_bytes`` of all files on disk."""

    path: Path
    rate: int
    size_bytes: int
    lookahead: bool  # takes grammars at run time


def check_layout(path: Path) -> None:
    """Raise `NotAModel`, naming what is missing, unless ``path`` is laid out as a Vosk model."""
    if not path.is_dir():
        raise NotAModel(
            f"{path} is not a directory. Give the directory that holds am/, graph/ and conf/."
        )
    flat = (path / "final.mdl").is_file() and not (path / "am").is_dir()
    groups = _FLAT if flat else _PRESENT
    missing = [_wanted(group) for group in groups if not _met(path, group)]
    if missing:
        raise NotAModel(
            f"{path} is not a Vosk model: {'; '.join(missing)} missing or empty. "
            "Give the directory that holds am/final.mdl, graph/ and conf/."
        )


def find_model(path: Path) -> Path:
    """The model directory in ``path``: itself or its only subdirectory; `NotAModel` otherwise."""
    if path.is_dir() and not _looks_like_model(path):
        inner = [
            entry
            for entry in path.iterdir()
            if entry.is_dir() and not entry.name.startswith((".", "__MACOSX"))
        ]
        if len(inner) == 1:
            check_layout(inner[0])
            return inner[0]
    check_layout(path)
    return path


def describe(path: Path) -> ModelDescription:
    """Sample rate and size of the model at ``path``; `NotAModel` when it is none."""
    check_layout(path)
    size = sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file())
    lookahead = _has(path, "graph/HCLr.fst") or _has(path, "HCLr.fst")
    return ModelDescription(path, _rate(path), size, lookahead)


def _rate(path: Path) -> int:
    for name in ("conf/mfcc.conf", "mfcc.conf"):
        conf = path / name
        if conf.is_file():
            return _option(conf, "--sample-frequency", _KALDI_DEFAULT_RATE)
    return _KALDI_DEFAULT_RATE


def _option(conf: Path, option: str, default: int) -> int:
    for line in conf.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.split("#", 1)[0].strip().partition("=")
        if key.strip() == option:
            try:
                return int(float(value))
            except (ValueError, OverflowError):
                raise NotAModel(
                    f"{conf}: {option}={value!r} is no number; 8000 or 16000 would be right."
                ) from None
    return default


def _looks_like_model(path: Path) -> bool:
    return _has(path, "am/final.mdl") or _has(path, "final.mdl")


def _has(path: Path, name: str) -> bool:
    file = path / name
    return file.is_file() and file.stat().st_size > 0


def _met(path: Path, group: Iterable[Iterable[str]]) -> bool:
    return any(all(_has(path, name) for name in files) for files in group)


def _wanted(group: Iterable[Iterable[str]]) -> str:
    return " or ".join("+".join(files) for files in group)
