"""texts that are asked after, and messages that somebody waits for"""

import sqlalchemy as sa
from alembic import op

revision = "c41a7d90e852"
down_revision = "9c0f4be1d733"
branch_labels = None
depends_on = None

AWAITED = "kind::text = ANY (ARRAY['sign_in'::text, 'number_code'::text, 'test'::text])"


def upgrade() -> None:
    op.add_column("notification", sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_notification_ask",
        "notification",
        ["ask_at"],
        postgresql_where=sa.text("status = 'sent' AND ask_at IS NOT NULL"),
    )
    op.add_column(
        "notification", sa.Column("awaited", sa.Boolean(), sa.Computed(AWAITED, persisted=True), nullable=False)
    )
    op.drop_index("ix_notification_due", table_name="notification")
    op.create_index(
        "ix_notification_due",
        "notification",
        ["channel", sa.text("awaited DESC"), "due_at"],
        postgresql_where=sa.text("status = 'queued'"),
    )


def downgrade() -> None:
    op.drop_index("ix_notification_due", table_name="notification")
    op.create_index(
        "ix_notification_due", "notification", ["channel", "due_at"], postgresql_where=sa.text("status = 'queued'")
    )
    op.drop_column("notification", "awaited")
    op.drop_index("ix_notification_ask", table_name="notification")
    op.drop_column("notification", "ask_at")
