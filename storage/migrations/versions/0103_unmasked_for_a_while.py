"""calls in clear for one person, for a while

Revision ID: 0103
Revises: 0102
"""

import sqlalchemy as sa
from alembic import op

revision = '0103'
down_revision = '0102'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'unmasking',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('call_id', sa.String(length=80), nullable=False),
        sa.Column('actor', sa.String(length=120), nullable=False),
        sa.Column('reason', sa.String(length=400), nullable=False),
        sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_unmasking_call_id_call')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_unmasking')),
    )
    op.create_index(
        'ix_unmasking_call_id_actor_until', 'unmasking', ['call_id', 'actor', 'until']
    )


def downgrade() -> None:
    op.drop_table('unmasking')
