"""Finding recordings, and what the retention rules make of them: both databases, generated data."""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from cli.bench.figures import Line, percentile
from domain.review.finding import wanted_words
from domain.tickets.status import TicketStatus
from services.retention import due, ensure_rules
from storage.database import Database
from storage.migrate import migrate
from storage.repositories.calls import CallEvents
from storage.repositories.cards import CardFilter, Cards
from storage.repositories.page import Cursor
from storage.search.index import index_of
from storage.search.words import segmenter

ROW = "finding"
SEARCH_GOAL_MS, LIST_GOAL_MS = 500.0, 300.0
ROADS = tuple(f"{a}{b}路" for a in "人文中和建解光新长平安大" for b in "民化山谐设放明华江安宁学")
THINGS = ("路灯坏了", "垃圾没人清理", "噪音扰民", "井盖破了", "违章停车", "油烟太大", "停水了")
TALK = (
    "您好请讲",
    "我要反映一个问题",
    "请问具体是什么位置",
    "就在小区门口",
    "已经好几天了",
    "晚上走路很危险",
    "希望尽快处理",
    "好的我给您登记",
    "还有其他事情吗",
    "感谢您的来电",
)
QUESTIONS = (
    "人民路",
    "人命路",
    "路灯",
    "文化路 垃圾",
    "“井盖破了”",
    "停水 小区",
    "噪音扰民",
    "光明路路灯坏了",
    "违章停车 晚上",
    "解放路 油烟",
    "您好",  # said in seven of ten calls
)
FILTERS: tuple[CardFilter, ...] = (
    CardFilter(),
    CardFilter(equal={"seat": "1017"}),
    CardFilter(equal={"district": "西湖区"}),
    CardFilter(topic="城市管理/3"),
    CardFilter(equal={"satisfaction": 5}),
    CardFilter(tags=["emergency"]),
    CardFilter(equal={"seat": "1017"}, at_least={"length_s": 500.0}),
    CardFilter(at_most={"score": 60.0}),
    CardFilter(at_least={"silence_s": 10.0}),
    CardFilter(at_least={"talk_over_s": 1.0}),  # no recording: the worst case of a list
    CardFilter(equal={"queue": "q3"}, at_most={"score": 60.0}),
    CardFilter(topic="城市管理", equal={"satisfaction": 1}, tags=["emergency"]),
    CardFilter(ticket_status=TicketStatus.DRAFT),
)
BATCH = 2_000
FIRST = "hl1-1000000000"
LATER = datetime(2030, 1, 1, tzinfo=UTC)  # by then every recording is of age


@dataclass(frozen=True)
class Size:
    """How much is generated, and how often each question is asked."""

    recordings: int = 1_000_000
    transcripts: int = 100_000
    rounds: int = 5


def lines(size: Size = Size()) -> list[Line]:
    """Both databases, one after the other, each in a folder that is gone afterwards."""
    from tests.db.postgres import running_cluster

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp"))
        cluster = stack.enter_context(running_cluster())
        urls = {
            "SQLite": f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite'}",
            "PostgreSQL": cluster.url(cluster.new_database()),
        }
        found = []
        for name, url in urls.items():
            migrate(url)
            found += asyncio.run(_measure(name, url, size))
        return found


async def _measure(name: str, url: str, size: Size) -> list[Line]:
    database = Database(url)
    try:
        await generate(database, size)
        searches = await _timed(database, size.rounds, [_search(one) for one in QUESTIONS])
        lists = await _timed(database, size.rounds, [_list(one) for one in FILTERS])
        over, tried_s, writes_ms = await _tried(database)
    finally:
        await database.close()
    return [
        _line(f"search in {size.transcripts:,} transcripts, {name}", searches, SEARCH_GOAL_MS),
        _line(f"list of {size.recordings:,} recordings, {name}", lists, LIST_GOAL_MS),
        Line(
            ROW,
            f"{size.recordings:,} recordings tried by the retention rules, {name}; meanwhile a"
            " fact of a call is written: p95",
            f"{tried_s:.0f} s, {over:,} over; {percentile(writes_ms, 0.95):.0f} ms",
        ),
    ]


async def _tried(database: Database) -> tuple[int, float, list[float]]:
    """How many are over, seconds of the dry run; milliseconds of each fact written meanwhile."""
    await ensure_rules(database, now=LATER)
    writes_ms: list[float] = []
    ended = asyncio.Event()

    async def write() -> None:
        while not ended.is_set():
            began = time.perf_counter()
            async with database.transaction() as session:
                events = CallEvents(session)
                await events.append(FIRST, len(writes_ms), at=LATER, kind="stepped", body={})
            writes_ms.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as both:
        both.create_task(write())
        began, found = time.perf_counter(), 0
        async for batch in due(database, now=LATER):
            found += len(batch)
        tried_s = time.perf_counter() - began
        ended.set()
    return found, tried_s, writes_ms


