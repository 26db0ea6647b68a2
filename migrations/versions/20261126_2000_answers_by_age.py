"""answers kept for idempotency are found by their age"""

from alembic import op

revision = "d4a8e1c65f20"
down_revision = "b2f7c40e9d13"
branch_labels = None
depends_on = None

INDEX = "ix_idempotent_answer_created_at"
BOUNDS = ("SET lock_timeout = '3s'", "SET statement_timeout = 0")
"""Built beside the running release, an index takes as long as its table is large."""
BOUNDED = "SET statement_timeout = '60s'"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for bound in BOUNDS:
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(f"CREATE INDEX CONCURRENTLY {INDEX} ON idempotent_answer (created_at)")
        op.execute(BOUNDED)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
