"""a push message that was never to be sent may be for no browser"""

from alembic import op

revision = "1d5a7e20c9f4"
down_revision = "c41a7d90e852"
branch_labels = None
depends_on = None

OF_ONE_BROWSER = "(channel = 'push') = (push_subscription_id IS NOT NULL)"


def upgrade() -> None:
    _replace(f"{OF_ONE_BROWSER} OR (channel = 'push' AND status = 'dropped')")


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE channel = 'push' AND push_subscription_id IS NULL")
    _replace(OF_ONE_BROWSER)


def _replace(condition: str) -> None:
    op.drop_constraint(op.f("ck_notification_push_has_browser"), "notification", type_="check")
    op.create_check_constraint(op.f("ck_notification_push_has_browser"), "notification", condition)
