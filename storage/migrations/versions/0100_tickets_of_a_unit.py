"""tickets of a unit, and people who act for one

Revision ID: 0100
Revises: 0087
"""

import json

import sqlalchemy as sa
from alembic import op

revision = '0100'
down_revision = '0087'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('account', 'api_token'):
        with op.batch_alter_table(table) as changed:
            changed.add_column(
                sa.Column('unit', sa.String(200), nullable=False, server_default='')
            )
    made = op.create_table(
        'case_unit',
        sa.Column('ticket_id', sa.String(12), nullable=False),
        sa.Column('unit', sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_case_unit_ticket_id_ticket'),
        sa.PrimaryKeyConstraint('ticket_id', 'unit', name='pk_case_unit'),
    )
    with op.batch_alter_table('case_unit') as changed:
        changed.create_index('ix_case_unit_unit_ticket_id', ['unit', 'ticket_id'])
    with op.batch_alter_table('ticket_case') as changed:
        changed.create_index('ix_ticket_case_registered_at', ['registered_at', 'ticket_id'])
    _fill(made)


def _fill(made: sa.Table) -> None:
    """From the snapshots that are there; as JSON text where the driver gives them so."""
    connection = op.get_bind()
    cases = sa.table('ticket_case', sa.column('ticket_id'), sa.column('snapshot'))
    rows = []
    for ticket_id, stored in connection.execute(sa.select(cases.c.ticket_id, cases.c.snapshot)):
        case = json.loads(stored) if isinstance(stored, str) else stored
        named = (case.get('unit', ''), *case.get('assist', ()), case.get('district', ''))
        rows += [{'ticket_id': ticket_id, 'unit': unit} for unit in dict.fromkeys(named) if unit]
    if rows:
        connection.execute(made.insert(), rows)


def downgrade() -> None:
    with op.batch_alter_table('ticket_case') as changed:
        changed.drop_index('ix_ticket_case_registered_at')
    op.drop_table('case_unit')
    for table in ('account', 'api_token'):
        with op.batch_alter_table(table) as changed:
            changed.drop_column('unit')
