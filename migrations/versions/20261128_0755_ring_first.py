"""ring me first: who wants it, in which hours, by which consent; and when an offer is to be rung for"""

import sqlalchemy as sa
from alembic import op

revision = "b7f20d61c9ae"
down_revision = "94e1c7a2b5d8"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHECKS = {
    "ck_agent_rung_by_consent": "NOT ring_first OR call_consent_at IS NOT NULL",
    "ck_agent_ring_hours_in_order": "ring_from < ring_until",
}


def upgrade() -> None:
    for name in ("ring_first", "ring_again"):
        op.add_column("agent", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("agent", sa.Column("ring_from", sa.Time(), server_default="08:00", nullable=False))
    op.add_column("agent", sa.Column("ring_until", sa.Time(), server_default="21:00", nullable=False))
    op.add_column("agent", sa.Column("call_consent_at", MOMENT, nullable=True))
    op.add_column("agent", sa.Column("call_consent_source", sa.String(40), nullable=True))
    op.add_column("offer", sa.Column("ring_at", MOMENT, nullable=True))
    op.add_column("offer", sa.Column("rings", sa.SmallInteger(), server_default="0", nullable=False))
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE agent ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        for name in CHECKS:
            op.execute(f"ALTER TABLE agent VALIDATE CONSTRAINT {name}")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_offer_ring")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_offer_ring ON offer (ring_at) WHERE status = 'sent' AND ring_at IS NOT NULL"
        )
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    for column in ("rings", "ring_at"):
        op.drop_column("offer", column)
    for name in CHECKS:
        op.drop_constraint(op.f(name), "agent", type_="check")
    for column in ("call_consent_source", "call_consent_at", "ring_until", "ring_from", "ring_again", "ring_first"):
        op.drop_column("agent", column)
