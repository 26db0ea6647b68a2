"""agents who are here twice: which row is who they are; and an agent's own figures"""

import sqlalchemy as sa
from alembic import op

revision = "2b84e6f0c9d1"
down_revision = "f19c5d3e7a82"
branch_labels = None
depends_on = None

KEY = "fk_agent_merged_into_id"


def upgrade() -> None:
    op.add_column("agent", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.execute(
        f"ALTER TABLE agent ADD CONSTRAINT {KEY} FOREIGN KEY (merged_into_id) REFERENCES agent (id) ON DELETE RESTRICT NOT VALID"
    )
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute(f"ALTER TABLE agent VALIDATE CONSTRAINT {KEY}")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_agent_merged_into_id")
        op.execute("CREATE INDEX CONCURRENTLY ix_agent_merged_into_id ON agent (merged_into_id)")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_offer_fact_agent")
        op.execute("CREATE INDEX CONCURRENTLY ix_offer_fact_agent ON offer_fact (agent_id, came_at)")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.drop_index("ix_offer_fact_agent", "offer_fact")
    op.drop_column("agent", "merged_into_id")
