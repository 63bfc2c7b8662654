"""indexes for every filter of the list of recordings

Revision ID: 0102
Revises: 0073
"""

from alembic import op

revision = '0102'
down_revision = '0073'
branch_labels = None
depends_on = None

RANGED = ('score', 'silence_s', 'talk_over_s', 'length_s', 'confidence')


def upgrade() -> None:
    op.drop_index('ix_recording_card_score', table_name='recording_card')
    for name in RANGED:
        op.create_index(f'ix_recording_card_{name}_started_at', 'recording_card', [name, 'started_at', 'call_id'])
    op.create_index('ix_recording_card_ticket_id', 'recording_card', ['ticket_id'])


def downgrade() -> None:
    op.drop_index('ix_recording_card_ticket_id', table_name='recording_card')
    for name in RANGED:
        op.drop_index(f'ix_recording_card_{name}_started_at', table_name='recording_card')
    op.create_index('ix_recording_card_score', 'recording_card', ['score', 'started_at'])
