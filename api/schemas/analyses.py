"""What many requests say together."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example
from domain.tickets.analysis import Overview
from services.analysis import Account, Alarming

EXAMPLE_CLUSTER: dict[str, Any] = {
    "topic": "城乡建设/市政设施",
    "area": "莲都区",
    "since": "2026-09-28T09:00:00+08:00",
    "tickets": ["260928864000", "260930864000"],
    "units": ["住建局"],
}
EXAMPLE_NOTICE: dict[str, Any] = {
    "what": "risk_warning",
    "to": "住建局",
    "why": "莲都区城乡建设/市政设施 5 件",
    "article": "第三十四条",
    "must": True,
    "tickets": ["260928864000"],
}
EXAMPLE_OVERVIEW: dict[str, Any] = {
    "article": "第三十三条",
    "taken": 60,
    "solved": 57,
    "by_category": {"complaint": 40, "consult": 20},
    "by_topic": {"城乡建设/市政设施": 12},
    "by_unit": {"住建局": {"taken": 12, "solved": 11}},
}


class ClusterAnswer(Output):
    """Requests of one topic in one area."""

    model_config = example(**EXAMPLE_CLUSTER)

    topic: str
    area: str = Field(description="Town or district; empty where no address has one")
    since: datetime
    tickets: list[str]
    units: list[str]


class NoticeAnswer(Output):
    """Who should act on what, by which article; `must` false: somebody decides."""

    model_config = example(**EXAMPLE_NOTICE)

    what: str
    to: str
    why: str
    article: str
    must: bool
    tickets: list[str]


class AlarmingAnswer(Output):
    """The last days; the numbers are the city's settings, not law."""

    model_config = example(
        city="lishui",
        cluster_from=5,
        within_days=7,
        clusters=[EXAMPLE_CLUSTER],
        warnings=[EXAMPLE_NOTICE],
        to_coordinate=[],
    )

    city: str
    cluster_from: int = Field(description="So many requests are a cluster")
    within_days: int
    clusters: list[ClusterAnswer] = Field(description="The largest first")
    warnings: list[NoticeAnswer] = Field(description="Risk warnings the text asks for")
    to_coordinate: list[NoticeAnswer] = Field(description="For the coordinating body")

    @classmethod
    def of(cls, city: str, found: Alarming) -> "AlarmingAnswer":
        return cls(
            city=city,
            cluster_from=found.bounds.cluster,
            within_days=found.bounds.within_days,
            clusters=[ClusterAnswer.model_validate(asdict(each)) for each in found.found],
            warnings=_notices(found.warnings),
            to_coordinate=_notices(found.to_coordinate),
        )


def _notices(found: Sequence[Any]) -> list[NoticeAnswer]:
    return [NoticeAnswer.model_validate(asdict(each)) for each in found]


class UnitCount(Output):
    model_config = example(taken=12, solved=11)

    taken: int
    solved: int


class OverviewAnswer(Output):
    """Counts of a period."""

    model_config = example(**EXAMPLE_OVERVIEW)

    article: str
    taken: int
    solved: int
    by_category: dict[str, int]
    by_topic: dict[str, int]
    by_unit: dict[str, UnitCount]

    @classmethod
    def of(cls, found: Overview) -> "OverviewAnswer":
        return cls(
            article=found.article,
            taken=found.taken,
            solved=found.solved,
            by_category=dict(found.by_category),
            by_topic=dict(found.by_topic),
            by_unit={
                unit: UnitCount(taken=taken, solved=solved) for unit, taken, solved in found.by_unit
            },
        )


class AnalysisAnswer(Output):
    """`analysis` for the government, `publication` for everybody; null: the text asks for none."""

    model_config = example(city="lishui", analysis=EXAMPLE_OVERVIEW, publication=EXAMPLE_OVERVIEW)

    city: str
    analysis: OverviewAnswer | None
    publication: OverviewAnswer | None

    @classmethod
    def of(cls, city: str, found: Account) -> "AnalysisAnswer":
        return cls(
            city=city,
            analysis=found.analysis and OverviewAnswer.of(found.analysis),
            publication=found.publication and OverviewAnswer.of(found.publication),
        )
