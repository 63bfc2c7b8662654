"""Every test that asks for `database` runs twice: on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database import Database
from storage.migrate import migrate
from storage.vault.keyring import KeyRing
from storage.vault.shelf import DiskShelf
from storage.vault.vault import Vault
from tests.db.postgres import Cluster, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One server per test process, so that parallel runs do not meet."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated_template(cluster: Cluster) -> str:
    """A PostgreSQL database with all tables: copying it takes a tenth of migrating anew."""
    name = cluster.new_database()
    migrate(cluster.url(name))
    return name


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/hotline.sqlite"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.new_database()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with all tables, empty."""
    if request.param == "sqlite":
        file = tmp_path / "hotline.sqlite"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.new_database(template=request.getfixturevalue("migrated_template"))
    yield cluster.url(name)
    cluster.drop(name)


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Sound on this test's own disk, with keys of its own."""
    ring = KeyRing(tmp_path / "keys" / "recording-keys.json")
    ring.ensure()
    return Vault(DiskShelf(tmp_path / "kept"), ring, tmp_path / "work")
