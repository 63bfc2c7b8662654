"""the review desk

Revision ID: 0081
Revises: 0085
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0081'
down_revision = '0085'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_form',
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', 'version', name=op.f('pk_review_form'))
    )
    op.create_table('sampling_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.String(length=120), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sampling_rule')),
    sa.UniqueConstraint('name', name=op.f('uq_sampling_rule_name'))
    )
    op.create_table('saved_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('question', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search')),
    sa.UniqueConstraint('owner', 'name', name=op.f('uq_saved_search_owner_name'))
    )
    with op.batch_alter_table('saved_search', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_search_owner'), ['owner'], unique=False)

    op.create_table('call_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('at_s', sa.Double(), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_comment_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_comment'))
    )
    with op.batch_alter_table('call_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_comment_call_id'), ['call_id'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('seat', sa.String(length=64), nullable=False),
    sa.Column('agent', sa.String(length=64), nullable=False),
    sa.Column('reviewer', sa.String(length=120), nullable=False),
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('form', sa.String(length=120), nullable=False),
    sa.Column('form_version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('failed_by', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal', sa.Text(), nullable=False),
    sa.Column('appealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=120), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_review_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('call_id', 'reviewer', 'purpose', name=op.f('uq_review_call_id_reviewer_purpose'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_agent'), ['agent'], unique=False)
        batch_op.create_index('ix_review_reviewer_submitted_at', ['reviewer', 'submitted_at'], unique=False)
        batch_op.create_index('ix_review_seat_submitted_at', ['seat', 'submitted_at'], unique=False)

    op.create_table('work_item',
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('reviewer', sa.String(length=120), nullable=False),
    sa.Column('rule', sa.String(length=120), nullable=False),
    sa.Column('dealt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_work_item_call_id_call')),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_work_item'))
    )
    with op.batch_alter_table('work_item', schema=None) as batch_op:
        batch_op.create_index('ix_work_item_reviewer_done_at', ['reviewer', 'done_at'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('utterance_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('original', sa.String(length=200), nullable=False),
    sa.Column('corrected', sa.String(length=200), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_correction_call_id_call')),
    sa.ForeignKeyConstraint(['utterance_id'], ['utterance.id'], name=op.f('fk_correction_utterance_id_utterance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index('ix_correction_call_id_id', ['call_id', 'id'], unique=False)

    with op.batch_alter_table('recording_card', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agent', sa.String(length=64), nullable=False, server_default=''))
        batch_op.create_index('ix_recording_card_agent_started_at', ['agent', 'started_at', 'call_id'], unique=False)

    make_index()


def make_index() -> None:
    """The words of calls: the two databases keep them in ways of their own (storage/search)."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(
            "CREATE TABLE spoken_part (id INTEGER PRIMARY KEY, call_id VARCHAR(80) NOT NULL, "
            "words TEXT NOT NULL, sounds TEXT NOT NULL)"
        )
        op.execute(
            "CREATE VIRTUAL TABLE spoken_fts USING fts5(words, sounds, content='spoken_part', "
            "content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='1')"
        )
        put = "INSERT INTO spoken_fts (rowid, words, sounds) VALUES (new.id, new.words, new.sounds)"
        take = (
            "INSERT INTO spoken_fts (spoken_fts, rowid, words, sounds) "
            "VALUES ('delete', old.id, old.words, old.sounds)"
        )
        op.execute(
            f"CREATE TRIGGER spoken_part_put AFTER INSERT ON spoken_part BEGIN {put}; END"
        )
        op.execute(
            f"CREATE TRIGGER spoken_part_take AFTER DELETE ON spoken_part BEGIN {take}; END"
        )
    else:
        op.execute(
            "CREATE TABLE spoken_part (id BIGSERIAL PRIMARY KEY, call_id VARCHAR(80) NOT NULL, "
            "words tsvector NOT NULL, sounds tsvector NOT NULL)"
        )
        for column in ('words', 'sounds'):
            op.execute(f"CREATE INDEX spoken_part_{column} ON spoken_part USING gin ({column})")
    op.execute("CREATE INDEX spoken_part_call ON spoken_part (call_id)")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("DROP TABLE spoken_fts")
    op.execute("DROP TABLE spoken_part")
    with op.batch_alter_table('recording_card', schema=None) as batch_op:
        batch_op.drop_index('ix_recording_card_agent_started_at')
        batch_op.drop_column('agent')

    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index('ix_correction_call_id_id')

    op.drop_table('correction')
    with op.batch_alter_table('work_item', schema=None) as batch_op:
        batch_op.drop_index('ix_work_item_reviewer_done_at')

    op.drop_table('work_item')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index('ix_review_seat_submitted_at')
        batch_op.drop_index('ix_review_reviewer_submitted_at')
        batch_op.drop_index(batch_op.f('ix_review_agent'))

    op.drop_table('review')
    with op.batch_alter_table('call_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_comment_call_id'))

    op.drop_table('call_comment')
    with op.batch_alter_table('saved_search', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saved_search_owner'))

    op.drop_table('saved_search')
    op.drop_table('sampling_rule')
    op.drop_table('review_form')
