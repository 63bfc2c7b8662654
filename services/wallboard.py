"""What a wallboard shows of a period, each figure with its definition (GB/T 33358—2016)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.answers import answer_times

GOAL = timedelta(seconds=15)
DEFINITIONS = {
    "asked": ("进入人工排队的通话数", "calls that asked for a person"),
    "answered": ("其中有话务员接听的", "of these, answered by an agent"),
    "within_goal": ("其中 15 秒内接听的", "of these, answered within 15 s of asking"),
    "abandoned": ("未接听即挂机的", "calls that hung up unanswered"),
    "connection_rate": ("接通率 = 接听数 ÷ 人工排队数", "answered ÷ asked"),
    "within_goal_share": (
        "15 秒接通率 = 15 秒内接听数 ÷ 人工排队数",
        "answered within 15 s ÷ asked",
    ),
    "mean_wait_s": ("接听前平均等待秒数", "mean seconds from asking to the answer"),
}


@dataclass(frozen=True)
class Figures:
    """Shares are None while nobody has asked."""

    since: datetime
    until: datetime
    asked: int
    answered: int
    within_goal: int
    abandoned: int
    mean_wait_s: float | None

    @property
    def connection_rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None

    @property
    def within_goal_share(self) -> float | None:
        return self.within_goal / self.asked if self.asked else None


async def figures(session: AsyncSession, since: datetime, until: datetime) -> Figures:
    """Of calls that asked for a person in this time, ``until`` excluded; exact at any moment."""
    found = await answer_times(session, since, until, GOAL.total_seconds())
    return Figures(since, until, **found)
