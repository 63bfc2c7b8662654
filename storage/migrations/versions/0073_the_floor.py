"""the floor: queues, rosters, policy, numbers that go first, call-backs, alarms

Revision ID: 0073
Revises: 0101
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0073'
down_revision = '0101'
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
    op.create_table('call_back',
    sa.Column('id', sa.String(length=90), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('caller', sa.String(length=32), nullable=False),
    sa.Column('queue', sa.String(length=40), nullable=False),
    sa.Column('cause', sa.String(length=16), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ticket_number', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leg', sa.String(length=100), nullable=False),
    sa.Column('seat', sa.String(length=32), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('result', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_back'))
    )
    op.create_index(op.f('ix_call_back_call_id'), 'call_back', ['call_id'], unique=False)
    op.create_index(op.f('ix_call_back_caller'), 'call_back', ['caller'], unique=False)
    op.create_index(op.f('ix_call_back_since'), 'call_back', ['since'], unique=False)
    op.create_index(op.f('ix_call_back_state'), 'call_back', ['state'], unique=False)
    op.create_table('floor_event',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('body', json, nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_floor_event'))
    )
    op.create_index(op.f('ix_floor_event_at'), 'floor_event', ['at'], unique=False)
    op.create_index(op.f('ix_floor_event_kind'), 'floor_event', ['kind'], unique=False)
    op.create_table('floor_policy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('policy', json, nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_floor_policy'))
    )
    op.create_table('priority_caller',
    sa.Column('caller', sa.String(length=32), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('caller', name=op.f('pk_priority_caller'))
    )
    op.create_table('queue_rule',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('rule', json, nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_queue_rule'))
    )
    op.create_table('roster_duty',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('queue', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.String(length=120), nullable=False),
    sa.Column('called_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_off_by', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_duty'))
    )
    op.create_index(op.f('ix_roster_duty_account'), 'roster_duty', ['account'], unique=False)
    op.create_index(op.f('ix_roster_duty_ends_at'), 'roster_duty', ['ends_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_roster_duty_ends_at'), table_name='roster_duty')
    op.drop_index(op.f('ix_roster_duty_account'), table_name='roster_duty')
    op.drop_table('roster_duty')
    op.drop_table('queue_rule')
    op.drop_table('priority_caller')
    op.drop_table('floor_policy')
    op.drop_index(op.f('ix_floor_event_kind'), table_name='floor_event')
    op.drop_index(op.f('ix_floor_event_at'), table_name='floor_event')
    op.drop_table('floor_event')
    op.drop_index(op.f('ix_call_back_state'), table_name='call_back')
    op.drop_index(op.f('ix_call_back_since'), table_name='call_back')
    op.drop_index(op.f('ix_call_back_caller'), table_name='call_back')
    op.drop_index(op.f('ix_call_back_call_id'), table_name='call_back')
    op.drop_table('call_back')
