"""Models that come from outside: good ones are installed, everything else leaves no trace."""

import gzip
import hashlib
import http.server
import io
import shutil
import stat
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from asr.models import archive, store
from asr.models.archive import ArchiveRefused, Limits
from asr.models.layout import ModelProblem, NotAModel, check_layout


@pytest.fixture(scope="module")
def other_model(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second build: the embedded model with later endpoints, under its own name."""
    copy = tmp_path_factory.mktemp("other") / "vosk-model-patient-0.1"
    shutil.copytree(model_dir, copy)
    conf = copy / "conf/model.conf"
    conf.write_text(
        conf.read_text().replace("rule2.min-trailing-silence=0.5", "rule2.min-trailing-silence=0.9")
    )
    return copy


@pytest.fixture(scope="module")
def other_archive(other_model: Path) -> Path:
    path = other_model.parent / "patient.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as out:
        out.add(other_model, arcname=other_model.name)
    return path


@pytest.fixture(scope="module")
def web(other_archive: Path) -> Iterator[str]:
    """A loopback web server with the archive on it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    handler = partial(Quiet, directory=other_archive.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def no_trace(models: Path) -> bool:
    return [entry.name for entry in models.iterdir()] in ([], [".lock"])


def test_embedded_model_is_unpacked_once(tmp_path: Path) -> None:
    place = store.ensure_embedded(tmp_path)
    made = (place / "am/final.mdl").stat()
    assert store.ensure_embedded(tmp_path) == place
    assert (place / "am/final.mdl").stat() == made
    assert store.active(tmp_path) == place
    assert stat.S_IMODE(place.stat().st_mode) == 0o755
    assert not list(tmp_path.glob(".incoming-*"))
    described = store.describe(place)
    assert described.rate == 8000
    assert 14_000_000 < described.size_bytes < 25_000_000


def test_a_damaged_embedded_archive_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "embedded.tar.gz"
    bad.write_bytes(b"\x1f\x8b damaged")
    monkeypatch.setattr(store, "_EMBEDDED", bad)
    with pytest.raises(ModelProblem, match=r"embedded\.tar\.gz has sha-256"):
        store.ensure_embedded(tmp_path / "models")


def test_what_a_killed_installation_left_is_swept_up(tmp_path: Path) -> None:
    (tmp_path / ".incoming-dead").mkdir()
    store.ensure_embedded(tmp_path)
    assert not (tmp_path / ".incoming-dead").exists()


def test_install_from_a_url_then_use_it_and_go_back(
    tmp_path: Path, web: str, other_archive: Path
) -> None:
    progress: list[tuple[int, int | None]] = []
    place = store.install(
        f"{web}/patient.tar.gz",
        tmp_path,
        sha256=sha256(other_archive),
        progress=lambda done, total: progress.append((done, total)),
    )
    assert place == tmp_path / "vosk-model-patient-0.1"
    assert progress[-1] == (other_archive.stat().st_size,) * 2
    embedded = store.active(tmp_path)
    assert embedded.name == store.embedded_name()

    assert store.use(tmp_path, place.name) == place
    assert store.active(tmp_path) == place
    assert store.previous(tmp_path) == embedded.name
    assert set(store.installed(tmp_path)) == {embedded, place}

    store.use(tmp_path, embedded.name)
    assert store.active(tmp_path) == embedded
    assert store.previous(tmp_path) == place.name


def test_install_from_a_directory_and_a_zip(tmp_path: Path, other_model: Path) -> None:
    copied = store.install(other_model, tmp_path, name="copied")
    assert sha256(copied / "graph/HCLG.fst") == sha256(other_model / "graph/HCLG.fst")
    zipped = Path(shutil.make_archive(str(tmp_path / "flat"), "zip", other_model))
    assert store.install(zipped, tmp_path).name == "flat"  # no folder in it: the file's name
    check_layout(tmp_path / "flat")


def test_a_taken_name_is_not_overwritten(tmp_path: Path, other_model: Path) -> None:
    store.install(other_model, tmp_path)
    with pytest.raises(ModelProblem, match=r"exists already.*--name"):
        store.install(other_model, tmp_path)


def test_a_model_that_does_not_load_is_refused(tmp_path: Path, other_model: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(other_model, broken)
    acoustic = broken / "am/final.mdl"
    acoustic.write_bytes(acoustic.read_bytes()[: 1 << 20])
    models = tmp_path / "models"
    with pytest.raises(ModelProblem, match=r"libvosk cannot work with broken \(exit status 1: "):
        store.install(broken, models)
    assert no_trace(models)


def test_a_model_that_kills_its_process_is_refused(tmp_path: Path, other_model: Path) -> None:
    """A graph of another build: its labels point outside the acoustic model."""
    mixed = tmp_path / "mixed"
    shutil.copytree(other_model, mixed)
    graph = mixed / "graph/HCLG.fst"
    arcs = bytearray(graph.read_bytes())
    arcs[len(arcs) // 2 :] = b"\x7f" * (len(arcs) - len(arcs) // 2)
    graph.write_bytes(arcs)
    models = tmp_path / "models"
    with pytest.raises(ModelProblem, match=r"mixed \(it died of SIG(SEGV|ABRT|BUS).*same build"):
        store.install(mixed, models)
    assert no_trace(models)


def test_a_wrong_checksum_is_refused(tmp_path: Path, other_archive: Path) -> None:
    with pytest.raises(ModelProblem, match="wanted was 00"):
        store.install(other_archive, tmp_path, sha256="00" * 32)
    assert no_trace(tmp_path)


@pytest.mark.parametrize(
    ("path", "says"), [("/missing.tar.gz", "HTTP 404"), ("/other.tar.gz", "HTTP 404")]
)
def test_a_url_that_gives_nothing_is_named(tmp_path: Path, web: str, path: str, says: str) -> None:
    with pytest.raises(ModelProblem, match=says):
        store.install(web + path, tmp_path)
    assert no_trace(tmp_path)


def test_nobody_at_the_url(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match=r"http://127\.0\.0\.1:1/m\.zip could not be fetched"):
        store.install("http://127.0.0.1:1/m.zip", tmp_path)


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "ACTIVE", "x" * 65, "名"])
def test_names_that_are_no_names(tmp_path: Path, other_model: Path, name: str) -> None:
    with pytest.raises(ModelProblem, match="cannot name a model"):
        store.install(other_model, tmp_path, name=name)
    with pytest.raises(ModelProblem, match="cannot name a model"):
        store.use(tmp_path, name)


def test_a_missing_source_and_a_directory_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="does not exist"):
        store.install(tmp_path / "nowhere", tmp_path / "models")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotAModel, match=r"am/final\.mdl; .*Give the directory"):
        store.install(tmp_path / "empty", tmp_path / "models")
    with pytest.raises(ModelProblem, match=r"No model 'nope'.*Installed: none"):
        store.use(tmp_path / "models", "nope")


