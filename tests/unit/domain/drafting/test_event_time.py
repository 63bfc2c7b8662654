from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.drafting.event_time import find_event_time

# A Wednesday.
CALLED = datetime(2026, 1, 7, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("said", "moment", "precision"),
    [
        ("昨天下午三点二十分停的", "2026-01-06T15:20", "minute"),
        ("昨天下午三点二十就停了", "2026-01-06T15:20", "minute"),
        ("今天早上八点一刻", "2026-01-07T08:15", "minute"),
        ("中午十二点开始", "2026-01-07T12:00", "minute"),
        ("中午一点半", "2026-01-07T13:30", "minute"),
        ("昨晚十点半", "2026-01-06T22:30", "minute"),
        ("凌晨两点", "2026-01-07T02:00", "minute"),
        ("前天晚上", "2026-01-05T20:00", "part_of_day"),
        ("上周一", "2025-12-29T00:00", "day"),
        ("上个星期天", "2026-01-04T00:00", "day"),
        ("下周五上午", "2026-01-16T10:00", "part_of_day"),
        ("十二月二十五号", "2025-12-25T00:00", "day"),
        ("一月三日", "2026-01-03T00:00", "day"),
        ("二零二五年六月十号", "2025-06-10T00:00", "day"),
        ("去年十月一号", "2025-10-01T00:00", "day"),
        ("三十号晚上", "2025-12-30T20:00", "part_of_day"),
        ("三天前", "2026-01-04T10:30", "approximate"),
        ("停了两天了", "2026-01-05T10:30", "approximate"),
        ("已经五个小时了", "2026-01-07T05:30", "approximate"),
    ],
)
def test_moments_as_seen_from_the_call(said: str, moment: str, precision: str) -> None:
    found = find_event_time(said, CALLED)
    assert found is not None
    assert found.resolved is not None
    assert found.resolved.isoformat() == f"{moment}:00+08:00"
    assert found.precision == precision


@pytest.mark.parametrize(
    ("said", "words", "precision"),
    [
        ("每天晚上十一点", "每天晚上11点", "recurring"),
        ("最近老是", "最近", "vague"),
        ("上个月", "上个月", "vague"),
        ("二月三十号", "2月30号", "vague"),
    ],
)
def test_what_names_no_moment_keeps_its_words(said: str, words: str, precision: str) -> None:
    found = find_event_time(said, CALLED)
    assert found is not None
    assert (found.found.value, found.resolved, found.precision) == (words, None, precision)


@pytest.mark.parametrize(
    "said", ["有一点味道", "天天都这样", "我住在三楼", "快点来", "十五栋", "一周岁的孩子", ""]
)
def test_no_time(said: str) -> None:
    assert find_event_time(said, CALLED) is None
