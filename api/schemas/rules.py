"""Regulations, the working-day table and a city's own settings, as they are sent and received."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.schemas.shapes import Input, JsonValue, Output, Reason, example, input_example
from domain.cities import review
from domain.cities.parameters import PARAMETERS
from domain.cities.rules import ExtensionStep, Rules, Stated
from services.city_settings import CitySetting

EXAMPLE_STATED = {"value": "7wd", "article": "第十七条", "silent": False, "note": ""}
EXAMPLE_SET: dict[str, Any] = {
    "version": "lishui-2026-08-01",
    "title": "丽水市12345政务服务便民热线管理办法",
    "number": "",
    "status": "in_force",
    "start": "2026-08-01",
    "until": None,
    "parameters": {"sign_limit": {**EXAMPLE_STATED, "label": "签收时限 sign-in within"}},
    "grounds": [
        {
            "code": "c",
            "article": "第十三条",
            "action": "explain",
            "ends": "refused",
            "script": "依法不予受理",
            "needs": [],
        }
    ],
    "silent": ["rework_max"],
    "contradictions": [],
    "notes": [],
}
EXAMPLE_THRESHOLDS = {
    "repeats": 3,
    "requesters": 5,
    "assignments": 3,
    "returns": 2,
    "late_tickets": 5,
    "within_days": 30,
}


class StatedAnswer(Output):
    """A parameter's value and where it stands; `silent`: an engine default, not law."""

    model_config = example(**EXAMPLE_STATED, label="签收时限 sign-in within")

    label: str
    value: Any
    article: str
    silent: bool
    note: str


class GroundAnswer(Output):
    """A ground of refusal and what the requester is told."""

    model_config = example(**EXAMPLE_SET["grounds"][0])

    code: str
    article: str
    action: str
    ends: str
    script: str
    needs: list[str]


class RuleSetAnswer(Output):
    """The rules of one city in one period."""

    model_config = example(**EXAMPLE_SET)

    version: str
    title: str
    number: str
    status: str = Field(description="in_force, expired or draft")
    start: date | None
    until: date | None
    parameters: dict[str, StatedAnswer]
    grounds: list[GroundAnswer]
    silent: list[str]
    contradictions: list[str]
    notes: list[str]

    @classmethod
    def of(cls, rules: Rules) -> "RuleSetAnswer":
        period = rules.period
        return cls(
            version=period.version,
            title=period.title,
            number=period.number,
            status=period.status,
            start=period.start,
            until=period.until,
            parameters={
                name: _stated(name, each)
                for name, each in review.stated(rules)
                if name != "grounds"
            },
            grounds=[
                GroundAnswer.model_validate(ground, from_attributes=True)
                for ground in rules.grounds.value
            ],
            silent=review.silent(rules),
            contradictions=review.contradictions(rules),
            notes=list(rules.notes),
        )


def _stated(name: str, each: Stated[object]) -> StatedAnswer:
    return StatedAnswer(
        label=PARAMETERS[name].label,
        value=_plain(each.value),
        article=each.article,
        silent=each.silent,
        note=each.note,
    )


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, ExtensionStep):
        return {name: _plain(each) for name, each in asdict(value).items()}
    return str(value)


class CityRules(Output):
    """All rule sets of a city, oldest first."""

    model_config = example(city="lishui", sets=[EXAMPLE_SET])

    city: str
    sets: list[RuleSetAnswer]


class MatrixRow(Output):
    """One parameter over all cities."""

    model_config = example(
        parameter="sign_limit",
        label="签收时限 sign-in within",
        cities={"lishui": {**EXAMPLE_STATED, "label": "签收时限 sign-in within"}},
    )

    parameter: str
    label: str
    cities: dict[str, StatedAnswer]


class Matrix(Output):
    """The cities side by side, each by its newest rules."""

    model_config = example(versions={"lishui": "lishui-2026-08-01"}, rows=[])

    versions: dict[str, str]
    rows: list[MatrixRow]


