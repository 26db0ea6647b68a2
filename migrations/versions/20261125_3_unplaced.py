"""word by text that a call could not be placed"""

from alembic import op

revision = "6e3b90d81f25"
down_revision = "1d5a7e20c9f4"
branch_labels = None
depends_on = None

OF_OFFERS = ("offer", "lost", "details", "client_called")
KINDS = (
    "offer",
    "lost",
    "details",
    "sign_in",
    "no_agent",
    "number_code",
    "number_confirm",
    "number_changed",
    "client_called",
    "test",
)


def upgrade() -> None:
    _allow((*KINDS, "unplaced"), (*OF_OFFERS, "unplaced"))


def downgrade() -> None:
    gone = "SELECT id FROM notification WHERE kind = 'unplaced'"
    op.execute(f"DELETE FROM receipt WHERE notification_id IN ({gone})")
    op.execute("DELETE FROM notification WHERE kind = 'unplaced'")
    _allow(KINDS, OF_OFFERS)


def _allow(kinds: tuple[str, ...], of_offers: tuple[str, ...]) -> None:
    _replace("kind", f"kind IN {kinds}")
    _replace("offer_named", f"(kind IN {of_offers}) = (offer_id IS NOT NULL)")


def _replace(name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_notification_{name}"), "notification", type_="check")
    op.create_check_constraint(op.f(f"ck_notification_{name}"), "notification", condition)
