"""mails to admins of one kind: one index by which those of a while are found"""

from alembic import op

revision = "a17d4c92e5b8"
down_revision = "2b84e6f0c9d1"
branch_labels = None
depends_on = None

WITH_A_DIGEST = ("no_agent", "held", "bad_referral", "released", "not_worked")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_notification_digest")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_notification_digest ON notification (account_id, kind, created_at) "
            f"WHERE kind IN {WITH_A_DIGEST}"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_notification_no_agent")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.execute("CREATE INDEX ix_notification_no_agent ON notification (account_id, created_at) WHERE kind = 'no_agent'")
    op.drop_index("ix_notification_digest", "notification")
