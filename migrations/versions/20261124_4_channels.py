"""channels of an agent, push subscriptions, texts that come in"""

import sqlalchemy as sa
from alembic import op

revision = "9c0f4be1d733"
down_revision = "5e2d7c9a40b1"
branch_labels = None
depends_on = None

KINDS = ("offer", "lost", "details", "sign_in", "no_agent", "number_code", "number_confirm", "number_changed")
REASONS = ("too_far", "too_busy", "price", "not_my_kind", "other", "by_key")
CHANNELS = ("email", "sms", "push", "voice")
OFF_REASONS = ("stopped", "landline", "no_such_number", "bounced", "unsubscribed", "gone")
SUBSCRIPTION_ENDS = ("gone", "signed_out", "turned_off", "moved")
MEANINGS = ("call", "decline", "stop", "start", "help", "unclear")


def upgrade() -> None:
    _make_tables()
    op.add_column("agent", sa.Column("reach_checked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offer", sa.Column("letter", sa.String(length=1), server_default="A", nullable=False))
    op.create_check_constraint(op.f("ck_offer_letter_is_one"), "offer", "letter ~ '^[A-Z]$'")
    _replace_check("offer", "declinereason", "decline_reason", (*REASONS, "by_text", "by_push"))

    op.alter_column("notification", "attempts", type_=sa.Integer())
    op.add_column("notification", sa.Column("sent_to", sa.String(length=16), nullable=True))
    op.add_column("notification", sa.Column("words_hash", sa.String(length=64), nullable=True))
    op.add_column("notification", sa.Column("push_subscription_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notification_push_subscription_id"),
        "notification",
        "push_subscription",
        ["push_subscription_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.create_index(op.f("ix_notification_push_subscription_id"), "notification", ["push_subscription_id"])
    _replace_check("notification", "kind", "kind", (*KINDS, "client_called", "test"))
    _replace("offer_named", "(kind IN ('offer', 'lost', 'details', 'client_called')) = (offer_id IS NOT NULL)")
    op.drop_constraint(op.f("ck_notification_only_codes_are_spoken"), "notification", type_="check")
    op.create_check_constraint(
        op.f("ck_notification_only_these_are_spoken"),
        "notification",
        "channel <> 'voice' OR kind IN ('number_code', 'test')",
    )
    op.create_check_constraint(
        op.f("ck_notification_push_has_browser"),
        "notification",
        "(channel = 'push') = (push_subscription_id IS NOT NULL)",
    )
    op.drop_constraint(op.f("uq_notification_offer_id_kind_channel"), "notification", type_="unique")
    op.create_index(
        "uq_notification_offer",
        "notification",
        ["offer_id", "kind", "channel", "push_subscription_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("offer_id IS NOT NULL AND kind <> 'client_called'"),
    )
    op.drop_index("ix_notification_waiting", table_name="notification")
    op.create_index(
        "ix_notification_due", "notification", ["channel", "due_at"], postgresql_where=sa.text("status = 'queued'")
    )
    op.create_index(
        "ix_notification_taken", "notification", ["taken_at"], postgresql_where=sa.text("status = 'sending'")
    )


def downgrade() -> None:
    gone = "kind IN ('client_called', 'test') OR channel = 'push'"
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE {gone})")
    op.execute(f"DELETE FROM notification WHERE {gone}")
    op.execute("UPDATE offer SET decline_reason = 'other' WHERE decline_reason IN ('by_text', 'by_push')")
    op.drop_index("ix_notification_taken", table_name="notification")
    op.drop_index("ix_notification_due", table_name="notification")
    op.create_index(
        "ix_notification_waiting",
        "notification",
        ["due_at"],
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.drop_index("uq_notification_offer", table_name="notification")
    op.create_unique_constraint(
        op.f("uq_notification_offer_id_kind_channel"), "notification", ["offer_id", "kind", "channel"]
    )
    op.drop_constraint(op.f("ck_notification_push_has_browser"), "notification", type_="check")
    op.drop_constraint(op.f("ck_notification_only_these_are_spoken"), "notification", type_="check")
    op.create_check_constraint(
        op.f("ck_notification_only_codes_are_spoken"), "notification", "channel <> 'voice' OR kind = 'number_code'"
    )
    _replace("offer_named", "(kind IN ('offer', 'lost', 'details')) = (offer_id IS NOT NULL)")
    _replace_check("notification", "kind", "kind", KINDS)
    op.drop_index(op.f("ix_notification_push_subscription_id"), table_name="notification")
    op.drop_column("notification", "push_subscription_id")
    op.drop_column("notification", "words_hash")
    op.drop_column("notification", "sent_to")
    op.alter_column("notification", "attempts", type_=sa.SmallInteger())
    _replace_check("offer", "declinereason", "decline_reason", REASONS)
    op.drop_column("offer", "letter")
    op.drop_column("agent", "reach_checked_at")
    for table in ("inbound_text", "pace", "push_subscription", "agent_channel"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "agent_channel",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_reason", sa.String(length=20), nullable=True),
        sa.Column("off_code", sa.String(length=60), nullable=True),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name=op.f("ck_agent_channel_channel")),
        sa.CheckConstraint("channel <> 'voice'", name=op.f("ck_agent_channel_channel_carries_messages")),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_agent_channel_quiet_from_until")
        ),
        sa.CheckConstraint("quiet_from <> quiet_until", name=op.f("ck_agent_channel_quiet_ends")),
        sa.CheckConstraint("(off_at IS NULL) = (off_reason IS NULL)", name=op.f("ck_agent_channel_off_has_reason")),
        sa.CheckConstraint("off_code IS NULL OR off_at IS NOT NULL", name=op.f("ck_agent_channel_code_when_off")),
        sa.CheckConstraint(f"off_reason IN {OFF_REASONS}", name=op.f("ck_agent_channel_offreason")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_agent_channel_agent_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("agent_id", "channel", name=op.f("pk_agent_channel")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_push_subscription_end_has_reason")
        ),
        sa.CheckConstraint(f"end_reason IN {SUBSCRIPTION_ENDS}", name=op.f("ck_push_subscription_subscriptionend")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_push_subscription_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
    )
    op.create_index(op.f("ix_push_subscription_account_id"), "push_subscription", ["account_id"])
    op.create_index(
        "uq_push_subscription_live",
        "push_subscription",
        ["endpoint"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "pace",
        sa.Column("sender", sa.String(length=60), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_pace")),
    )
    op.create_table(
        "inbound_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(length=34), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(length=1600), nullable=False),
        sa.Column("meaning", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=320), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"meaning IN {MEANINGS}", name=op.f("ck_inbound_text_meaning")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_inbound_text_agent_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_inbound_text_offer_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_text")),
        sa.UniqueConstraint("sid", name=op.f("uq_inbound_text_sid")),
    )
    op.create_index(op.f("ix_inbound_text_offer_id"), "inbound_text", ["offer_id"])
    op.create_index("ix_inbound_text_agent_id_received_at", "inbound_text", ["agent_id", "received_at"])


def _replace_check(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN {values}")


def _replace(name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_notification_{name}"), "notification", type_="check")
    op.create_check_constraint(op.f(f"ck_notification_{name}"), "notification", condition)