def test_a_pointer_to_a_model_that_went_away_is_explained(
    tmp_path: Path, other_model: Path
) -> None:
    store.use(tmp_path, store.install(other_model, tmp_path, name="gone").name)
    shutil.rmtree(tmp_path / "gone")
    with pytest.raises(ModelProblem, match=r"names 'gone', which is not there.*hotline asr use"):
        store.active(tmp_path)


SMALL_CN = (
    "am/final.mdl conf/mfcc.conf conf/model.conf graph/Gr.fst graph/HCLr.fst "
    "graph/disambig_tid.int graph/phones/word_boundary.int ivector/final.ie README"
)
LARGE_CN = (
    "am/final.mdl am/tree conf/mfcc.conf conf/model.conf graph/HCLG.fst graph/words.txt "
    "graph/phones.txt graph/phones/word_boundary.int "
    "ivector/final.ie rescore/G.carpa rnnlm/final.raw"
)
FLAT = "final.mdl mfcc.conf HCLr.fst Gr.fst disambig_tid.int word_boundary.int ivector/final.ie"


@pytest.mark.parametrize("files", [SMALL_CN, LARGE_CN, FLAT])
def test_layouts_of_published_models_pass(tmp_path: Path, files: str) -> None:
    for name in files.split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    check_layout(tmp_path)
    first = tmp_path / files.split()[0]
    first.write_text("")
    with pytest.raises(NotAModel, match=r"final\.mdl missing or empty"):
        check_layout(tmp_path)


def test_the_rate_is_read_from_the_conf(tmp_path: Path, other_model: Path) -> None:
    shutil.copytree(other_model, tmp_path / "model")
    conf = tmp_path / "model/conf/mfcc.conf"
    for line, rate in (("--sample-frequency=16000", 16000), ("# --sample-frequency=8000", 16000)):
        conf.write_text(f"--use-energy=false\n{line}  # Hz\n")
        assert store.describe(tmp_path / "model").rate == rate
    conf.write_text("--sample-frequency=high\n")
    with pytest.raises(NotAModel, match="8000 or 16000 would be right"):
        store.describe(tmp_path / "model")


