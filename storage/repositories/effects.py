"""Every query on what has to happen outside tickets."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables.ticket_effect import TicketEffectRow


class EffectNotFound(LookupError):
    """No effect has this number."""

    def __init__(self, effect_id: int) -> None:
        super().__init__(f"no effect {effect_id}")


class Effects:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: TicketEffectRow) -> None:
        self._session.add(row)

    async def get(self, effect_id: int) -> TicketEffectRow:
        """To be changed. Raises `EffectNotFound`."""
        row = await self._session.get(TicketEffectRow, effect_id, with_for_update=True)
        if row is None:
            raise EffectNotFound(effect_id)
        return row

    async def waiting(self, kind: str | None, *, limit: int) -> Sequence[TicketEffectRow]:
        """Those nobody has carried out, the oldest first."""
        query = select(TicketEffectRow).where(TicketEffectRow.done_at.is_(None))
        if kind is not None:
            query = query.where(TicketEffectRow.kind == kind)
        return (await self._session.scalars(query.order_by(TicketEffectRow.id).limit(limit))).all()

    async def of_city(self, city: str, kind: str) -> Sequence[TicketEffectRow]:
        """All of a kind, in the order they came."""
        query = select(TicketEffectRow).where(
            TicketEffectRow.city == city, TicketEffectRow.kind == kind
        )
        return (await self._session.scalars(query.order_by(TicketEffectRow.id))).all()
