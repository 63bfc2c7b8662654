"""seats: their history, and what each agent can serve

Revision ID: 0070
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0070'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
    op.create_table('agent_profile',
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('profile', json, nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('account', name=op.f('pk_agent_profile'))
    )
    op.create_table('seat_event',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seat', sa.String(length=32), nullable=False),
    sa.Column('agent', sa.String(length=64), nullable=False),
    sa.Column('event', sa.String(length=32), nullable=False),
    sa.Column('before', sa.String(length=32), nullable=False),
    sa.Column('after', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=64), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('lasted_s', sa.Double(), nullable=False),
    sa.Column('login', json, nullable=True),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_seat_event'))
    )
    op.create_index(op.f('ix_seat_event_agent'), 'seat_event', ['agent'], unique=False)
    op.create_index(op.f('ix_seat_event_at'), 'seat_event', ['at'], unique=False)
    op.create_index(op.f('ix_seat_event_seat'), 'seat_event', ['seat'], unique=False)


def downgrade() -> None:
    op.drop_table('seat_event')
    op.drop_table('agent_profile')
