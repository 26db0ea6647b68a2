"""messages that clients leave by phone"""

import sqlalchemy as sa
from alembic import op

revision = "5a27e8c3f019"
down_revision = "0d94f6b1a7e3"
branch_labels = None
depends_on = None

OF_OFFERS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
    "client_texted",
)  # fmt: skip
OF_REFERRALS = ("no_agent", "held", "prepared", "client_booked", "agent_reply")
OTHERS = ("sign_in", "number_code", "number_confirm", "number_changed", "test", "ceiling", "welcome")
NEW = "client_voicemail"
REPEATS = ("client_called", "booked_soon", "client_asks", "client_texted")
OFFER_INDEX = "uq_notification_offer"
ON_OFFER = (
    "notification (offer_id, kind, channel, push_subscription_id) NULLS NOT DISTINCT"
    " WHERE offer_id IS NOT NULL AND kind NOT IN ({})"
)


def upgrade() -> None:
    op.create_table(
        "voicemail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_call_id", sa.Uuid(), nullable=False),
        sa.Column("recording_sid", sa.String(34), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_call_id"], ["client_call.id"], name=op.f("fk_voicemail_client_call_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemail")),
        sa.UniqueConstraint("recording_sid", name=op.f("uq_voicemail_recording_sid")),
    )
    op.create_index(op.f("ix_voicemail_client_call_id"), "voicemail", ["client_call_id"])
    op.create_index("ix_voicemail_unfetched", "voicemail", ["id"], postgresql_where=sa.text("audio IS NULL"))
    _allow_kinds((*OF_OFFERS, NEW))
    _index(OFFER_INDEX, ON_OFFER, *REPEATS, NEW)


def downgrade() -> None:
    gone = f"SELECT id FROM notification WHERE kind = '{NEW}'"
    op.execute(f"DELETE FROM receipt WHERE notification_id IN ({gone})")
    op.execute(f"DELETE FROM notification WHERE kind = '{NEW}'")
    _index(OFFER_INDEX, ON_OFFER, *REPEATS)
    _allow_kinds(OF_OFFERS)
    op.drop_table("voicemail")


def _allow_kinds(of_offers: tuple[str, ...]) -> None:
    _replace("ck_notification_kind", f"kind IN {(*of_offers, *OF_REFERRALS, *OTHERS)}")
    _replace("ck_notification_offer_named", f"(kind IN {of_offers}) = (offer_id IS NOT NULL)")


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