def tar_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as out:
        for member, content in members:
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


@pytest.mark.parametrize(
    "bad",
    [
        member("/etc/evil"),
        member("model/../../evil"),
        member("..\\evil"),
        member("model/bell\x07"),
        member("model/link", tarfile.SYMTYPE, "/etc/passwd"),
        member("model/hard", tarfile.LNKTYPE, "model/conf"),
        member("model/device", tarfile.CHRTYPE),
        member("model/pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda bad: repr(bad.name) + str(bad.type),
)
def test_path_tricks_in_a_tar_are_refused(tmp_path: Path, bad: tarfile.TarInfo) -> None:
    models = tmp_path / "deep/models"
    source = tar_of(tmp_path / "bad.tar.gz", (member("model/ok"), b"x"), (bad, b""))
    with pytest.raises(ArchiveRefused, match=r"points outside|plain files only"):
        store.install(source, models)
    assert no_trace(models)
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("name", ["/etc/evil", "../evil", "a/../../evil", "..\\evil"])
def test_path_tricks_in_a_zip_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as out:
        out.writestr(name, "x")
    with pytest.raises(ArchiveRefused, match="points outside"):
        store.install(tmp_path / "bad.zip", tmp_path / "deep/models")
    assert not list(tmp_path.rglob("evil"))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as out:
        link = zipfile.ZipInfo("model/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveRefused, match="a link or a device"):
        store.install(tmp_path / "bad.zip", tmp_path / "models")


def test_a_link_in_a_directory_is_refused(tmp_path: Path, other_model: Path) -> None:
    shutil.copytree(other_model, tmp_path / "linked")
    (tmp_path / "linked/README").unlink()
    (tmp_path / "linked/README").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveRefused, match="is a link"):
        store.install(tmp_path / "linked", tmp_path / "models")


def test_bombs_are_refused_while_they_unpack(tmp_path: Path) -> None:
    zeros = bytes(64 << 20)
    tar = tar_of(tmp_path / "bomb.tar.gz", (member("model/zeros"), zeros))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("model/zeros", zeros)
    for bomb in (tar, tmp_path / "bomb.zip"):
        with pytest.raises(ArchiveRefused, match="over 50 times its size"):
            store.install(bomb, tmp_path / "models")
    assert no_trace(tmp_path / "models")


def test_size_and_number_of_entries_are_bounded(tmp_path: Path) -> None:
    many = tar_of(tmp_path / "many.tar.gz", *((member(f"m/{n}"), b"x") for n in range(20)))
    with pytest.raises(ArchiveRefused, match="more than 10 entries"):
        archive.unpack(many, tmp_path / "a", Limits(entries=10))
    big = tar_of(tmp_path / "big.tar.gz", (member("m/big"), bytes(5000)))
    with pytest.raises(ArchiveRefused, match="more than 4000 bytes"):
        archive.unpack(big, tmp_path / "b", Limits(total_bytes=4000))


def test_a_header_that_claims_gigabytes_is_not_read(tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 4 << 30
    path = tmp_path / "header.tar.gz"
    with gzip.open(path, "wb") as out:
        out.write(header.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20))
    with pytest.raises(ArchiveRefused, match="a header of 4294967296 bytes"):
        archive.unpack(path, tmp_path)


@pytest.mark.parametrize("keep", [10, 1000, 100_000])
def test_archives_cut_short_are_damaged(tmp_path: Path, other_archive: Path, keep: int) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(other_archive.read_bytes()[:keep])
    with pytest.raises(ModelProblem, match="damaged or cut short"):
        store.install(cut, tmp_path / "models")
    assert no_trace(tmp_path / "models")


def test_neither_tar_nor_zip(tmp_path: Path) -> None:
    (tmp_path / "x.rar").write_bytes(b"Rar!....")
    with pytest.raises(ArchiveRefused, match=r"neither \.tar\.gz nor \.zip"):
        store.install(tmp_path / "x.rar", tmp_path / "models")


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    twice = tar_of(tmp_path / "two.tar.gz", (member("m/a"), b"1"), (member("m/a"), b"2"))
    (tmp_path / "out").mkdir()
    with pytest.raises(ArchiveRefused, match="twice"):
        archive.unpack(twice, tmp_path / "out")
