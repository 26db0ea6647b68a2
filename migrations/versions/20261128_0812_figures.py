"""figures: one row for each offer with all that they ask about"""

import sqlalchemy as sa
from alembic import op

revision = "d3a85c7e10f6"
down_revision = "b7f20d61c9ae"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "offer_fact",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("came_at", MOMENT, nullable=False),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("source", sa.String(80), nullable=True),
        sa.Column("channel", sa.String(10), nullable=True),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("claim_seconds", sa.Float(), nullable=True),
        sa.Column("talked", sa.Boolean(), nullable=False),
        sa.Column("bad", sa.Boolean(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_fact_offer_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offer_fact")),
    )
    op.create_index("ix_offer_fact_came_at", "offer_fact", ["came_at"])


def downgrade() -> None:
    op.drop_table("offer_fact")
