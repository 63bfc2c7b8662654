"""Commands of the shell on a database with tickets and calls."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from cli.main import app
from services.calls import apply
from services.journal import Record
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


async def a_busy_hour(database: Database) -> None:
    """Sixty calls, one a minute, each of three minutes; a third give up after 40 s."""
    start = datetime(2026, 11, 22, 1, tzinfo=UTC)  # nine in the morning
    async with database.transaction() as session:
        for number in range(60):
            at, lost = start + timedelta(minutes=number), number % 3 == 0
            wait = timedelta(seconds=40 if lost else 20)
            facts: list[tuple[str, datetime, dict[str, object]]] = [
                ("started", at, {"caller": "13800000000", "dialled": "12345",
                                 "ticket_number": f"261122{number:06d}"}),
                ("queued", at, {"queue": "general"}),
            ]  # fmt: skip
            if not lost:
                facts.append(("answered", at + wait, {"seat": "1001"}))
                facts.append(("talked", at + wait, {"seat": "1001", "from_s": 20.0, "to_s": 200.0}))
            outcome = "abandoned" if lost else "agent"
            end = {"outcome": outcome, "live_complete": True, "recovered": False, "length_s": 200.0}
            facts.append(("ended", at + wait, end))
            for seq, (kind, when, body) in enumerate(facts):
                call = f"hl1-17638{number:05d}.1"
                await apply(session, Record(call, seq, when, kind, dict(body)))


@pytest.mark.usefixtures("home")
async def test_past_calls_are_served_by_other_staff(database: Database) -> None:
    await a_busy_hour(database)
    words = ("queue", "replay", "--since", "2026-11-22T09:00", "--until", "2026-11-22T10:00")
    found = await asyncio.to_thread(hotline, *words, "--agents", "2", "--more", "3")
    assert found.exit_code == 0, found.output
    rows = re.findall(r"([0-9.]+) s .*?([0-9.]+)%.*?([0-9.]+)%.*?([0-9]+)", found.stdout)
    real, few, many = [[float(figure) for figure in row] for row in rows]
    assert real == [20.0, 0.0, 33.3, 60.0]
    assert few[3] == many[3] == 60
    # Three minutes a minute are three agents' work: two lose a third of it, five nobody.
    assert few[2] > 20
    assert many[1:3] == [100.0, 0.0]
    night = ("queue", "replay", "--since", "2026-11-23T02:00", "--until", "2026-11-23T03:00")
    empty = await asyncio.to_thread(hotline, *night)
    assert (empty.exit_code, "这段时间没有通话" in empty.output) == (2, True)
