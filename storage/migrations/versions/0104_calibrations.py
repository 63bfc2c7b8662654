"""calibration sessions

Revision ID: 0104
Revises: 0103
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0104'
down_revision = '0103'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'calibration',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('form', sa.String(length=120), nullable=False),
        sa.Column('form_version', sa.Integer(), nullable=False),
        sa.Column('calls', JSON, nullable=False),
        sa.Column('reviewers', JSON, nullable=False),
        sa.Column('started_by', sa.String(length=120), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration')),
        sa.UniqueConstraint('name', name=op.f('uq_calibration_name')),
    )


def downgrade() -> None:
    op.drop_table('calibration')
