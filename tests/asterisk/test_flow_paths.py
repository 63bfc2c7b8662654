"""The line takes the path of the simulator: real Asterisk, SIPp pressing the script's keys.

The flow is a draft; the callers are its test telephones, so that everybody else keeps the published
version. Then a publication and its way back, as new calls see them.
"""

import asyncio
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from callflow.flow import read
from callflow.simulate import World, simulate
from cli.phone import Phone
from storage.database import Database
from tests.asterisk.conftest import agent, citizen
from tests.asterisk.flows import database_of, drafted, taken_over
from tests.asterisk.hotline import Hotline, until
from tests.asterisk.people import Person
from tests.asterisk.sipp import EmergencyCentre, Presser

MENU_S = 3.0
PROMPT_S = 0.4  # `hotline.SHORT`
FIRST_S = 2.0  # the first key, from the answer: the menu is reached in 0.3 s to 1 s
THINKS_S = 1.7  # between a turn and the next: half of the time in which a key is taken
KEY_S = 0.35  # between the figures of a number
DRAFT: dict[str, Any] = {
    "name": "paths", "version": 0, "title": "路径试验", "start": "answer", "keys": {"0": "bye"},
    "exhausted": "bye", "visits": 6,
    "nodes": {
        "answer": {"type": "answer", "then": "dialled"},
        "dialled": {
            "type": "branch",
            "cases": [{"when": {"fact": "call.dialled", "is": "starts", "value": "123"},
                       "to": "menu"}],
            "otherwise": "bye",
        },
        "menu": {
            "type": "menu", "say": ["greeting"], "timeout_s": MENU_S, "tries": 2,
            "keys": {"2": "collect", "3": "language", "4": "count", "5": "note", "6": "share",
                     "7": "survey", "8": "hours", "9": "people"},
            "otherwise": "bye",
        },
        "collect": {
            "type": "collect", "say": ["greeting"], "fact": "id", "least": 2, "most": 4,
            "first_s": MENU_S, "between_s": MENU_S, "tries": 1, "taken": "which",
            "otherwise": "bye",
        },
        "which": {
            "type": "branch",
            "cases": [{"when": {"fact": "fact.id", "is": "=", "value": "4567"}, "to": "survey"}],
            "otherwise": "bye",
        },
        "language": {"type": "language", "say": ["greeting"], "languages": {"2": "zh-CN"},
                     "timeout_s": MENU_S, "then": "bye"},
        "count": {"type": "count", "name": "rounds", "most": 2, "again": "round",
                  "enough": "bye"},
        "round": {"type": "menu", "say": ["greeting"], "timeout_s": MENU_S, "tries": 1,
                  "keys": {"2": "count", "3": "menu"}, "otherwise": "bye"},
        "note": {"type": "set_fact", "fact": "topic", "value": "water", "then": "noted"},
        "noted": {
            "type": "branch",
            "cases": [{"when": {"fact": "fact.topic", "is": "=", "value": "water"},
                       "to": "survey"}],
            "otherwise": "bye",
        },
        "share": {"type": "share", "shares": [{"percent": 99, "to": "survey"},
                                              {"percent": 1, "to": "survey"}]},
        "hours": {"type": "schedule", "slots": [{"days": ["any"], "to": "round"}]},
        "people": {"type": "queue", "wait_s": 3, "ring_s": 3, "answered": "bye",
                   "otherwise": "survey"},
        "survey": {"type": "survey", "say": ["satisfaction"], "timeout_s": MENU_S,
                   "rated": "rated", "otherwise": "bye"},
        "rated": {"type": "say", "say": ["message-thanks"], "then": "bye"},
        "bye": {"type": "say", "say": ["goodbye"], "then": "end"},
        "end": {"type": "hang_up"},
    },
}  # fmt: skip
# One turn each: a key, figures for `collect`, an emergency number, "" silence.
SCRIPTS = [
    [""], ["", "2", "45#"], ["2", "4567"], ["2", "4567", "3"], ["2", "4#"], ["2", ""],
    ["3", "2"], ["3", ""], ["3", "9"], ["4", "2", "2"], ["4", "3", "7", "5"], ["4", ""],
    ["4", "9"], ["5", "2"], ["5", ""], ["6", "3"], ["7", "4"], ["7", "9"], ["7", ""],
    ["8", "2", "2", "2"], ["8", ""], ["0"], ["#", "0"], ["#", "#"], ["9", "5"], ["110"],
    ["2", "110"], ["7", "110"],
]  # fmt: skip


def simulated(script: list[str]) -> list[str]:
    """The path of the simulator, with nobody logged in."""
    flow = read(DRAFT)
    turns: list[dict[str, Any]] = []
    for keys in script:
        while (node := standing(turns)) == "people":  # nobody is there: no turn of the caller's
            turns.append({})
        turns.append(turn(keys, node))
    return list(simulate(flow, World(), turns).state.path)


