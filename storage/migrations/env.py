"""Alembic's entry: runs the migrations on the connection that `storage.database` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from storage.migrate import is_of_the_models
from storage.tables.base import UtcDateTime
from storage.tables.every import METADATA


def plain_types(kind: str, item: object, migration: AutogenContext) -> str | Literal[False]:
    # A migration outlives the code it was written beside: it names no class of ours.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        migration.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_types,
        include_name=is_of_the_models,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
