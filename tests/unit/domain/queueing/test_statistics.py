"""Figures of queues and agents, cut off at the ends of the time asked for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.queueing.states import SeatEvent, SeatState
from domain.queueing.statistics import (
    AGENT_DEFINITIONS,
    QUEUE_DEFINITIONS,
    AgentFigures,
    Asked,
    Changed,
    QueueFigures,
    agent_figures,
    period_of,
    queue_figures,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_calls_are_counted_by_period_and_queue() -> None:
    asked = [
        Asked("general", after(0), after(10), after(100), abandoned=False, talked_s=90),
        Asked("general", after(5), after(25), after(60), abandoned=False, talked_s=30),
        Asked("general", after(6), None, after(46), abandoned=True),
        Asked("general", after(3600), None, after(3610), abandoned=False),  # agreed a call-back
        Asked("medical", after(7), after(27), None, abandoned=False),
        Asked("medical", after(8), None, None, abandoned=False),  # waits still
    ]
    goals = {"medical": timedelta(seconds=20)}
    found = queue_figures(asked, goals, period_of("hour", ZONE), after(4000))
    assert [(one.period.hour, one.queue, one.asked) for one in found] == [
        (12, "general", 3),
        (12, "medical", 2),
        (13, "general", 1),
    ]
    noon, medical, later = found
    assert (noon.answered, noon.within_goal, noon.abandoned) == (2, 1, 1)
    assert (noon.mean_wait_s, noon.longest_wait_s, noon.mean_talk_s) == (15.0, 40.0, 60.0)
    assert noon.connection_rate == 2 / 3
    assert (medical.within_goal, medical.within_goal_share) == (1, 0.5)
    assert medical.longest_wait_s == 3992.0
    assert (later.answered, later.abandoned, later.mean_wait_s) == (0, 0, None)


def change(
    seat: str, at_s: float, event: SeatEvent, state: SeatState, agent: str = "li"
) -> Changed:
    return Changed(seat, agent, after(at_s), event, state)


def test_states_count_as_far_as_they_lie_within_the_time() -> None:
    changes = [
        change("1", -500, SeatEvent.LOGGED_IN, SeatState.READY),  # since before the time
        change("1", 100, SeatEvent.OFFERED, SeatState.RINGING),
        change("1", 104, SeatEvent.ANSWERED, SeatState.TALKING),
        change("1", 164, SeatEvent.HELD, SeatState.HOLDING),
        change("1", 174, SeatEvent.TALK_ENDED, SeatState.WRAP_UP),
        change("1", 204, SeatEvent.WROTE, SeatState.READY),
        change("1", 300, SeatEvent.OFFERED, SeatState.RINGING),
        change("1", 320, SeatEvent.MISSED, SeatState.PAUSED),  # until the end, and beyond
    ]
    (found,) = agent_figures(changes, after(0), after(400))
    assert found == AgentFigures("li", 400, 196, 24, 70, 30, 80, 1, 1)
    assert found.occupancy == (24 + 70 + 30) / 400
    (half,) = agent_figures(changes, after(0), after(130))
    assert (half.ready_s, half.talking_s, half.answered) == (100, 26, 1)


def test_two_parts_of_a_time_add_up_to_the_whole() -> None:
    changes = [
        change("1", 0, SeatEvent.LOGGED_IN, SeatState.READY),
        change("1", 70, SeatEvent.PAUSED, SeatState.PAUSED),
        change("1", 140, SeatEvent.LOGGED_OUT, SeatState.LOGGED_OUT),
        change("1", 200, SeatEvent.LOGGED_IN, SeatState.READY, "wang"),
    ]
    whole = {one.agent: one for one in agent_figures(changes, after(0), after(300))}
    first = agent_figures(changes[:2], after(0), after(100))
    second = {one.agent: one for one in agent_figures(changes[1:], after(100), after(300))}
    assert first[0].logged_in_s + second["li"].logged_in_s == whole["li"].logged_in_s == 140
    assert whole["wang"].ready_s == second["wang"].ready_s == 100


@pytest.mark.parametrize(
    ("figures", "definitions"),
    [
        (QueueFigures(NOON, "general"), QUEUE_DEFINITIONS),
        (AgentFigures("li"), AGENT_DEFINITIONS),
    ],
)
def test_every_definition_is_of_a_figure(
    figures: object, definitions: dict[str, tuple[str, str]]
) -> None:
    for name, (chinese, english) in definitions.items():
        assert hasattr(figures, name)
        assert chinese
        assert english
