"""the gate before every call to a client, the wish not to be called, and one live call to a client"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b8e05a3d71f4"
down_revision = "6d2b9f07c3e1"
branch_labels = None
depends_on = None

WAYS = "('call', 'text', 'email')"
ONE = "uq_call_one_live_per_client ON call (client_phone) WHERE status IN ('accepted', 'connected')"


def upgrade() -> None:
    op.create_table(
        "do_not_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_key", sa.String(34), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"way IN {WAYS}", name=op.f("ck_do_not_contact_way")),
        sa.CheckConstraint(
            "source IN ('text', 'key', 'page', 'agent', 'api', 'desk', 'file')", name=op.f("ck_do_not_contact_source")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_do_not_contact_referral_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_contact")),
    )
    op.create_index(op.f("ix_do_not_contact_referral_id"), "do_not_contact", ["referral_id"])
    op.create_index(
        "uq_do_not_contact",
        "do_not_contact",
        ["contact_key", "way"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "gate_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("refusals", postgresql.ARRAY(sa.String(20)), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('bridge', 'again')", name=op.f("ck_gate_answer_act")),
        sa.CheckConstraint(f"way IN {WAYS}", name=op.f("ck_gate_answer_way")),
        *(
            sa.ForeignKeyConstraint(
                [f"{noun}_id"], [f"{noun}.id"], name=op.f(f"fk_gate_answer_{noun}_id"), ondelete="RESTRICT"
            )
            for noun in ("client", "referral", "call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_answer")),
    )
    op.create_index(op.f("ix_gate_answer_client_id"), "gate_answer", ["client_id"])
    op.create_index("ix_gate_answer_referral", "gate_answer", ["referral_id", "way", "at"])
    op.create_index(
        "uq_gate_answer_call",
        "gate_answer",
        ["call_id"],
        unique=True,
        postgresql_where=sa.text("call_id IS NOT NULL"),
    )
    op.add_column("call", sa.Column("client_phone", sa.String(16), nullable=True))
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {ONE.partition(' ')[0]}")
        op.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {ONE}")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {ONE.partition(' ')[0]}")
    op.drop_column("call", "client_phone")
    op.drop_table("gate_answer")
    op.drop_table("do_not_contact")
