"""Assessment figures and proposals of supervision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example
from domain.tickets.assessment.definitions import DEFINITIONS
from domain.tickets.assessment.figures import Figure
from domain.tickets.supervision import Proposal
from services.assessment import Assessment

EXAMPLE_FIGURE: dict[str, Any] = {
    "name": "close_on_time_rate",
    "label": "按时办结率",
    "part": 57,
    "whole": 60,
    "share": 0.95,
    "left_out": 0,
    "goal": None,
    "met": None,
    "article": "engine default, not law",
    "definition": "办理时限（含延期）在期内届满的办理中，期满前报结的",
}
EXAMPLE_PROPOSAL = {
    "ticket_id": "260930864000",
    "trigger": "same_requester_repeat",
    "why": "同一诉求人反映 3 次 repeats (≥ 3)",
    "article": "第三十二条",
    "must": False,
}


class FigureAnswer(Output):
    """`part` of `whole`; `share` is null where there was nothing to measure."""

    model_config = example(**EXAMPLE_FIGURE)

    name: str
    label: str
    part: int
    whole: int
    share: float | None
    left_out: int = Field(description="Negative answers left out under an exemption")
    goal: float | None = Field(description="Where the text (or GB/T 33358) has one")
    met: bool | None
    article: str
    definition: str


class AssessmentAnswer(Output):
    """The figures of a period: all together, and each unit's."""

    model_config = example(
        city="lishui",
        rules_version="lishui-2026-08-01",
        start="2026-10-01T00:00:00+08:00",
        before="2026-11-01T00:00:00+08:00",
        all_units=[EXAMPLE_FIGURE],
        units={"住建局": [EXAMPLE_FIGURE]},
        unreadable=[],
    )

    city: str
    rules_version: str
    start: datetime
    before: datetime
    all_units: list[FigureAnswer]
    units: dict[str, list[FigureAnswer]]
    unreadable: list[str] = Field(description="Tickets whose history could not be replayed")

    @classmethod
    def of(cls, found: Assessment, unit: str | None) -> "AssessmentAnswer":
        return cls(
            city=found.city,
            rules_version=found.rules_version,
            start=found.span.start,
            before=found.span.end,
            all_units=_figures(found.everyone),
            units={
                name: _figures(figures)
                for name, figures in found.units.items()
                if unit is None or name == unit
            },
            unreadable=found.unreadable,
        )


def _figures(figures: Sequence[Figure]) -> list[FigureAnswer]:
    return [
        FigureAnswer(
            name=figure.name,
            label=figure.label,
            part=figure.part,
            whole=figure.whole,
            share=figure.share,
            left_out=figure.left_out,
            goal=figure.goal,
            met=figure.met,
            article=figure.article,
            definition=DEFINITIONS[figure.name],
        )
        for figure in figures
    ]


class ProposalAnswer(Output):
    """A ticket that the figures propose to supervise; `must`: it is done without being asked."""

    model_config = example(**EXAMPLE_PROPOSAL)

    ticket_id: str
    trigger: str
    why: str
    article: str
    must: bool


class Proposals(Output):
    """What is proposed now and nobody has done yet."""

    model_config = example(city="lishui", proposals=[EXAMPLE_PROPOSAL])

    city: str
    proposals: list[ProposalAnswer]

    @classmethod
    def of(cls, city: str, found: list[Proposal]) -> "Proposals":
        made = [ProposalAnswer.model_validate(each, from_attributes=True) for each in found]
        return cls(city=city, proposals=made)
