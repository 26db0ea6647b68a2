"""calls of clients to our number, and who took them"""

import sqlalchemy as sa
from alembic import op

revision = "e7d5160c9b28"
down_revision = "c41e8a70b95d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(34), nullable=False),
        sa.Column("attested", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_client_call_offer_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["taken_by"], ["agent.id"], name=op.f("fk_client_call_taken_by"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_call")),
        sa.UniqueConstraint("sid", name=op.f("uq_client_call_sid")),
    )
    op.create_index(op.f("ix_client_call_offer_id"), "client_call", ["offer_id"])


def downgrade() -> None:
    op.drop_table("client_call")
