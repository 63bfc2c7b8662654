"""stages of knowledge entries

Revision ID: 0101
Revises: 0100
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0101'
down_revision = '0100'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
ADDED = ('kind', 'stage', 'staged_at', 'staged_by', 'content', 'needs_papers', 'source_changed_at',
         'public_at', 'special')


def upgrade() -> None:
    with op.batch_alter_table('knowledge_entry') as table:
        text = {'nullable': False}
        table.add_column(sa.Column('kind', sa.String(16), server_default='matter', **text))
        # What agents could find until now they still find.
        table.add_column(sa.Column('stage', sa.String(16), server_default='published', **text))
        table.add_column(sa.Column('staged_at', MOMENT, nullable=True))
        table.add_column(sa.Column('staged_by', sa.String(120), server_default='system', **text))
        table.add_column(sa.Column('content', JSON, server_default='{}', **text))
        table.add_column(sa.Column('needs_papers', sa.Boolean(), server_default=sa.false(), **text))
        table.add_column(sa.Column('source_changed_at', MOMENT, nullable=True))
        table.add_column(sa.Column('public_at', MOMENT, nullable=True))
        table.add_column(sa.Column('special', sa.Boolean(), server_default=sa.false(), **text))
    entry = sa.table('knowledge_entry', sa.column('staged_at'), sa.column('updated_at'))
    op.execute(entry.update().values(staged_at=entry.c.updated_at))
    with op.batch_alter_table('knowledge_entry') as table:
        table.alter_column('staged_at', existing_type=MOMENT, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('knowledge_entry') as table:
        for name in ADDED:
            table.drop_column(name)
