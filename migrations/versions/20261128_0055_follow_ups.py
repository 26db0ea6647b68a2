"""reminders of clients who are not reached yet; team leads; pauses that end by themselves, and weekly hours"""

import sqlalchemy as sa
from alembic import op

revision = "e5b7c31f8a92"
down_revision = "3f8a6d20b9c4"
branch_labels = None
depends_on = None

OF_OFFERS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
    "client_texted", "client_voicemail",
)  # fmt: skip
OTHERS = (
    "no_agent", "held", "prepared", "client_booked", "agent_reply", "bad_referral", "released", "handover_asked",
    "handover_answered", "sign_in", "number_code", "number_confirm", "number_changed", "test", "ceiling", "welcome",
)  # fmt: skip
NEW = "follow_up"
REPEATS = ("client_called", "booked_soon", "client_asks", "client_texted", "client_voicemail")
OFFER_INDEX = "uq_notification_offer"
ON_OFFER = (
    "UNIQUE INDEX CONCURRENTLY {name} ON notification (offer_id, kind, channel, push_subscription_id)"
    " NULLS NOT DISTINCT WHERE offer_id IS NOT NULL AND kind NOT IN ({kinds})"
)
ON_CLAIM = "INDEX CONCURRENTLY {name} ON claim (follow_up_at) WHERE follow_up_at IS NOT NULL"
ON_AGENT = "INDEX CONCURRENTLY {name} ON agent (paused_until) WHERE paused_until IS NOT NULL"
ON_OFF = "INDEX CONCURRENTLY {name} ON agent (off_at) WHERE off_at IS NOT NULL"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "agent_hours",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_agent_hours_weekday_known")),
        sa.CheckConstraint("begins < ends", name=op.f("ck_agent_hours_in_order")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_agent_hours_agent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("agent_id", "weekday", name=op.f("pk_agent_hours")),
    )
    op.add_column("agent", sa.Column("off_at", MOMENT, nullable=True))
    op.add_column("agent", sa.Column("paused_until", MOMENT, nullable=True))
    op.add_column("agent", sa.Column("is_lead", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("agent", sa.Column("follow_up_first", sa.Time(), server_default="09:00", nullable=False))
    op.add_column("agent", sa.Column("follow_up_second", sa.Time(), server_default="17:00", nullable=False))
    op.add_column("signed_in", sa.Column("device", sa.String(60), server_default="", nullable=False))
    op.add_column("claim", sa.Column("follow_up_at", MOMENT, nullable=True))
    op.add_column("claim", sa.Column("follow_ups", sa.SmallInteger(), nullable=True))
    _add("agent", "ck_agent_follow_ups_in_order", "follow_up_first < follow_up_second")
    _add("agent", "ck_agent_until_needs_pause", "paused_until IS NULL OR paused_at IS NOT NULL")
    _allow_kinds((*OF_OFFERS, NEW))
    _index(OFFER_INDEX, ON_OFFER, *REPEATS, NEW)
    _index("ix_claim_follow_up", ON_CLAIM)
    _index("ix_agent_paused_until", ON_AGENT)
    _index("ix_agent_off_at", ON_OFF)


def downgrade() -> None:
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE kind = '{NEW}')")
    op.execute(f"DELETE FROM notification WHERE kind = '{NEW}'")
    _index(OFFER_INDEX, ON_OFFER, *REPEATS)
    _allow_kinds(OF_OFFERS)
    op.drop_column("claim", "follow_ups")
    op.drop_column("claim", "follow_up_at")
    op.drop_column("signed_in", "device")
    for column in ("follow_up_second", "follow_up_first", "is_lead", "paused_until", "off_at"):
        op.drop_column("agent", column)
    op.drop_table("agent_hours")


def _allow_kinds(of_offers: tuple[str, ...]) -> None:
    _replace("notification", "ck_notification_kind", f"kind IN {(*of_offers, *OTHERS)}")
    _replace("notification", "ck_notification_offer_named", f"(kind IN {of_offers}) = (offer_id IS NOT NULL)")


def _replace(table: str, check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), table, type_="check")
    _add(table, check, condition)


def _add(table: str, check: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}")


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
