"""who changed what"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0c8f2b6d94e1"
down_revision = "f0a94d1c3b57"
branch_labels = None
depends_on = None

VIA = ("pages", "api", "command", "product")


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "via", sa.Enum(*VIA, name="via", native_enum=False, create_constraint=True, length=20), nullable=False
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("noun", sa.String(20), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_change_account_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_change_api_key_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("ix_change_row_id", "change", ["row_id", "id"])


def downgrade() -> None:
    op.drop_table("change")
