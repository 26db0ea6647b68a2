"""mails that nobody has a referral are counted, to put many into one"""

from alembic import op

revision = "e6c1b7f42a90"
down_revision = "d4a8e1c65f20"
branch_labels = None
depends_on = None

INDEX = "ix_notification_no_agent"
BOUNDS = ("SET lock_timeout = '3s'", "SET statement_timeout = 0")
"""Built beside the running release, an index takes as long as its table is large."""
BOUNDED = "SET statement_timeout = '60s'"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for bound in BOUNDS:
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(
            f"CREATE INDEX CONCURRENTLY {INDEX} ON notification (account_id, created_at) WHERE kind = 'no_agent'"
        )
        op.execute(BOUNDED)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
