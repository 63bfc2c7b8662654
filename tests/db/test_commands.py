"""`hotline db verify` and `hotline rules assess` on a database with tickets."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from cli.main import app
from storage.database import Database
from storage.tables.ticket_event import TicketEventRow
from tests.db.services.lives import Lives


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    return tmp_path


def hotline(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
async def ticket(database: Database) -> str:
    lives = Lives(database)
    number = await lives.given("lishui", "2026-09-30 10")
    await lives.does(
        number,
        "request_close",
        "2026-10-12 10",
        unit="住建局",
        reply="路灯已更换",
        evidence=["录音"],
    )
    return number


@pytest.mark.usefixtures("home", "ticket")
def test_a_sound_database_is_verified() -> None:
    result = hotline("db", "verify")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "不符 faults: 0" in result.stderr


@pytest.mark.usefixtures("home")
async def test_an_edit_is_named_and_ends_with_1(database: Database, ticket: str) -> None:
    async with database.transaction() as session:
        change = update(TicketEventRow).where(TicketEventRow.number == 3)
        await session.execute(change.values(actor="account:other"))
    result = await asyncio.to_thread(hotline, "db", "verify")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{ticket}\t3\t")


@pytest.mark.usefixtures("home", "ticket")
def test_figures_as_json_and_as_a_table() -> None:
    period = ("--city", "lishui", "--from", "2026-10-01", "--to", "2026-10-31")
    result = hotline("rules", "assess", *period, "--json")
    assert result.exit_code == 0, result.stderr
    figures = json.loads(result.stdout)["units"]["住建局"]
    on_time = next(each for each in figures if each["name"] == "close_on_time_rate")
    assert (on_time["part"], on_time["whole"]) == (1, 1)
    assert on_time["definition"]
    table = hotline("rules", "assess", *period).stdout
    assert "按时办结率" in table
    assert "100.00%" in table


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("--city", "atlantis", "--from", "2026-10-01", "--to", "2026-10-31"), "atlantis"),
        (("--from", "October", "--to", "2026-10-31"), "October"),
    ],
)
def test_bad_input_is_named(words: tuple[str, ...], wrong: str) -> None:
    result = hotline("rules", "assess", *words)
    assert result.exit_code == 2
    assert wrong in result.stderr
