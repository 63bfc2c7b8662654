"""call flows: drafts, versions, releases, routes, tests, switches

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('flow',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('draft', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('draft_version', sa.Integer(), nullable=False),
    sa.Column('authors', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_flow'))
    )
    op.create_table('flow_switch',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('on', sa.Boolean(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_flow_switch'))
    )
    op.create_table('flow_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('flow', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by', sa.String(length=120), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['flow'], ['flow.name'], name=op.f('fk_flow_release_flow_flow')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_release'))
    )
    with op.batch_alter_table('flow_release', schema=None) as batch_op:
        batch_op.create_index('ix_flow_release_flow_effective_from', ['flow', 'effective_from', 'id'], unique=False)
    op.create_table('flow_route',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dialled', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('caller', sa.String(length=64), nullable=False),
    sa.Column('flow', sa.String(length=64), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['flow'], ['flow.name'], name=op.f('fk_flow_route_flow_flow')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_route')),
    sa.UniqueConstraint('dialled', 'channel', 'caller', name=op.f('uq_flow_route_dialled_channel_caller'))
    )
    op.create_table('flow_test',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('flow', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('world', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('script', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('expects', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['flow'], ['flow.name'], name=op.f('fk_flow_test_flow_flow')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_test')),
    sa.UniqueConstraint('flow', 'name', name=op.f('uq_flow_test_flow_name'))
    )
    op.create_table('flow_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('flow', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('graph', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('linked', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('authors', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('coverage', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['flow'], ['flow.name'], name=op.f('fk_flow_version_flow_flow')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_version')),
    sa.UniqueConstraint('flow', 'number', name=op.f('uq_flow_version_flow_number'))
    )


def downgrade() -> None:
    op.drop_table('flow_version')
    op.drop_table('flow_test')
    op.drop_table('flow_route')
    with op.batch_alter_table('flow_release', schema=None) as batch_op:
        batch_op.drop_index('ix_flow_release_flow_effective_from')
    op.drop_table('flow_release')
    op.drop_table('flow_switch')
    op.drop_table('flow')
