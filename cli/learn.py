"""``hotline draft learn``: what agents corrected teaches the next drafts."""

import asyncio
from datetime import UTC, datetime

from config.settings import Settings
from services import draft_lessons
from services.actor import Actor
from storage.database import Database
from storage.repositories.draft_lessons import DraftLessons
from storage.tables.draft_lesson import DraftLessonRow

SHELL = Actor("shell")
NAMES = {
    "category": "诉求类型 category",
    "topic": "主题 topic",
    "units": "承办单位 unit",
    "places": "地址 address",
}


def learn(settings: Settings) -> list[str]:
    """Learn now; lines to print. Raises `NothingToLearn`."""
    return asyncio.run(_with_database(settings, "learn"))


def undo(settings: Settings) -> list[str]:
    """Withdraw what was learnt last; lines to print. Raises `NothingToForget`."""
    return asyncio.run(_with_database(settings, "undo"))


async def _with_database(settings: Settings, what: str) -> list[str]:
    database = Database(settings.database)
    now = datetime.now(UTC)
    try:
        async with database.transaction() as session:
            if what == "learn":
                return _report(await draft_lessons.learn(session, actor=SHELL, now=now))
            row = await draft_lessons.forget(session, actor=SHELL, now=now)
            left = await DraftLessons(session).number_in_force()
            return [
                f"撤销 withdrawn: {row.id}",
                f"现用 in force: {left if left is not None else '无 none'}",
            ]
    finally:
        await database.close()


def _report(row: DraftLessonRow) -> list[str]:
    lines = [f"第 {row.id} 次学习 lesson {row.id}: {row.examples} 张已提交工单 submitted tickets"]
    lines.append("字段 field\t工单 tickets\t学习前 before\t学习后 after\t采用 adopted")
    for name, figures in row.figures.items():
        adopted = "是 yes" if figures["adopted"] else "否 no"
        lines.append(
            f"{NAMES[name]}\t{figures['requests']}\t{figures['before']:.3f}"
            f"\t{figures['after']:.3f}\t{adopted}"
        )
    return lines
