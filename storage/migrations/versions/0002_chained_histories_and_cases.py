"""chained histories, tickets under their city's rules, working days, city settings

Revision ID: 0002
Revises: 0001
"""

import json
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table('ticket') as table:
        table.add_column(sa.Column('entries', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('head', sa.String(64), nullable=False, server_default=''))
    with op.batch_alter_table('ticket_event') as table:
        table.add_column(sa.Column('number', sa.Integer(), nullable=True))
        table.add_column(sa.Column('recorded_at', MOMENT, nullable=True))
        table.add_column(sa.Column('rules_version', sa.String(64), nullable=True))
        table.add_column(sa.Column('calendar', sa.Integer(), nullable=True))
        table.add_column(sa.Column('previous_hash', sa.String(64), nullable=True))
        table.add_column(sa.Column('hash', sa.String(64), nullable=True))
    _chain_what_is_there()
    with op.batch_alter_table('ticket') as table:
        table.alter_column('entries', existing_type=sa.Integer(), server_default=None)
        table.alter_column('head', existing_type=sa.String(64), server_default=None)
    with op.batch_alter_table('ticket_event') as table:
        table.alter_column('number', existing_type=sa.Integer(), nullable=False)
        table.alter_column('recorded_at', existing_type=MOMENT, nullable=False)
        table.alter_column('previous_hash', existing_type=sa.String(64), nullable=False)
        table.alter_column('hash', existing_type=sa.String(64), nullable=False)
        table.create_unique_constraint('uq_ticket_event_ticket_id_number', ['ticket_id', 'number'])
    op.create_table(
        'ticket_case',
        sa.Column('ticket_id', sa.String(12), nullable=False),
        sa.Column('city', sa.String(32), nullable=False),
        sa.Column('rules_version', sa.String(64), nullable=False),
        sa.Column('settings', JSON, nullable=False),
        sa.Column('calendar', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(32), nullable=False),
        sa.Column('unit', sa.String(200), nullable=False),
        sa.Column('category', sa.String(32), nullable=False),
        sa.Column('urgency', sa.String(32), nullable=False),
        sa.Column('registered_at', MOMENT, nullable=True),
        sa.Column('advanced_to', MOMENT, nullable=False),
        sa.Column('next_at', MOMENT, nullable=True),
        sa.Column('snapshot', JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ['ticket_id'], ['ticket.id'], name='fk_ticket_case_ticket_id_ticket'
        ),
        sa.PrimaryKeyConstraint('ticket_id', name='pk_ticket_case'),
    )
    with op.batch_alter_table('ticket_case') as table:
        table.create_index('ix_ticket_case_state_unit', ['state', 'unit'])
        table.create_index('ix_ticket_case_city_registered_at', ['city', 'registered_at'])
        table.create_index('ix_ticket_case_calendar', ['calendar'])
        table.create_index('ix_ticket_case_next_at', ['next_at'])
    op.create_table(
        'working_year',
        sa.Column('edition', sa.Integer(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('days_off', JSON, nullable=False),
        sa.Column('days_worked', JSON, nullable=False),
        sa.Column('source', sa.String(400), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('actor', sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint('edition', 'year', name='pk_working_year'),
    )
    op.create_table(
        'city_setting',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('city', sa.String(32), nullable=False),
        sa.Column('handle_limit', sa.String(8), nullable=True),
        sa.Column('provincial_default', sa.Boolean(), nullable=False),
        sa.Column('thresholds', JSON, nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('actor', sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_city_setting'),
    )
    with op.batch_alter_table('city_setting') as table:
        table.create_index('ix_city_setting_city_id', ['city', 'id'])


def _chain_what_is_there() -> None:
    """Number and seal the entries written before there was a chain.

    The text that is hashed is written out here as it was at this revision.
    """
    connection = op.get_bind()
    event = sa.table(
        'ticket_event', *(sa.column(name) for name in ('id', 'ticket_id', 'version', 'actor', 'what',
                                                       'number', 'previous_hash', 'hash')),
        sa.column('at', MOMENT), sa.column('recorded_at', MOMENT), sa.column('detail', JSON),
    )
    ticket = sa.table('ticket', sa.column('id'), sa.column('entries'), sa.column('head'))
    rows = connection.execute(sa.select(event).order_by(event.c.ticket_id, event.c.id)).all()
    heads: dict[str, tuple[int, str]] = {}
    for row in rows:
        number, previous = heads.get(row.ticket_id, (0, ''))
        number += 1
        link = {
            'ticket_id': row.ticket_id, 'number': number, 'version': row.version, 'at': _utc(row.at),
            'recorded_at': _utc(row.at), 'actor': row.actor, 'what': row.what,
            'detail': _plain(row.detail), 'rules_version': None, 'calendar': None,
        }
        text = json.dumps(link, sort_keys=True, ensure_ascii=False, separators=(',', ':'))
        sealed = sha256(f'{previous}\n{text}'.encode()).hexdigest()
        connection.execute(
            sa.update(event).where(event.c.id == row.id).values(
                number=number, recorded_at=row.at, previous_hash=previous, hash=sealed
            )
        )
        heads[row.ticket_id] = (number, sealed)
    for ticket_id, (number, sealed) in heads.items():
        connection.execute(
            sa.update(ticket).where(ticket.c.id == ticket_id).values(entries=number, head=sealed)
        )


def _utc(moment: datetime) -> str:
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if isinstance(value, int) and abs(value) <= 2**53:
        return value
    try:
        near = float(value)
    except OverflowError:
        return value
    return int(near) if near.is_integer() else near


def downgrade() -> None:
    op.drop_table('city_setting')
    op.drop_table('working_year')
    op.drop_table('ticket_case')
    with op.batch_alter_table('ticket_event') as table:
        table.drop_constraint('uq_ticket_event_ticket_id_number', type_='unique')
        for name in ('hash', 'previous_hash', 'calendar', 'rules_version', 'recorded_at', 'number'):
            table.drop_column(name)
    with op.batch_alter_table('ticket') as table:
        table.drop_column('head')
        table.drop_column('entries')
