"""claimed and not worked: when to look whether an agent is at work, and how often they were warned"""

import sqlalchemy as sa
from alembic import op

revision = "2c6f90d4e8ab"
down_revision = "8e4b1c6d92f7"
branch_labels = None
depends_on = None

OF_OFFERS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
    "client_texted", "client_voicemail", "follow_up",
)  # fmt: skip
OF_REFERRALS = (
    "no_agent", "held", "prepared", "client_booked", "agent_reply", "bad_referral", "released", "handover_asked",
    "handover_answered",
)  # fmt: skip
OTHERS = (
    "sign_in", "number_code", "number_confirm", "number_changed", "test", "ceiling", "welcome",
    "join_asked", "joined",
)  # fmt: skip
NEW_OF_OFFERS, NEW_OTHERS = ("unworked", "went_on"), ("not_worked",)
REPEATS_OFFER = ("client_called", "booked_soon", "client_asks", "client_texted", "client_voicemail", "follow_up")
REPEATS_REFERRAL = (
    "no_agent", "prepared", "client_booked", "agent_reply", "released", "handover_asked", "handover_answered",
)  # fmt: skip
ON_OFFER = (
    "UNIQUE INDEX CONCURRENTLY {name} ON notification (offer_id, kind, channel, push_subscription_id)"
    " NULLS NOT DISTINCT WHERE offer_id IS NOT NULL AND kind NOT IN ({kinds})"
)
ON_REFERRAL = (
    "UNIQUE INDEX CONCURRENTLY {name} ON notification (referral_id, account_id, kind, channel, push_subscription_id)"
    " NULLS NOT DISTINCT WHERE referral_id IS NOT NULL AND account_id IS NOT NULL AND kind NOT IN ({kinds})"
)
ON_CLIENT = (
    "UNIQUE INDEX CONCURRENTLY {name} ON notification (referral_id, kind, channel)"
    " WHERE client_id IS NOT NULL AND kind NOT IN ({kinds})"
)
ON_CLAIM = "INDEX CONCURRENTLY {name} ON claim (check_at) WHERE check_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("claim", sa.Column("check_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("claim", sa.Column("warnings", sa.SmallInteger(), server_default="0", nullable=False))
    _ends("'released', 'handed_over', 'not_worked'")
    _allow_kinds((*OF_OFFERS, *NEW_OF_OFFERS), NEW_OTHERS)
    _indexes((*REPEATS_OFFER, "unworked"), (*REPEATS_REFERRAL, *NEW_OTHERS))
    _index("ix_claim_check", ON_CLAIM)


def downgrade() -> None:
    new = (*NEW_OF_OFFERS, *NEW_OTHERS)
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE kind IN {new})")
    op.execute(f"DELETE FROM notification WHERE kind IN {new}")
    _indexes(REPEATS_OFFER, REPEATS_REFERRAL)
    _allow_kinds(OF_OFFERS, ())
    op.execute("UPDATE claim SET ended_how = 'released' WHERE ended_how = 'not_worked'")
    _ends("'released', 'handed_over'")
    op.drop_column("claim", "warnings")
    op.drop_column("claim", "check_at")


def _ends(known: str) -> None:
    _replace("claim", "ck_claim_claimend", f"ended_how IN ({known})")


def _allow_kinds(of_offers: tuple[str, ...], new: tuple[str, ...]) -> None:
    of_referrals = (*OF_REFERRALS, *new)
    _replace("notification", "ck_notification_kind", f"kind IN {(*of_offers, *of_referrals, *OTHERS)}")
    _replace("notification", "ck_notification_offer_named", f"(kind IN {of_offers}) = (offer_id IS NOT NULL)")
    named = f"(kind IN {of_referrals}) = (referral_id IS NOT NULL)"
    _replace("notification", "ck_notification_referral_named", named)


def _replace(table: str, check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), table, type_="check")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}")


def _indexes(of_offers: tuple[str, ...], of_referrals: tuple[str, ...]) -> None:
    _index("uq_notification_offer", ON_OFFER, *of_offers)
    _index("uq_notification_referral", ON_REFERRAL, *of_referrals)
    _index("uq_notification_client", ON_CLIENT, *of_referrals)


def _index(name: str, made: str, *repeats: str) -> None:
    """Builds it beside the running release; the old one stays until the new one is whole."""
    kinds = ", ".join(f"'{kind}'" for kind in repeats)
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
        op.execute(f"CREATE {made.format(name=f'{name}_new', kinds=kinds)}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        op.execute("SET statement_timeout = '60s'")