def _line(what: str, times_ms: Sequence[float], goal_ms: float) -> Line:
    p95, median = percentile(times_ms, 0.95), percentile(times_ms, 0.5)
    return Line(
        ROW,
        f"{what}: p95, beside its median",
        f"{p95:.0f} ms",
        f"{median:.0f} ms",
        p95 / median,
        f"≤ {goal_ms:.0f} ms",
        p95 <= goal_ms,
    )


Ask = Callable[[Database], Awaitable[None]]


def _search(question: str) -> Ask:
    wanted = CardFilter(words=wanted_words(question, segmenter()))

    async def ask(database: Database) -> None:
        async with database.session() as session:
            await Cards(session).page(wanted, after=None, limit=50)

    return ask


def _list(wanted: CardFilter) -> Ask:
    async def ask(database: Database) -> None:
        """The first page, and one from the middle of it all."""
        middle = Cursor(datetime(2026, 1, 1, tzinfo=UTC), "z")
        for after in (None, middle):
            async with database.session() as session:
                await Cards(session).page(wanted, after=after, limit=50)

    return ask


async def _timed(database: Database, rounds: int, asks: Iterable[Ask]) -> list[float]:
    """Milliseconds of each; the first round warms up and does not count."""
    found = []
    for turn in range(rounds + 1):
        for ask in asks:
            began = time.perf_counter()
            await ask(database)
            if turn:
                found.append(1000 * (time.perf_counter() - began))
    return found


async def generate(database: Database, size: Size) -> None:
    """Calls and cards by the database itself; words of the newest calls by the product's index."""
    series = (
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)"
        if database.is_sqlite
        else "WITH n(i) AS (SELECT generate_series(0, :many - 1))"
    )
    moment = (
        "strftime('%Y-%m-%d %H:%M:%f000', 1735689600 + i * 40, 'unixepoch')"
        if database.is_sqlite
        else "to_timestamp(1735689600 + i * 40)"
    )
    no = "0" if database.is_sqlite else "false"
    identity = "'hl1-' || (1000000000 + i)"
    async with database.transaction() as session:
        # Of a call only what the card refers to.
        await session.execute(
            text(
                "INSERT INTO call (id, caller, dialled, ticket_number, started_at, path,"  # noqa: S608
                f" live_complete, recovered) {series} SELECT {identity}, '138', '12345',"
                f" CAST(1000000 + i AS VARCHAR(12)), {moment}, '[]', {no}, {no} FROM n"
            ),
            {"many": size.recordings},
        )
        await session.execute(text(_cards(series, moment, no, identity)), {"many": size.recordings})
        await session.execute(
            text(
                f"INSERT INTO card_tag (call_id, tag, started_at) {series}"  # noqa: S608
                f" SELECT {identity}, 'emergency', {moment} FROM n WHERE i % 500 = 0"
            ),
            {"many": size.recordings},
        )
    await _put_words(database, size)
    async with database.transaction() as session:
        await session.execute(text("ANALYZE"))


def _cards(series: str, moment: str, no: str, identity: str) -> str:
    return (
        "INSERT INTO recording_card (call_id, started_at, caller, seat, agent, queue, topic,"  # noqa: S608
        " district, category, ticket_id, outcome, length_s, silence_s, talk_over_s, confidence,"
        f" satisfaction, score, suspension, keeping) {series} SELECT {identity}, {moment},"
        " '138' || (i % 50000), CAST(1000 + i % 100 AS VARCHAR(8)), '', 'q' || (i % 5),"
        " '城市管理/' || (i % 40), CASE i % 13 WHEN 0 THEN '西湖区' ELSE '余杭区' END, '投诉',"
        " CAST(1000000 + i AS VARCHAR(12)),"
        " 'agent', (i % 10007 * 7919) % 600, CASE WHEN i % 23 = 0 THEN i % 40 ELSE 0 END, 0, 0.9,"
        f" 1 + i % 5, CASE WHEN i % 50 = 0 THEN (i % 10007 * 31) % 100 END, {no}, 'kept' FROM n"
    )


async def _put_words(database: Database, size: Size) -> None:
    chance = random.Random(12345)  # noqa: S311  generated data, not a secret
    first = size.recordings - size.transcripts
    for begin in range(first, size.recordings, BATCH):
        async with database.transaction() as session:
            index = index_of(session)
            for number in range(begin, min(begin + BATCH, size.recordings)):
                await index.put(f"hl1-{1_000_000_000 + number}", _said(chance))


def _said(chance: random.Random) -> list[str]:
    place = f"{chance.choice(ROADS)}{chance.choice(THINGS)}"
    return [place, *chance.sample(TALK, 7), f"{chance.choice(ROADS)}附近"]