class ScenarioInput(Input):
    """A scenario as in docs/howto/rehearse.md: every field of an event is described there."""

    model_config = input_example(
        city="lishui",
        events=[
            {"at": "2026-09-30T10:00:00+08:00", "do": "register", "category": "complaint"},
            {"at": "2026-09-30T11:00:00+08:00", "do": "dispatch", "unit": "住建局"},
        ],
        now="2026-10-09T10:00:00+08:00",
    )

    city: JsonValue
    events: Annotated[list[JsonValue], Field(max_length=2000)]
    now: JsonValue = None
    settings: JsonValue = None


class Outcome(Output):
    """Where the ticket of a scenario stands, as `hotline rules replay` prints it."""

    model_config = example(
        state="accepted",
        end_state=None,
        late=False,
        explained=False,
        false_handling=False,
        unit="住建局",
        assist=[],
        exempt=None,
        clocks=[
            {
                "name": "handle",
                "started": "2026-09-30T10:00:00+08:00",
                "due": "2026-10-15T23:59:59+08:00",
                "provisional": False,
                "article": "第十七条",
                "limit": "7wd",
                "stopped": None,
            }
        ],
        obligations=[],
        proposals=[],
        cards=[],
        effects=[],
        requester={},
        progress=None,
        history=[],
        rejected=[],
        rules_version="lishui-2026-08-01",
        in_force=True,
        status="in_force",
        calendar_version="table-1",
        warnings=[],
    )

    state: str
    end_state: str | None
    late: bool
    explained: bool
    false_handling: bool
    unit: str | None
    assist: list[str]
    exempt: str | None
    clocks: list[dict[str, Any]]
    obligations: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    cards: list[dict[str, Any]]
    effects: list[dict[str, Any]]
    requester: dict[str, Any]
    progress: dict[str, Any] | None
    history: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    rules_version: str
    in_force: bool
    status: str
    calendar_version: str
    warnings: list[str]


class YearAnswer(Output):
    """A year of the working-day table."""

    model_config = example(
        year=2026,
        announced=True,
        days_off=["2026-10-01"],
        days_worked=["2026-10-10"],
        source="state-council-2026",
        edition=1,
    )

    year: int
    announced: bool = Field(description="False: limits that reach it are provisional")
    days_off: list[date] = Field(description="Weekdays that are off")
    days_worked: list[date] = Field(description="Weekend days that are worked")
    source: str
    edition: int = Field(description="Of the whole table")


class YearInput(Input):
    """A whole year anew, with the notice it comes from."""

    model_config = input_example(
        edition=1,
        days_off=["2027-01-01"],
        days_worked=["2027-02-20"],
        source="国务院办公厅关于2027年部分节假日安排的通知",
    )

    edition: int = Field(ge=0, le=2**31 - 1, description="The one you had before you")
    days_off: list[date] = Field(max_length=200)
    days_worked: list[date] = Field(max_length=100)
    source: Reason


class ThresholdsShape(Input):
    """What 多次, 集中, 多个 mean here; engine defaults, not law."""

    model_config = input_example(**EXAMPLE_THRESHOLDS)

    repeats: int = Field(default=3, ge=2, le=1000)
    requesters: int = Field(default=5, ge=2, le=100_000)
    assignments: int = Field(default=3, ge=2, le=100)
    returns: int = Field(default=2, ge=1, le=100)
    late_tickets: int = Field(default=5, ge=1, le=100_000)
    within_days: int = Field(default=30, ge=1, le=3660)


class SettingsShape(Input):
    """What the city fixed itself; it counts for tickets registered from then on."""

    model_config = input_example(
        handle_limit="5wd", provincial_default=False, thresholds=EXAMPLE_THRESHOLDS
    )

    handle_limit: str | None = Field(
        default=None, pattern=r"^\d{1,3}(h|nd|wd|d)$", description="Where the text fixes none"
    )
    provincial_default: bool = Field(
        default=False, description="Take the province's limit where the text fixes none"
    )
    thresholds: ThresholdsShape = ThresholdsShape()

    @classmethod
    def of(cls, setting: CitySetting) -> "SettingsShape":
        return cls.model_validate(setting, from_attributes=True)
