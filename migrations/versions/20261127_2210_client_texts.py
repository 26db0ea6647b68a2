"""texts between a client and their agent"""

import sqlalchemy as sa
from alembic import op

revision = "0d94f6b1a7e3"
down_revision = "e7d5160c9b28"
branch_labels = None
depends_on = None

OF_OFFERS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
)  # fmt: skip
OF_REFERRALS = ("no_agent", "held", "prepared", "client_booked")
OTHERS = ("sign_in", "number_code", "number_confirm", "number_changed", "test", "ceiling", "welcome")
NEW = ("client_texted", "agent_reply")
OFFER_INDEX = "uq_notification_offer"
ON_OFFER = (
    "notification (offer_id, kind, channel, push_subscription_id) NULLS NOT DISTINCT"
    " WHERE offer_id IS NOT NULL AND kind NOT IN ({})"
)
CLIENT_INDEX = "uq_notification_client"
ON_CLIENT = "notification (referral_id, kind, channel) WHERE client_id IS NOT NULL AND kind NOT IN ({})"


def upgrade() -> None:
    op.create_table(
        "client_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{noun}_id"], [f"{noun}.id"], name=op.f(f"fk_client_reply_{noun}_id"), ondelete="RESTRICT"
            )
            for noun in ("referral", "agent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_reply")),
        sa.UniqueConstraint("referral_id", "at", name=op.f("uq_client_reply_referral_id_at")),
    )
    _allow_kinds((*OF_OFFERS, NEW[0]), (*OF_REFERRALS, NEW[1]))
    _index(OFFER_INDEX, ON_OFFER, "client_called", "booked_soon", "client_asks", "client_texted")
    _index(CLIENT_INDEX, ON_CLIENT, "client_booked", "agent_reply")


def downgrade() -> None:
    gone = f"SELECT id FROM notification WHERE kind IN {NEW}"
    op.execute(f"DELETE FROM receipt WHERE notification_id IN ({gone})")
    op.execute(f"DELETE FROM notification WHERE kind IN {NEW}")
    _index(CLIENT_INDEX, ON_CLIENT, "client_booked")
    _index(OFFER_INDEX, ON_OFFER, "client_called", "booked_soon", "client_asks")
    _allow_kinds(OF_OFFERS, OF_REFERRALS)
    op.drop_table("client_reply")


def _allow_kinds(of_offers: tuple[str, ...], of_referrals: tuple[str, ...]) -> None:
    _replace("ck_notification_kind", f"kind IN {(*of_offers, *of_referrals, *OTHERS)}")
    for name, kinds in (("offer", of_offers), ("referral", of_referrals)):
        _replace(f"ck_notification_{name}_named", f"(kind IN {kinds}) = ({name}_id IS NOT NULL)")


def _replace(check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), "notification", type_="check")
    op.execute(f"ALTER TABLE notification ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {check}")


def _index(name: str, on: str, *repeats: str) -> None:
    """Builds it beside the running release; the old one stays until the new one is whole."""
    kinds = ", ".join(f"'{kind}'" for kind in repeats)
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
        op.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name}_new ON {on.format(kinds)}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        op.execute("SET statement_timeout = '60s'")