def standing(turns: list[dict[str, Any]]) -> str:
    return simulate(read(DRAFT), World(), turns, to_the_end=False).state.node


def turn(keys: str, node: str) -> dict[str, Any]:
    if not keys:
        return {}
    return {"digits": keys.rstrip("#")} if node == "collect" and keys != "110" else {"key": keys}


def presses_of(script: list[str]) -> tuple[list[tuple[float, str]], float]:
    """(second, key) of the whole script, and how long the telephone stays."""
    presses, at_s = [], FIRST_S
    for keys in script:
        for key in keys:
            presses.append((at_s, key))
            at_s += KEY_S
        at_s += THINKS_S if keys else PROMPT_S + MENU_S
    # What the flow does by itself until it hangs up: two tries of a menu, and the farewell.
    return presses, at_s + 2 * (PROMPT_S + MENU_S) + 3


@pytest.fixture
def database(hotline: Hotline) -> Database:
    return database_of(hotline)


@pytest.mark.timeout(200)
def test_the_line_takes_the_path_of_the_simulator(
    hotline: Hotline, database: Database, tmp_path: Path
) -> None:
    numbers = [f"1380055{place:04d}" for place in range(len(SCRIPTS))]
    asyncio.run(drafted(database, DRAFT, numbers))
    taken_over(hotline, numbers[-1])
    line = (hotline.server, hotline.secrets["citizen_phone"])
    with ExitStack() as telephones:
        for number, script in zip(numbers, SCRIPTS, strict=True):
            presses, length_s = presses_of(script)
            telephones.enter_context(Presser(tmp_path / number, line, number, presses, length_s))
            hotline.at_node(number, "menu")  # the next one calls when this one is spoken to
    taken = {number: hotline.call_of(number)["path"] for number in numbers}
    expected = {n: simulated(script) for n, script in zip(numbers, SCRIPTS, strict=True)}
    assert taken == expected
    assert len({tuple(path) for path in expected.values()}) >= 20


def published(hotline: Hotline, survey_s: float) -> int:
    """The default flow with another waiting time, drawn by one person, published by another."""
    drawn = editing(hotline).ask("GET", "/flows/default")
    graph = drawn["graph"]
    graph["nodes"]["survey"]["timeout_s"] = survey_s
    version = drawn["draft_version"]
    saved = editing(hotline).ask(
        "PUT", "/flows/default/draft", graph=graph, draft_version=version, reason="试验"
    )
    made = publishing(hotline).ask(
        "POST",
        "/flows/default/publish",
        status=201,
        draft_version=saved["draft_version"],
        reason="试验",
    )
    return int(made["number"])


def editing(hotline: Hotline) -> Person:
    return Person(hotline, "chen", "flow_editor")


def publishing(hotline: Hotline) -> Person:
    return Person(hotline, "zhang", "flow_publisher")


def flow_of_next_call(hotline: Hotline, number: str) -> int:
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "greeting")
        phone.hang_up()
    started = next(line for line in hotline.journal(number) if line[3] == "started")
    return int(started[4]["flow_version"])


def answers(hotline: Hotline, version: int, first: int) -> None:
    """Calls from the click on are led by this version within five seconds."""
    numbers = (f"1380066{place:04d}" for place in count(first))
    until(
        lambda: flow_of_next_call(hotline, next(numbers)) == version or None,
        within_s=5,
        saying=f"new calls were not led by version {version}",
    )


def test_new_calls_follow_a_publication_and_a_rollback_and_running_ones_stay(
    hotline: Hotline,
) -> None:
    before = flow_of_next_call(hotline, "13800670001")
    with citizen(hotline, "13800670002") as running:
        running.dial("12345")
        hotline.at_node("13800670002", "message")
        number = published(hotline, 7.0)
        answers(hotline, number, 0)
        publishing(hotline).ask(
            "POST", "/flows/default/rollback", status=201, number=before, reason="试验"
        )
        answers(hotline, before, 1000)
        assert hotline.node_of("13800670002") in ("message", "nothing-heard")
        running.hang_up()
    stepped = [line[4]["state"] for line in hotline.journal("13800670002") if line[3] == "stepped"]
    assert {state["version"] for state in stepped} == {before}


THREE_WAY: dict[str, Any] = {
    "name": "together", "version": 0, "title": "三方", "start": "three", "exhausted": "bye",
    "nodes": {
        "three": {"type": "three_way", "line": "110", "wait_s": 20, "answered": "bye",
                  "otherwise": "bye"},
        "bye": {"type": "say", "say": ["goodbye"], "then": "end"},
        "end": {"type": "hang_up"},
    },
}  # fmt: skip


