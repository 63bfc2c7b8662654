"""/rules: regulations to read and to try out, the working-day table, a city's own settings."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from api.auth import SCHEMES, BackendHere, Principal, Require, SignedIn
from api.schemas.failure import failures
from api.schemas.rules import (
    CityRules,
    Matrix,
    MatrixRow,
    Outcome,
    RuleSetAnswer,
    ScenarioInput,
    SettingsShape,
    YearAnswer,
    YearInput,
)
from domain.accounts.permissions import Permission
from domain.cities.load import cities, rule_sets
from domain.cities.parameters import PARAMETERS
from domain.tickets.rehearsal.outcome import play
from domain.tickets.rehearsal.scenario import parse
from domain.tickets.supervision import Thresholds
from services.calendars import Year, newest_edition, replace_year, year_of
from services.city_settings import CitySetting, change_setting, setting_of

router = APIRouter(
    prefix="/rules", tags=["rules"], dependencies=SCHEMES, responses=failures(401, 403, 503)
)
RulesAdmin = Annotated[Principal, Depends(Require(Permission.RULES_ADMIN))]
CityId = Annotated[str, Path(pattern=r"^[a-z][a-z_]{1,31}$", examples=["lishui"])]
YearNumber = Annotated[int, Path(ge=2001, le=2060, examples=[2027])]


@router.get("/matrix", summary="对照表 The cities side by side")
async def matrix(_someone: SignedIn) -> Matrix:
    """Every parameter of every city by its newest rules, generated from the data."""
    newest = {city: RuleSetAnswer.of(rule_sets(city)[-1]) for city in cities()}
    return Matrix(
        versions={city: each.version for city, each in newest.items()},
        rows=[
            MatrixRow(
                parameter=name,
                label=parameter.label,
                cities={city: each.parameters[name] for city, each in newest.items()},
            )
            for name, parameter in PARAMETERS.items()
            if name != "grounds"
        ],
    )


@router.post("/replay", summary="演练 Play a scenario", responses=failures(413, 422))
async def replay(
    given: ScenarioInput, _someone: SignedIn, request: Request, backend: BackendHere
) -> Outcome:
    """Nothing is stored. What the rules reject stands in `rejected`, with its article."""
    scenario = parse((await request.body()).decode())
    async with backend.database.session() as session:
        calendar = (await newest_edition(session)).calendar
    # Up to 2,000 events: a tenth of a second in which the others would wait.
    return Outcome.model_validate(await asyncio.to_thread(play, scenario, calendar))


@router.get("/calendar/{year}", summary="工作日表 A year's working days", responses=failures(422))
async def get_year(year: YearNumber, _someone: SignedIn, backend: BackendHere) -> YearAnswer:
    """What differs from Monday to Friday; a year nobody has announced yet is provisional."""
    async with backend.database.session() as session:
        found, edition = await year_of(session, year)
    return _year(year, found, edition)


@router.put(
    "/calendar/{year}", summary="修改工作日表 Replace a year", responses=failures(409, 413, 422)
)
async def put_year(
    year: YearNumber, given: YearInput, principal: RulesAdmin, backend: BackendHere
) -> YearAnswer:
    """A new edition of the table. Running limits are counted anew, each change in its history."""
    wanted = Year(year, given.days_off, given.days_worked, given.source)
    async with backend.database.transaction() as session:
        edition = await replace_year(
            session, wanted, edition=given.edition, actor=principal.actor, now=backend.clock()
        )
    return _year(year, wanted, edition.number)


def _year(year: int, found: Year | None, edition: int) -> YearAnswer:
    return YearAnswer(
        year=year,
        announced=found is not None,
        days_off=sorted(found.days_off) if found else [],
        days_worked=sorted(found.days_worked) if found else [],
        source=found.source if found else "",
        edition=edition,
    )


@router.get("/{city}", summary="法规 The rules of a city", responses=failures(404, 422))
async def city_rules(city: CityId, _someone: SignedIn) -> CityRules:
    """Every parameter with its article, the grounds of refusal, and where the text is silent."""
    return CityRules(city=city, sets=[RuleSetAnswer.of(rules) for rules in rule_sets(city)])


@router.get(
    "/{city}/settings", summary="本市设置 What the city fixed itself", responses=failures(404, 422)
)
async def get_settings(city: CityId, _someone: SignedIn, backend: BackendHere) -> SettingsShape:
    """Engine defaults until somebody changes them."""
    async with backend.database.session() as session:
        return SettingsShape.of(await setting_of(session, city))


@router.put(
    "/{city}/settings", summary="修改本市设置 Change them", responses=failures(404, 413, 422)
)
async def put_settings(
    city: CityId, given: SettingsShape, principal: RulesAdmin, backend: BackendHere
) -> SettingsShape:
    """For tickets registered from now on; earlier ones keep what they were registered with."""
    wanted = CitySetting(
        given.handle_limit,
        given.provincial_default,
        Thresholds(**given.thresholds.model_dump()),
    )
    async with backend.database.transaction() as session:
        changed = await change_setting(
            session, city, wanted, actor=principal.actor, now=backend.clock()
        )
    return SettingsShape.of(changed)
