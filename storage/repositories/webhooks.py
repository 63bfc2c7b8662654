"""Every query on webhook endpoints and deliveries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.upsert import insert_into
from storage.tables.webhook_delivery import WebhookDeliveryRow
from storage.tables.webhook_endpoint import WebhookEndpointRow


class EndpointNotFound(LookupError):
    """No webhook endpoint has this id."""

    def __init__(self, endpoint_id: int) -> None:
        super().__init__(f"no webhook endpoint {endpoint_id}")


class WebhookEndpoints:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, row: WebhookEndpointRow) -> None:
        self._session.add(row)

    async def get(self, endpoint_id: int) -> WebhookEndpointRow:
        """Raises `EndpointNotFound`."""
        row = await self._session.get(WebhookEndpointRow, endpoint_id)
        if row is None:
            raise EndpointNotFound(endpoint_id)
        return row

    async def of_url(self, url: str) -> WebhookEndpointRow | None:
        query = select(WebhookEndpointRow).where(WebhookEndpointRow.url == url)
        return (await self._session.scalars(query)).one_or_none()

    async def every(self, *, enabled_only: bool = False) -> Sequence[WebhookEndpointRow]:
        query = select(WebhookEndpointRow).order_by(WebhookEndpointRow.id)
        if enabled_only:
            query = query.where(WebhookEndpointRow.enabled)
        return (await self._session.scalars(query)).all()


class WebhookDeliveries:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_once(self, row: dict[str, object]) -> None:
        """Plan a delivery; the same key again changes nothing."""
        statement = insert_into(self._session, WebhookDeliveryRow).values(**row)
        await self._session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))

    async def find(self, key: str, *, to_change: bool = False) -> WebhookDeliveryRow | None:
        return await self._session.get(WebhookDeliveryRow, key, with_for_update=to_change or None)

    async def pending(self) -> Sequence[WebhookDeliveryRow]:
        """Not accepted yet, of enabled endpoints, oldest first."""
        query = (
            select(WebhookDeliveryRow)
            .join(WebhookEndpointRow, WebhookEndpointRow.id == WebhookDeliveryRow.endpoint_id)
            .where(WebhookDeliveryRow.accepted_at.is_(None), WebhookEndpointRow.enabled)
            .order_by(WebhookDeliveryRow.created_at)
        )
        return (await self._session.scalars(query)).all()

    async def of_endpoint(self, endpoint_id: int, *, limit: int) -> Sequence[WebhookDeliveryRow]:
        """Newest first."""
        query = select(WebhookDeliveryRow).where(WebhookDeliveryRow.endpoint_id == endpoint_id)
        order = WebhookDeliveryRow.created_at.desc()
        return (await self._session.scalars(query.order_by(order).limit(limit))).all()
