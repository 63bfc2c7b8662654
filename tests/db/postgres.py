"""A PostgreSQL server of the tests' own: private folder, Unix socket only, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_WITHIN_S = 30.0
# Nothing here outlives the test run, so nothing has to survive a power cut.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"]


class Cluster:
    """A running server. `address` is a template with the database's name left open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://hotline@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="hotline", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def new_database(self, template: str = "template1") -> str:
        name = f"t{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        self.run(f"DROP DATABASE {database} WITH (FORCE)")


def programs() -> Path:
    """The folder of initdb and postgres, the newest there is."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError("PostgreSQL is not installed; `apt-get install postgresql` mends it")
    return found[-1].parent if found else Path(str(on_path)).parent


def as_ordinary_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; it ends with the test run even if that is killed."""
    drop = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    return ["setpriv", *drop, "--pdeathsig=SIGQUIT", *command]


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    # A socket's path has 107 bytes at most: no pytest folder, whose names grow long.
    folder = Path(tempfile.mkdtemp(prefix="hotline-pg-", dir="/tmp"))
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    store = folder / "store"
    initdb = [str(programs() / "initdb"), "-D", str(store), "-U", "hotline", "-A", "trust"]
    subprocess.run(
        as_ordinary_user([*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]),
        check=True,
        capture_output=True,
    )
    settings = [f"-c{setting}" for setting in (*FAST, "listen_addresses=")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            as_ordinary_user(
                [str(programs() / "postgres"), "-D", str(store), "-k", str(folder), *settings]
            ),
            stdout=log,
            stderr=log,
        )
    try:
        cluster = Cluster(folder)
        _wait_until_it_answers(cluster, server)
        yield cluster
    finally:
        server.send_signal(3)  # SIGQUIT: stop at once, keep nothing
        server.wait(timeout=START_WITHIN_S)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(cluster: Cluster, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while True:
        try:
            cluster.run("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((cluster.folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return
