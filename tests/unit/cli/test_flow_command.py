"""`hotline flow check` and `simulate`: exit status and words for good and for broken files."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.flow import app

FLOW: dict[str, Any] = {
    "name": "small", "version": 0, "title": "", "start": "ask", "exhausted": "end",
    "keys": {"0": "people"},
    "nodes": {
        "ask": {"type": "menu", "say": ["greeting"], "keys": {"1": "people"},
                "otherwise": "people"},
        "people": {"type": "queue", "answered": "end", "otherwise": "record"},
        "record": {"type": "message", "taken": "end", "empty": "end"},
        "end": {"type": "hang_up"},
    },
}  # fmt: skip
NESTED = "[" * 100_000
FLOW_FILES = {
    "no JSON": ("{", "Invalid JSON"),
    "nothing": ("", "Invalid JSON"),
    "not an object": ("[]", "Input should be"),
    "a hundred thousand brackets": (NESTED, "Invalid JSON"),
    "an unknown type of node": (
        json.dumps(FLOW | {"nodes": {"ask": {"type": "sing"}}}), "Input tag 'sing'",
    ),
    "a version that is none": (json.dumps(FLOW | {"version": "two"}), "version: Input should be"),
    "a version below zero": (json.dumps(FLOW | {"version": -3}), "version: Input should be"),
    "an edge to nowhere": (json.dumps(FLOW | {"start": "gone"}), "start leads to 'gone'"),
    "five megabytes": (json.dumps(FLOW | {"title": "话" * 1_800_000}), "larger than 5 MB"),
}  # fmt: skip
SCRIPTS = {
    "no JSON": ("{", "Expecting"),
    "no list": ('{"key": "0"}', "script: Field required"),
    "a turn that is none": ("[3]", "script.0: Input should be"),
    "null for a turn": ("[null]", "script.0: Input should be"),
    "a turn that fits nothing": ('[{"wink": true}]', "turn 1"),
    "an unknown look-up": ('{"script": [], "world": {"fails": ["moon"]}}', "world.fails.0"),
    "a hundred thousand brackets": (NESTED, "recursion"),
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def given(folder: Path, name: str, content: object) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


@pytest.mark.parametrize(("text", "words"), FLOW_FILES.values(), ids=FLOW_FILES.keys())
def test_a_broken_flow_file_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    done = run("check", given(tmp_path, "flow.json", text))
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "flow.json"
    file.write_bytes(b"\xff\xfe\x00{}")
    done = run("check", file)
    assert (done.exit_code, "flow.json" in done.stderr) == (2, True)


@pytest.mark.parametrize(("text", "words"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_broken_script_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    flow = given(tmp_path, "flow.json", FLOW)
    done = run("simulate", flow, "--script", given(tmp_path, "s.json", text))
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_script_may_say_what_stands_around_the_call_and_what_must_come_of_it(
    tmp_path: Path,
) -> None:
    flow = given(tmp_path, "flow.json", FLOW)
    script = {
        "world": {"now": "2027-02-06T03:00:00+08:00", "seats": "busy"},
        "script": [{"key": "1"}, {"nobody": True}, {"said_s": 9}],
        "expects": {"passes": ["people", "record"], "notes": {"message": "taken"}},
    }
    done = run("simulate", flow, "--script", given(tmp_path, "s.json", script))
    assert done.exit_code == 0
    assert json.loads(done.stdout)["path"] == ["ask", "people", "record", "end"]
    script["expects"] = {"avoids": ["record"]}
    done = run("simulate", flow, "--script", given(tmp_path, "s.json", script))
    assert done.exit_code == 1
    assert json.loads(done.stdout)["wrong"] == ["不应经过 entered record"]
