"""What is marked in a call, from the facts as the engine journals them."""

from typing import Any

import pytest

from domain.review.marks import Fact, MarkKind, Said, marks_of

HELD = {"detour": {"kind": "held", "wish": {}, "say": ""}}
BACK: dict[str, Any] = {"detour": None}
AWAY = {"detour": {"kind": "to_seat", "wish": {"queue": "general", "wants": "1003"}, "say": ""}}


def kinds(*facts: Fact) -> list[tuple[MarkKind, float, float, str]]:
    return [(one.kind, one.from_s, one.to_s, one.label) for one in marks_of([], facts, [])]


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (Fact("detour", 20, HELD), Fact("detour", 50, BACK)),
        (Fact("held", 20, {"seat": "1001"}), Fact("resumed", 50, {"seat": "1001"})),
        (Fact("held", 20, {"seat": "1001"}), Fact("talked", 50, {"seat": "1001"})),
        (Fact("detour", 20, HELD), Fact("ended", 50, {})),
    ],
)
def test_holds_by_page_and_telephone(begin: Fact, end: Fact) -> None:
    assert kinds(begin, end) == [(MarkKind.HOLD, 20, 50, "")]


def test_a_hold_that_became_a_transfer_is_both() -> None:
    found = kinds(Fact("detour", 20, HELD), Fact("detour", 40, AWAY))
    assert found == [(MarkKind.HOLD, 20, 40, ""), (MarkKind.TRANSFER, 40, 40, "1003")]


def test_a_room_is_neither() -> None:
    room = {"detour": {"kind": "room", "wish": {}, "say": ""}}
    assert kinds(Fact("detour", 20, room), Fact("detour", 40, BACK)) == []


def test_a_pause_reaches_from_its_beginning_to_its_end() -> None:
    pause = Fact("privacy_pause", 31, {"from_s": 12.5, "to_s": 31.0, "by": "1001"})
    assert kinds(pause) == [(MarkKind.PAUSE, 12.5, 31.0, "")]


def test_measures_against_abuse_are_named() -> None:
    assert kinds(Fact("warned", 30, {"label": "warn"}), Fact("suspended", 60, {"label": "x"})) == [
        (MarkKind.WARNING, 30, 30, "warn"),
        (MarkKind.SUSPENSION, 60, 60, "x"),
    ]


def test_both_at_once_and_nobody_at_all() -> None:
    said = [
        Said("caller", 0, 10, "我在说"),
        Said("agent", 8, 12, "请您先听"),
        Said("caller", 25, 26, "喂"),
    ]
    found = {one.kind: (one.from_s, one.to_s) for one in marks_of(said, [], [(0, 30)])}
    assert found[MarkKind.TALK_OVER] == (8, 10)
    assert found[MarkKind.SILENCE] == (12, 25)


def test_an_empty_transcript_is_one_silence() -> None:
    (mark,) = marks_of([], [], [(5, 65)])
    assert (mark.kind, mark.from_s, mark.to_s) == (MarkKind.SILENCE, 5, 65)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("我打了五次你们推来推去真是气死我了", "愤怒 推来推去"),
        ("求求你们快点来吧孩子还在里面", "焦急 求求"),
        ("工资八个月没发我都要崩溃了", "悲伤 崩溃"),
    ],
)
def test_anger_distress_and_tears_are_marked_by_their_words(text: str, label: str) -> None:
    found = marks_of([Said("caller", 3, 5, text)], [], [])
    assert [(one.kind, one.from_s, one.to_s, one.label) for one in found] == [
        (MarkKind.EMOTION, 3, 5, label)
    ]
    assert marks_of([Said("agent", 3, 5, text)], [], []) == []


@pytest.mark.parametrize(
    "text",
    [
        "我想咨询一下医保怎么办理",
        "小区路灯坏了请派人来修",
        "不着急你们这周来就行",
        "哭泣的孩子歌曲",
    ],
)
def test_calm_words_are_not_marked(text: str) -> None:
    assert marks_of([Said("caller", 3, 5, text)], [], []) == []
