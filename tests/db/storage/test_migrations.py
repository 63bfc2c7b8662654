from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, cast, create_engine, inspect, make_url, select
from sqlalchemy.orm import Session

from storage.migrate import alembic_config, is_of_the_models, migrate, newest_revision
from storage.repositories.ticket_events import first_broken
from storage.tables.every import METADATA
from storage.tables.ticket import TicketRow
from storage.tables.ticket_event import TicketEventRow


def blocking(url: str) -> str:
    return url.replace("sqlite+aiosqlite", "sqlite")


def test_models_and_migrations_say_the_same(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(blocking(empty_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_the_models}
        )
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    assert migrate(empty_url) == migrate(empty_url) == newest_revision()


def test_two_processes_may_migrate_at_the_same_moment(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        revisions = list(pool.map(migrate, [empty_url] * 4))
    assert revisions == [newest_revision()] * 4


def test_histories_from_before_the_chain_are_sealed(empty_url: str) -> None:
    engine = create_engine(blocking(empty_url))
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
    moment = datetime(2026, 9, 30, 2, 0, 0, 123456, UTC)
    with engine.begin() as connection:
        old = MetaData()
        old.reflect(connection, only=["ticket", "ticket_event"])
        ticket = {"status": "draft", "city": "lishui", "category": "", "title": "", "summary": "",
                  "caller": "", "caller_text": "", "agent_text": "", "origin": "api",
                  "created_at": moment, "updated_at": moment, "version": 2}  # fmt: skip
        fields = cast("{}", old.tables["ticket"].c.fields.type)
        for number in ("260930864000", "260930864001"):
            row = {**ticket, "id": number, "fields": fields}
            connection.execute(old.tables["ticket"].insert().values(row))
            for version in (1, 2):
                detail = {"changes": {"fields.x": [1e16, -0.0, 0.1, "路灯"]}, "version": version}
                event = {"ticket_id": number, "version": version, "at": moment, "actor": "system",
                         "what": "edited", "detail": detail}  # fmt: skip
                connection.execute(old.tables["ticket_event"].insert().values(event))
    engine.dispose()
    migrate(empty_url)
    with Session(create_engine(blocking(empty_url))) as session:
        tickets = session.scalars(select(TicketRow)).all()
        assert [row.entries for row in tickets] == [2, 2]
        for row in tickets:
            of_it = select(TicketEventRow).where(TicketEventRow.ticket_id == row.id)
            entries = session.scalars(of_it.order_by(TicketEventRow.number)).all()
            assert first_broken(row, entries) is None
            entries[0].actor = "somebody"
            assert first_broken(row, entries) == 1
        session.rollback()
        session.get_bind().dispose()


def test_the_way_back_leaves_nothing(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(blocking(empty_url))
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    with engine.connect() as connection:
        left = inspect(connection).get_table_names()
    engine.dispose()
    assert left == ["alembic_version"]


def test_a_new_sqlite_file_gets_its_folder(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/folder/hotline.sqlite"
    migrate(url)
    assert Path(str(make_url(url).database)).stat().st_size > 0
