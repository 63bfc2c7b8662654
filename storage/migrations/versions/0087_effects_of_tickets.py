"""effects of tickets

Revision ID: 0087
Revises: 0090
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0087'
down_revision = '0090'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'ticket_effect',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('ticket_id', sa.String(12), nullable=False),
        sa.Column('city', sa.String(32), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('kind', sa.String(32), nullable=False),
        sa.Column('to', sa.String(200), nullable=False),
        sa.Column('what', sa.String(400), nullable=False),
        sa.Column('article', sa.String(64), nullable=False),
        sa.Column('about', JSON, nullable=False),
        sa.Column('done_at', MOMENT, nullable=True),
        sa.Column('done_by', sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ['ticket_id'], ['ticket.id'], name='fk_ticket_effect_ticket_id_ticket'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_ticket_effect'),
    )
    with op.batch_alter_table('ticket_effect') as table:
        table.create_index('ix_ticket_effect_kind_id', ['kind', 'id'])
        table.create_index('ix_ticket_effect_city_kind', ['city', 'kind'])
        table.create_index('ix_ticket_effect_ticket_id', ['ticket_id'])


def downgrade() -> None:
    op.drop_table('ticket_effect')
