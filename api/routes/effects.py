"""/effects: what tickets ask for outside them; /rules/{city}/catalogue: which unit acts."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.auth import SCHEMES, BackendHere, Principal, Require, SignedIn
from api.schemas.effects import CatalogueAnswer, EffectAnswer, EffectList
from api.schemas.failure import failures
from api.schemas.shapes import RowId, ShortText
from domain.accounts.permissions import Permission
from services.effects import carried_out, catalogue_of
from storage.repositories.effects import Effects
from storage.repositories.page import MAX_PAGE

router = APIRouter(tags=["effects"], dependencies=SCHEMES, responses=failures(401, 403, 503))
Carrier = Annotated[Principal, Depends(Require(Permission.EFFECT_CARRY))]
CityId = Annotated[str, Path(pattern=r"^[a-z][a-z_]{1,31}$", examples=["lishui"])]


@router.get("/effects", summary="待办外部事项 What is to be carried out", responses=failures(422))
async def list_effects(
    _carrier: Carrier,
    backend: BackendHere,
    kind: ShortText | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> EffectList:
    """Short messages, notices, records for other systems: the oldest first, until they are done."""
    async with backend.database.session() as session:
        rows = await Effects(session).waiting(kind, limit=limit)
    return EffectList(effects=[EffectAnswer.of(row, backend.zone) for row in rows])


@router.post("/effects/{effect_id}/done", summary="已完成 Done", responses=failures(404, 422))
async def mark_done(effect_id: RowId, carrier: Carrier, backend: BackendHere) -> EffectAnswer:
    """Said again it stays as it was: safe to repeat."""
    async with backend.database.transaction() as session:
        row = await carried_out(session, effect_id, actor=carrier.actor, now=backend.clock())
    return EffectAnswer.of(row, backend.zone)


@dataclass(frozen=True)
class CatalogueKeys:
    """What the ticket is about, as far as it is known."""

    nature: ShortText | None = None
    content: ShortText | None = None
    district: ShortText | None = None
    industry: ShortText | None = None


@router.get(
    "/rules/{city}/catalogue", summary="派单目录 The dispatch catalogue", responses=failures(422)
)
async def get_catalogue(
    city: CityId,
    _someone: SignedIn,
    backend: BackendHere,
    keys: Annotated[CatalogueKeys, Depends()],
) -> CatalogueAnswer:
    """Every designation writes itself into it; with keys: the units that fit."""
    async with backend.database.session() as session:
        found = await catalogue_of(session, city)
    asked: dict[str, object] = {name: value for name, value in asdict(keys).items() if value}
    return CatalogueAnswer.of(city, found, asked)