def test_a_flow_brings_the_police_into_the_conversation_with_the_agent(
    hotline: Hotline, database: Database, emergency_centre: EmergencyCentre
) -> None:
    number, before = "13800680001", emergency_centre.answered()
    asyncio.run(drafted(database, THREE_WAY, [number]))
    taken_over(hotline, number)
    with agent(hotline, "1001") as seat, citizen(hotline, number) as phone:
        phone.dial("12345")
        seat.wait("CALL_ESTABLISHED", within_s=20)
        until(lambda: emergency_centre.answered() > before, within_s=20, saying="110 not reached")
        until(
            lambda: "guest_joined" in [line[3] for line in hotline.journal(number)],
            within_s=20,
            saying=lambda: f"110 did not join: {hotline.journal(number)}",
        )
        assert hotline.bridge_of("PJSIP/citizen")
        assert hotline.bridge_of("PJSIP/1004")
        phone.hang_up()
    assert hotline.call_of(number)["path"] == ["three"]


# What a flow asks of the world, on the line: each step waits for the one before.
ERRANDS: dict[str, Any] = {
    "name": "errands", "version": 0, "title": "办事", "start": "code", "exhausted": "bye",
    "languages": ["zh-CN", "en"],
    "nodes": {
        "code": {"type": "collect", "say": ["greeting"], "fact": "code", "least": 4, "most": 4,
                 "taken": "right", "otherwise": "bye"},
        "right": {"type": "branch", "otherwise": "bye",
                  "cases": [{"when": {"fact": "fact.code", "is": "=", "value": "2468"},
                             "to": "storm"}]},
        "storm": {"type": "set_switch", "switch": "storm-drill", "on": True, "turned": "text",
                  "failed": "bye"},
        "text": {"type": "send_sms", "text": "单号 {ticket_number}", "sent": "ask-server",
                 "failed": "bye"},
        "ask-server": {"type": "http", "url": "http://127.0.0.1:9/x", "answered": "bye",
                       "failed": "language"},
        "language": {"type": "language", "say": ["greeting"], "languages": {"2": "en"},
                     "timeout_s": 8, "then": "progress"},
        "progress": {"type": "ticket_progress", "by": "number", "say": ["greeting"],
                     "prove": ["greeting"], "verified": "told", "not_found": "bye",
                     "not_verified": "bye", "failed": "bye"},
        "told": {"type": "say", "say": ["ticket-stands", "{ticket.status_prompt}"],
                 "then": "bye"},
        "bye": {"type": "say", "say": ["goodbye"], "then": "end"},
        "end": {"type": "hang_up"},
    },
}  # fmt: skip


def pressed(phone: Phone, keys: str) -> None:
    for key in keys:
        phone.press(key)
        phone.pause(KEY_S)


def test_a_flow_turns_a_switch_sends_a_text_and_tells_of_a_ticket_to_who_proves_himself(
    hotline: Hotline, database: Database
) -> None:
    number = "13800690001"
    with citizen(hotline, number) as phone:
        phone.dial("12345")
        hotline.at_node(number, "message")
        phone.hang_up()
    ticket = hotline.draft_of(number)["ticket_id"]
    asker = "13800690002"
    asyncio.run(drafted(database, ERRANDS, [asker]))
    taken_over(hotline, asker)
    with citizen(hotline, asker) as phone:
        phone.dial("12345")
        hotline.at_node(asker, "code")
        pressed(phone, "2468")
        hotline.at_node(asker, "language")  # no server may be asked that is not on the list
        phone.pause(PROMPT_S)
        phone.press("2")
        hotline.at_node(asker, "progress")
        pressed(phone, f"{ticket}#")
        until(
            lambda: "proof" in last_state(hotline, asker)["memory"],
            within_s=10,
            saying="the ticket was not found",
        )
        pressed(phone, f"{number[-4:]}#")
        # The # after the last figure does not cut short what is told.
        until(
            lambda: "told" in last_state(hotline, asker)["path"],
            within_s=10,
            saying=lambda: f"nothing was told: {last_state(hotline, asker)}",
        )
        assert last_state(hotline, asker)["language"] == "en"
        hotline.call_of(asker)
    assert hotline.call_of(asker)["path"] == [
        "code", "right", "storm", "text", "ask-server", "language", "progress", "told", "bye",
        "end",
    ]  # fmt: skip
    outbox = (hotline.home / "outbox" / "sms.jsonl").read_text("utf-8")
    assert f'"to": "{asker}"' in outbox
    supervisor = Person(hotline, "wang", "supervisor")
    switches = supervisor.ask("GET", "/flow-switches")["switches"]
    assert ("storm-drill", True) in [(one["name"], one["on"]) for one in switches]


def last_state(hotline: Hotline, number: str) -> dict[str, Any]:
    return [line[4]["state"] for line in hotline.journal(number) if line[3] == "stepped"][-1]
