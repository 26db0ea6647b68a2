"""browsers that are signed in, each of which can be signed out; agents who have left"""

import sqlalchemy as sa
from alembic import op

revision = "8e14f0a6b7d2"
down_revision = "3c9e71d2b805"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("session_key", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_signed_in_account_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_signed_in"),
    )
    op.create_index("ix_signed_in_account_id", "signed_in", ["account_id"])
    op.add_column("sign_in_link", sa.Column("session_key", sa.Uuid(), nullable=True))
    op.add_column("agent", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("agent", "left_at")
    op.drop_column("sign_in_link", "session_key")
    op.drop_table("signed_in")
