"""The models of one machine: a directory each below ``models_dir``, one of them in use.

A model becomes visible by one rename, after its archive was checked and a child process has
loaded it; a crash at any point leaves at most an ``.incoming-…`` folder, removed next time.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asr.child import module_command, module_environment
from asr.models.archive import copy_tree, unpack
from asr.models.download import DownloadFailed, Progress, download
from asr.models.layout import ModelDescription, ModelProblem, describe, find_model

__all__ = [
    "DownloadFailed",
    "ModelDescription",
    "ModelProblem",
    "active",
    "describe",
    "embedded_name",
    "ensure_embedded",
    "install",
    "installed",
    "previous",
    "use",
]

_HERE = Path(__file__).parent
_EMBEDDED = _HERE / "embedded.tar.gz"
_EMBEDDED_SUM = _HERE / "embedded.sha256"
_ACTIVE = "ACTIVE"
_PREVIOUS = "PREVIOUS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CHUNK = 1 << 20
# Generous: a model of gigabytes comes from a cold disk here, and this runs once per install.
_TRIAL_S = 600.0


class ChecksumWrong(ModelProblem):
    """The file is not the one that was meant."""


class ModelNameTaken(ModelProblem):
    """A model of that name is installed already."""


class ModelNameWrong(ModelProblem):
    """No such name can be given, or no such model is installed."""


class ModelUnloadable(ModelProblem):
    """The files are all there, but libvosk cannot work with them."""


@dataclass(frozen=True)
class Checks:
    """What an archive is checked against; ``sha256`` in hex, None to accept any."""

    sha256: str | None = None
    progress: Progress | None = None


def embedded_name() -> str:
    """The directory name of the model that comes with this version of the program."""
    return f"embedded-{_embedded_sum()[:12]}"


def ensure_embedded(models_dir: Path) -> Path:
    """The unpacked embedded model; unpacks it the first time (about 0.3 s), later does nothing."""
    place = models_dir / embedded_name()
    if place.is_dir():
        return place
    with _locked(models_dir) as incoming:
        if not place.is_dir():  # another process may have been first
            _check_sum(_EMBEDDED, _embedded_sum())
            unpack(_EMBEDDED, incoming)
            _publish(find_model(incoming), place)
    return place


def install(
    source: str | Path,
    models_dir: Path,
    *,
    sha256: str | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Put a Vosk model (directory, .tar.gz, .zip or http(s) URL of one) beside the others.

    Returns its directory; `use` makes it the one in use. Raises a `ModelProblem` and changes
    nothing when the checksum differs, the archive is unsafe, files are missing, or a child
    process cannot load it. ``name`` defaults to the archive's own.
    """
    if name is not None:
        _check_name(name)
    wanted = str(source) if _is_url(source) else str(Path(source).resolve())
    with _locked(models_dir) as incoming:
        try:
            unpacked = _fetch(wanted, incoming, Checks(sha256, progress))
            model = find_model(unpacked)
            place = _place(models_dir, name or _own_name(wanted, model, unpacked))
            _try_load(model, place.name)
            _publish(model, place)
        except OSError as failed:
            raise ModelProblem(f"{source} could not be installed: {failed}") from failed
    return place


def use(models_dir: Path, name: str) -> Path:
    """Make the installed model ``name`` the active one; the former stays and is `previous`."""
    _check_name(name)
    place = models_dir / name
    if not place.is_dir():
        known = ", ".join(model.name for model in installed(models_dir)) or "none"
        raise ModelNameWrong(f"No model {name!r} in {models_dir}. Installed: {known}.")
    describe(place)
    with _locked(models_dir):
        former = _pointer(models_dir, _ACTIVE) or embedded_name()
        if former != name:
            _point(models_dir, _PREVIOUS, former)
            _point(models_dir, _ACTIVE, name)
    return place


def active(models_dir: Path) -> Path:
    """The model in use: the one last given to `use`, else the embedded one."""
    name = _pointer(models_dir, _ACTIVE)
    if name is None or name == embedded_name():
        return ensure_embedded(models_dir)
    place = models_dir / name
    if not place.is_dir():
        raise ModelNameWrong(
            f"{models_dir / _ACTIVE} names {name!r}, which is not there. "
            f"Choose another with: hotline asr use {embedded_name()}"
        )
    return place


def previous(models_dir: Path) -> str | None:
    """The name that was in use before the last `use`, to go back to."""
    return _pointer(models_dir, _PREVIOUS)


