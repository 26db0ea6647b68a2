"""who picked up the client's phone, and what the agent says came of the call"""

import sqlalchemy as sa
from alembic import op

revision = "3f7c1d9ae264"
down_revision = "b8e05a3d71f4"
branch_labels = None
depends_on = None

REACHED = "('person', 'voicemail', 'screened', 'unknown')"
CHECKS = {
    "heard": f"heard IN {REACHED}",
    "reached": f"reached IN {REACHED}",
    "outcome": "outcome IN ('talked', 'voicemail', 'wrong_number', 'do_not_call')",
}
INDEX = "ix_call_unheard"
OF = "call (ended_at) WHERE picked_up_at IS NOT NULL AND heard IS NULL"


def upgrade() -> None:
    op.add_column("call", sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("call", sa.Column("heard", sa.String(20), nullable=True))
    op.add_column("call", sa.Column("client_seconds", sa.Integer(), nullable=True))
    op.add_column("call", sa.Column("reached", sa.String(20), nullable=True))
    op.add_column("call", sa.Column("outcome", sa.String(20), nullable=True))
    op.add_column("call", sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True))
    for name, check in CHECKS.items():
        op.execute(f"ALTER TABLE call ADD CONSTRAINT ck_call_{name} CHECK ({check}) NOT VALID")
        op.execute(f"ALTER TABLE call VALIDATE CONSTRAINT ck_call_{name}")
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(f"CREATE INDEX CONCURRENTLY {INDEX} ON {OF}")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
    for column in ("outcome_at", "outcome", "reached", "client_seconds", "heard", "picked_up_at"):
        op.drop_column("call", column)
