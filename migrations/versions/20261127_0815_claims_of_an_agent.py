"""index an agent's claims by id, to page through them newest first"""

from alembic import op

revision = "9a4f2c7be013"
down_revision = "5b1e7d30c6a8"
branch_labels = None
depends_on = None

NEW, OLD = "ix_claim_agent", "ix_claim_agent_id"
BOUNDS = ("SET lock_timeout = '3s'", "SET statement_timeout = 0")
"""Built beside the running release, an index takes as long as its table is large."""
BOUNDED = "SET statement_timeout = '60s'"


def upgrade() -> None:
    _replace(OLD, f"{NEW} ON claim (agent_id, id)")


def downgrade() -> None:
    _replace(NEW, f"{OLD} ON claim (agent_id)")


def _replace(old: str, new: str) -> None:
    with op.get_context().autocommit_block():
        for bound in BOUNDS:
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {new.partition(' ')[0]}")
        op.execute(f"CREATE INDEX CONCURRENTLY {new}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {old}")
        op.execute(BOUNDED)
