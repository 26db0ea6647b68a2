"""texts that are asked after"""

import sqlalchemy as sa
from alembic import op

revision = "c41a7d90e852"
down_revision = "9c0f4be1d733"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_notification_ask",
        "notification",
        ["ask_at"],
        postgresql_where=sa.text("status = 'sent' AND ask_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_notification_ask", table_name="notification")
    op.drop_column("notification", "ask_at")