def installed(models_dir: Path) -> list[Path]:
    """The directories of all installed models, by name."""
    if not models_dir.is_dir():
        return []
    return sorted(
        entry for entry in models_dir.iterdir() if entry.is_dir() and not entry.name.startswith(".")
    )


def _fetch(source: str, incoming: Path, checks: Checks) -> Path:
    target = incoming / "unpacked"
    target.mkdir()
    if _is_url(source):
        archive = incoming / (_url_file_name(source))
        download(source, archive, checks.progress)
    else:
        archive = Path(source)
    if archive.is_dir():
        if checks.sha256 is not None:
            raise ChecksumWrong(f"{source} is a directory: a checksum needs a .tar.gz or .zip.")
        model = find_model(archive)  # first: a folder that is none may hold anything, us as well
        if incoming.resolve().is_relative_to(model.resolve()):
            raise ModelProblem(f"{source} contains {incoming.parent}: move the model out of it.")
        copied = target / "model"
        copied.mkdir()
        copy_tree(model, copied)
    elif archive.is_file():
        if checks.sha256 is not None:
            _check_sum(archive, checks.sha256)
        unpack(archive, target)
    else:
        raise ModelProblem(
            f"{source} does not exist. Give a directory, a .tar.gz, a .zip or a URL."
        )
    return target


def _is_url(source: str | Path) -> bool:
    return re.match(r"(?i)https?://", str(source)) is not None


def _url_file_name(url: str) -> str:
    last = url.split("?", 1)[0].split("#", 1)[0].rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"[^A-Za-z0-9._-]", "_", last).lstrip(".") or "model"


def _own_name(source: str, model: Path, unpacked: Path) -> str:
    """The folder's name in the archive, unless it says nothing ("model"); else the file's name."""
    if model != unpacked and model.name != "model" and _NAME.fullmatch(model.name):
        return model.name
    stem = re.sub(r"\.(tar\.gz|tgz|zip)$", "", _url_file_name(source), flags=re.IGNORECASE)
    _check_name(stem)
    return stem


def _place(models_dir: Path, name: str) -> Path:
    place = models_dir / name
    if place.exists():
        raise ModelNameTaken(f"{place} exists already. Choose another name with --name.")
    return place


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name in {_ACTIVE, _PREVIOUS}:
        raise ModelNameWrong(
            f"{name!r} cannot name a model: 1 to 64 letters, digits, '.', '_' or '-', "
            "the first a letter or digit. Choose one with --name."
        )


def _embedded_sum() -> str:
    return _EMBEDDED_SUM.read_text(encoding="ascii").split()[0]


def _check_sum(archive: Path, wanted: str) -> None:
    digest = hashlib.sha256()
    with archive.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != wanted.strip().lower():
        raise ChecksumWrong(
            f"{archive.name} has sha-256 {digest.hexdigest()}, wanted was {wanted}. "
            "Fetch it again, or check the sum."
        )


def _try_load(model: Path, name: str) -> None:
    command = module_command("asr.models.trial", str(model))
    try:
        done = subprocess.run(
            command,
            env=module_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRIAL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ModelUnloadable(f"{name} did not load within {_TRIAL_S:.0f} s.") from None
    if done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    how = f"exit status {done.returncode}"
    if done.returncode < 0:
        how = f"it died of {signal.Signals(-done.returncode).name}"
    raise ModelUnloadable(
        f"libvosk cannot work with {name} ({how}{': ' + said[-1] if said else ''}). "
        "Are am/final.mdl and graph/ from the same build?"
    )


def _publish(model: Path, place: Path) -> None:
    # mkdtemp and archives give any mode; every role reads the model, none runs as its owner.
    for entry in (model, *model.rglob("*")):
        entry.chmod(0o755 if entry.is_dir() else 0o644)
    model.rename(place)
    _sync(place.parent)


def _pointer(models_dir: Path, which: str) -> str | None:
    try:
        name = (models_dir / which).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    _check_name(name)
    return name


def _point(models_dir: Path, which: str, name: str) -> None:
    fresh = models_dir / f".{which}"
    with fresh.open("w", encoding="ascii") as out:
        out.write(name + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(models_dir / which)
    _sync(models_dir)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _locked(models_dir: Path) -> Iterator[Path]:
    """One change at a time per ``models_dir``; gives a fresh folder to prepare it in."""
    models_dir.mkdir(parents=True, exist_ok=True)
    with (models_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for stale in models_dir.glob(".incoming-*"):  # whoever made it died: we hold the lock
            shutil.rmtree(stale)
        incoming = Path(tempfile.mkdtemp(prefix=".incoming-", dir=models_dir))
        try:
            yield incoming
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
