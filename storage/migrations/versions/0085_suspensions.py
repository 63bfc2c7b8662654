"""measures against abuse of the hotline, and suspensions

Revision ID: 0085
Revises: 0080
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0085'
down_revision = '0080'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conduct_measure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('caller', sa.String(length=40), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('rules_version', sa.String(length=64), nullable=False),
    sa.Column('article', sa.String(length=64), nullable=False),
    sa.Column('conduct', sa.String(length=16), nullable=False),
    sa.Column('measure', sa.String(length=32), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_conduct_measure_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conduct_measure'))
    )
    op.create_index(op.f('ix_conduct_measure_call_id'), 'conduct_measure', ['call_id'], unique=False)
    op.create_index(op.f('ix_conduct_measure_caller'), 'conduct_measure', ['caller'], unique=False)
    op.create_table('suspension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('caller', sa.String(length=40), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('rules_version', sa.String(length=64), nullable=False),
    sa.Column('article', sa.String(length=64), nullable=False),
    sa.Column('conduct', sa.String(length=16), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('evidence', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('proposed_by', sa.String(length=120), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=120), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.String(length=400), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notice', sa.String(length=1000), nullable=False),
    sa.Column('lifted_by', sa.String(length=120), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lift_reason', sa.String(length=400), nullable=False),
    sa.Column('appeal', sa.String(length=2000), nullable=False),
    sa.Column('appealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal_decided_by', sa.String(length=120), nullable=True),
    sa.Column('appeal_decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal_reason', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_suspension_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspension'))
    )
    op.create_index(op.f('ix_suspension_caller'), 'suspension', ['caller'], unique=False)
    op.create_index(op.f('ix_suspension_ends_at'), 'suspension', ['ends_at'], unique=False)
    op.create_index(op.f('ix_suspension_proposed_at'), 'suspension', ['proposed_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_suspension_proposed_at'), table_name='suspension')
    op.drop_index(op.f('ix_suspension_ends_at'), table_name='suspension')
    op.drop_index(op.f('ix_suspension_caller'), table_name='suspension')
    op.drop_table('suspension')
    op.drop_index(op.f('ix_conduct_measure_caller'), table_name='conduct_measure')
    op.drop_index(op.f('ix_conduct_measure_call_id'), table_name='conduct_measure')
    op.drop_table('conduct_measure')
