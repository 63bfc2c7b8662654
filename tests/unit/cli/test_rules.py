"""`hotline rules`: what it prints, and how it tells a bad file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.rules import chinese
from domain.cities.parameters import PARAMETERS
from domain.tickets.rehearsal.fields import FIELDS

GOOD = """{"city": "lishui",
 "events": [
  {"at": "2026-09-30T10:00:00+08:00", "do": "register", "category": "complaint"},
  {"at": "2026-09-30T11:00:00+08:00", "do": "dispatch", "unit": "住建局"},
  {"at": "2026-10-09T09:00:00+08:00", "do": "request_return", "unit": "住建局",
   "reason": "…", "basis": "…", "suggested_unit": "城管局"}],
 "now": "2026-10-09T10:00:00+08:00"}
"""


def rules(*words: str):
    return CliRunner().invoke(app, ["rules", *words])


def replay(tmp_path: Path, text: str):
    file = tmp_path / "scene.json"
    file.write_text(text, "utf-8")
    return rules("replay", str(file))


def test_a_scenario_is_played_and_a_rejection_is_no_failure(tmp_path: Path) -> None:
    result = replay(tmp_path, GOOD)
    assert result.exit_code == 0
    out = json.loads(result.stdout)
    assert (out["state"], out["end_state"], out["late"]) == ("accepted", None, False)
    assert out["rejected"][0]["index"] == 2
    assert out["rejected"][0]["article"] == "第十八条"
    handle = next(clock for clock in out["clocks"] if clock["name"] == "handle")
    assert handle["started"] == "2026-09-30T10:00:00+08:00"
    assert handle["due"] == "2026-10-15T23:59:59+08:00"
    assert handle["provisional"] is False
    assert (out["rules_version"], out["in_force"]) == ("lishui-2026-08-01", True)
    assert [line["by"] for line in out["history"]][-1] == "silence"


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("lishui", "atlantis", 1, "city"),
        ("complaint", "complain", 3, "events[0].category"),
        ('"do": "dispatch"', '"do": "despatch"', 4, "events[1].do"),
        ("2026-09-30T11:00:00+08:00", "2026-09-30T11:00:00", 4, "events[1].at"),
        ("2026-09-30T11:00:00+08:00", "2026-09-29T11:00:00+08:00", 4, "events[1].at"),
        ("2026-09-30T11:00:00+08:00", "tomorrow", 4, "events[1].at"),
        ('"basis": "…"', '"basis": 3', 6, "events[2].basis"),
        (', "category": "complaint"', "", 3, "events[0].category"),
        ('"now": "2026-10-09T10', '"now": "2026-10-09T08', 7, "now"),
        ('"events": [', '"events": {', 2, ""),
        ("2026-09-30T10:00:00+08:00", "9999-12-31T10:00:00+08:00", 3, "events[0].at"),
        ("2026-09-30T10:00:00+08:00", "0001-01-01T00:00:00+08:00", 3, "events[0].at"),
        ('"unit": "住建局"}', '"unit": "\\ud800"}', 1, ""),
        ('"unit": "住建局"}', '"unit": "a", "feedback_by": "soon"}', 4, "events[1].feedback_by"),
        (
            '"unit": "住建局"}',
            '"unit": "a", "feedback_by": "9999-01-01"}',
            4,
            "events[1].feedback_by",
        ),
    ],
)
def test_a_bad_file_is_told_with_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, field: str
) -> None:
    assert old in GOOD
    result = replay(tmp_path, GOOD.replace(old, new, 1))
    assert result.exit_code == 2
    assert result.stdout == ""
    error = json.loads(result.stderr)["error"]
    assert error["field"] == field
    assert error["reason"]
    if field:
        assert error["line"] == line


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"city": "heze", "events": []}', "[" * 100_000])
def test_what_is_no_scenario_is_told(tmp_path: Path, text: str) -> None:
    result = replay(tmp_path, text)
    assert result.exit_code == 2
    assert json.loads(result.stderr)["error"]["reason"]


def test_days_beyond_the_calendar_are_told(tmp_path: Path) -> None:
    asked = '"do": "request_extension", "reason": "…", "days": 999999'
    text = GOOD.replace("lishui", "hangzhou").replace('"do": "request_return"', asked)
    text = text.replace('"unit": "住建局"}', '"unit": "a", "feedback_by": "2026-10-20"}')
    granted = ', {"at": "2026-10-09T09:30:00+08:00", "do": "decide_extension", "accept": true}],'
    result = replay(tmp_path, text.replace('"unit": "住建局",\n', "").replace("],", granted))
    assert result.exit_code == 2
    assert "outside the calendar" in json.loads(result.stderr)["error"]["reason"]


def test_the_page_knows_every_verb_and_field() -> None:
    page = (Path(__file__).parents[3] / "docs/howto/rehearse.md").read_text("utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    for verb, known in FIELDS.items():
        missing = [name for name in known if f"`{name}`" not in rows[verb]]
        assert set(missing) <= {"by", "reason"}, verb


def test_a_missing_file_is_told() -> None:
    result = rules("replay", "/nowhere/scene.json")
    assert result.exit_code == 2
    assert "scene.json" in result.stderr


def test_an_unknown_field_is_ignored_with_a_warning(tmp_path: Path) -> None:
    result = replay(tmp_path, GOOD.replace('"unit": "住建局"}', '"unit": "住建局", "units": 1}', 1))
    assert json.loads(result.stdout)["warnings"] == [
        "events[1].units: dispatch has no such field, ignored"
    ]


def test_show_one_article() -> None:
    result = rules("show", "lishui", "--article", "18")
    assert result.exit_code == 0
    assert "sign_silence" in result.stdout
    assert "handle_limits" not in result.stdout
    assert "第十八条" in result.stdout


def test_show_an_unknown_city() -> None:
    result = rules("show", "atlantis")
    assert result.exit_code == 2
    assert "lishui" in result.stderr


def test_matrix_has_every_parameter_and_city() -> None:
    text = rules("matrix").stdout
    for name in PARAMETERS:
        assert f"`{name}`" in text
    for version in ("hangzhou-2024-02-01", "huizhou-draft", "shantou-2016-11-01"):
        assert version in text


def test_check_lists_silence_and_contradictions() -> None:
    result = rules("check")
    assert result.exit_code == 0
    assert "contradiction: return_limit 1wd" in result.stdout
    assert "silent:" in result.stdout


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (36, "三十六")]
)
def test_article_numbers(number: int, written: str) -> None:
    assert chinese(number) == written
