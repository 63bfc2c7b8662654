"""recordings kept by rule

Revision ID: 0080
Revises: 0070
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0080'
down_revision = '0070'
branch_labels = None
depends_on = None

# What happened cannot be made not to have happened, not even by whoever reaches the database
# through our own code.
APPEND_ONLY = ('listening', 'audit', 'recording_link')


def upgrade() -> None:
    op.create_table('deletion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposed_by', sa.String(length=120), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by', sa.String(length=120), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('certificate', sa.Text(), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deletion'))
    )
    op.create_table('listening',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('from_s', sa.Double(), nullable=False),
    sa.Column('to_s', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listening'))
    )
    with op.batch_alter_table('listening', schema=None) as batch_op:
        batch_op.create_index('ix_listening_actor_at', ['actor', 'at'], unique=False)
        batch_op.create_index('ix_listening_at_id', ['at', 'id'], unique=False)
        batch_op.create_index('ix_listening_call_id_at', ['call_id', 'at'], unique=False)

    op.create_table('recording_day',
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('links', sa.Integer(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_recording_day'))
    )
    op.create_table('recording_link',
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('link', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('day', 'seq', name=op.f('pk_recording_link')),
    sa.UniqueConstraint('call_id', name=op.f('uq_recording_link_call_id'))
    )
    op.create_table('retention_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('conditions', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('keep_days', sa.Integer(), nullable=True),
    sa.Column('origin', sa.String(length=16), nullable=False),
    sa.Column('changed_by', sa.String(length=120), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_rule')),
    sa.UniqueConstraint('name', name=op.f('uq_retention_rule_name'))
    )
    op.create_table('card_tag',
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('tag', sa.String(length=120), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_card_tag_call_id_call')),
    sa.PrimaryKeyConstraint('call_id', 'tag', name=op.f('pk_card_tag'))
    )
    with op.batch_alter_table('card_tag', schema=None) as batch_op:
        batch_op.create_index('ix_card_tag_tag_started_at', ['tag', 'started_at', 'call_id'], unique=False)

    op.create_table('deletion_item',
    sa.Column('deletion_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('rule', sa.String(length=120), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('spared', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_deletion_item_call_id_call')),
    sa.ForeignKeyConstraint(['deletion_id'], ['deletion.id'], name=op.f('fk_deletion_item_deletion_id_deletion')),
    sa.PrimaryKeyConstraint('deletion_id', 'call_id', name=op.f('pk_deletion_item'))
    )
    with op.batch_alter_table('deletion_item', schema=None) as batch_op:
        batch_op.create_index('ix_deletion_item_call_id', ['call_id'], unique=False)

    op.create_table('legal_hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('placed_by', sa.String(length=120), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_by', sa.String(length=120), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_legal_hold_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    with op.batch_alter_table('legal_hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_hold_call_id'), ['call_id'], unique=False)

    op.create_table('recording_card',
    sa.Column('call_id', sa.String(length=80), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('caller', sa.String(length=64), nullable=False),
    sa.Column('seat', sa.String(length=64), nullable=False),
    sa.Column('queue', sa.String(length=64), nullable=False),
    sa.Column('topic', sa.String(length=200), nullable=False),
    sa.Column('district', sa.String(length=64), nullable=False),
    sa.Column('category', sa.String(length=32), nullable=False),
    sa.Column('ticket_id', sa.String(length=12), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('length_s', sa.Double(), nullable=False),
    sa.Column('answer_s', sa.Double(), nullable=True),
    sa.Column('silence_s', sa.Double(), nullable=False),
    sa.Column('talk_over_s', sa.Double(), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('satisfaction', sa.Integer(), nullable=True),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('suspension', sa.Boolean(), nullable=False),
    sa.Column('keeping', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_recording_card_call_id_call')),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_recording_card'))
    )
    with op.batch_alter_table('recording_card', schema=None) as batch_op:
        batch_op.create_index('ix_recording_card_caller_started_at', ['caller', 'started_at', 'call_id'], unique=False)
        batch_op.create_index('ix_recording_card_category_started_at', ['category', 'started_at', 'call_id'], unique=False)
        batch_op.create_index('ix_recording_card_district_started_at', ['district', 'started_at', 'call_id'], unique=False)
        batch_op.create_index('ix_recording_card_queue_started_at', ['queue', 'started_at', 'call_id'], unique=False)
        batch_op.create_index('ix_recording_card_satisfaction_started_at', ['satisfaction', 'started_at', 'call_id'], unique=False)
        batch_op.create_index('ix_recording_card_score', ['score', 'started_at'], unique=False)
        batch_op.create_index('ix_recording_card_seat_started_at', ['seat', 'started_at', 'call_id'], unique=False)
        batch_op.create_index('ix_recording_card_started_at_call_id', ['started_at', 'call_id'], unique=False)
        batch_op.create_index('ix_recording_card_topic_started_at', ['topic', 'started_at', 'call_id'], unique=False)

    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.add_column(sa.Column('keeping', sa.String(length=8), nullable=False, server_default='kept'))
        batch_op.create_index(batch_op.f('ix_recording_made_at'), ['made_at'], unique=False)

    for table in APPEND_ONLY:
        protect(table)


def protect(table: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for deed in ('UPDATE', 'DELETE'):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def unprotect(table: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for deed in ('update', 'delete'):
            op.execute(f"DROP TRIGGER {table}_no_{deed}")
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(f"DROP FUNCTION {table}_append_only()")


def downgrade() -> None:
    for table in APPEND_ONLY:
        unprotect(table)
    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recording_made_at'))
        batch_op.drop_column('keeping')

    with op.batch_alter_table('recording_card', schema=None) as batch_op:
        batch_op.drop_index('ix_recording_card_topic_started_at')
        batch_op.drop_index('ix_recording_card_started_at_call_id')
        batch_op.drop_index('ix_recording_card_seat_started_at')
        batch_op.drop_index('ix_recording_card_score')
        batch_op.drop_index('ix_recording_card_satisfaction_started_at')
        batch_op.drop_index('ix_recording_card_queue_started_at')
        batch_op.drop_index('ix_recording_card_district_started_at')
        batch_op.drop_index('ix_recording_card_category_started_at')
        batch_op.drop_index('ix_recording_card_caller_started_at')

    op.drop_table('recording_card')
    with op.batch_alter_table('legal_hold', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legal_hold_call_id'))

    op.drop_table('legal_hold')
    with op.batch_alter_table('deletion_item', schema=None) as batch_op:
        batch_op.drop_index('ix_deletion_item_call_id')

    op.drop_table('deletion_item')
    with op.batch_alter_table('card_tag', schema=None) as batch_op:
        batch_op.drop_index('ix_card_tag_tag_started_at')

    op.drop_table('card_tag')
    op.drop_table('retention_rule')
    op.drop_table('recording_link')
    op.drop_table('recording_day')
    with op.batch_alter_table('listening', schema=None) as batch_op:
        batch_op.drop_index('ix_listening_call_id_at')
        batch_op.drop_index('ix_listening_at_id')
        batch_op.drop_index('ix_listening_actor_at')

    op.drop_table('listening')
    op.drop_table('deletion')
