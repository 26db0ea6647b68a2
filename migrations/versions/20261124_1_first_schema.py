"""first schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ffed1806ceda"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("is_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("session_key", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("strpos(email, '@') > 1", name=op.f("ck_account_email_has_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("session_key", name=op.f("uq_account_session_key")),
    )
    op.create_index("uq_account_email", "account", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("ck_client_phone_is_e164")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    op.create_index(op.f("ix_client_phone"), "client", ["phone"], unique=False)
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index("uq_team_name", "team", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "agent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), server_default="en", nullable=False),
        sa.Column("takes_buyers", sa.Boolean(), nullable=False),
        sa.Column("takes_sellers", sa.Boolean(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sms_consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sms_consent_source", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("ck_agent_phone_is_e164")),
        sa.CheckConstraint(
            "(sms_consent_at IS NULL) = (sms_consent_source IS NULL)",
            name=op.f("ck_agent_consent_has_source"),
        ),
        sa.CheckConstraint("takes_buyers OR takes_sellers", name=op.f("ck_agent_takes_something")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_agent_account_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_agent_team_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("account_id", name=op.f("uq_agent_account_id")),
        sa.UniqueConstraint("phone", name=op.f("uq_agent_phone")),
    )
    op.create_index(op.f("ix_agent_team_id"), "agent", ["team_id"], unique=False)
    op.create_table(
        "idempotent_answer",
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_key.id"], name=op.f("fk_idempotent_answer_api_key_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("api_key_id", "key", name=op.f("pk_idempotent_answer")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("next_path", sa.String(length=200), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "left(next_path, 1) = '/' AND left(next_path, 2) <> '//'",
            name=op.f("ck_sign_in_link_next_is_local"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_account_id"), "sign_in_link", ["account_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("buyer", "seller", name="referralkind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "claimed",
                "closed",
                name="referralstatus",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("zip_code", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("price_min", sa.Integer(), nullable=False),
        sa.Column("price_max", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'claimed') <= (claimed_at IS NOT NULL)", name=op.f("ck_referral_claimed_has_time")
        ),
        sa.CheckConstraint("(team_id IS NULL) <> (agent_id IS NULL)", name=op.f("ck_referral_one_target")),
        sa.CheckConstraint("0 <= price_min AND price_min <= price_max", name=op.f("ck_referral_price_in_order")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_referral_agent_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_referral_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_referral_team_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_agent_id"), "referral", ["agent_id"], unique=False)
    op.create_index(op.f("ix_referral_client_id"), "referral", ["client_id"], unique=False)
    op.create_index("ix_referral_created_at", "referral", ["created_at"], unique=False)
    op.create_index(op.f("ix_referral_team_id"), "referral", ["team_id"], unique=False)
    op.create_table(
        "client_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("where", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"where\" IN ('portal', 'email', 'admin')", name=op.f("ck_client_view_where_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_client_view_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_view_client_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_client_view_referral_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_view")),
    )
    op.create_index(op.f("ix_client_view_account_id"), "client_view", ["account_id"], unique=False)
    op.create_index(op.f("ix_client_view_client_id"), "client_view", ["client_id"], unique=False)
    op.create_index(op.f("ix_client_view_referral_id"), "client_view", ["referral_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.SmallInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "claimed",
                "declined",
                "lost",
                "expired",
                "withdrawn",
                name="offerstatus",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(length=40), nullable=True),
        sa.Column("decline_words", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'sent') = (ended_at IS NULL)", name=op.f("ck_offer_ended_when_over")),
        sa.CheckConstraint("decline_reason IS NULL OR status = 'declined'", name=op.f("ck_offer_reason_when_declined")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_offer_agent_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_offer_referral_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("referral_id", "agent_id", name=op.f("uq_offer_referral_id_agent_id")),
    )
    op.create_index(op.f("ix_offer_agent_id"), "offer", ["agent_id"], unique=False)
    op.create_index("ix_offer_expiring", "offer", ["expires_at"], unique=False, postgresql_where="status = 'sent'")
    op.create_index(
        "uq_offer_one_claimed", "offer", ["referral_id"], unique=True, postgresql_where="status = 'claimed'"
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("outbound", "inbound", name="direction", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "dialing",
                "ringing",
                "answered",
                "canceling",
                "accepted",
                "connected",
                "completed",
                "client_missed",
                "no_answer",
                "busy",
                "failed",
                "canceled",
                "voicemail",
                "rejected",
                "declined",
                "hung_up",
                "silent",
                "lost",
                name="callstatus",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("sid", sa.String(length=34), nullable=True),
        sa.Column("client_sid", sa.String(length=34), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dialing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ring_deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('busy', 'canceled', 'client_missed', 'completed', 'declined', 'failed', 'hung_up', 'lost', 'no_answer', 'rejected', 'silent', 'voicemail')) = (ended_at IS NOT NULL)",
            name=op.f("ck_call_ended_when_over"),
        ),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("ck_call_phone_is_e164")),
        sa.CheckConstraint(
            "status <> 'connected' OR connected_at IS NOT NULL", name=op.f("ck_call_connected_has_time")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_call_agent_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_call_offer_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("sid", name=op.f("uq_call_sid")),
    )
    op.create_index(
        "ix_call_live", "call", ["status", "requested_at"], unique=False, postgresql_where="ended_at IS NULL"
    )
    op.create_index(op.f("ix_call_offer_id"), "call", ["offer_id"], unique=False)
    op.create_index(
        "uq_call_one_live_per_agent",
        "call",
        ["agent_id"],
        unique=True,
        postgresql_where="status IN ('accepted', 'answered', 'connected', 'dialing', 'requested', 'ringing') AND direction = 'outbound'",
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "via",
            sa.Enum("key", "pin", name="via", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_claim_agent_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_claim_offer_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_claim_referral_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_claim_offer_id")),
    )
    op.create_index(op.f("ix_claim_agent_id"), "claim", ["agent_id"], unique=False)
    op.create_index(op.f("ix_claim_referral_id"), "claim", ["referral_id"], unique=False)
    op.create_index("uq_claim_one_standing", "claim", ["referral_id"], unique=True, postgresql_where="ended_at IS NULL")
    op.create_table(
        "late_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("behind_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_late_claim_offer_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_claim")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_late_claim_offer_id")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("sign_in_link_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "offer",
                "lost",
                "details",
                "sign_in",
                "no_agent",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", "push", name="channel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "delivered",
                "failed",
                "dropped",
                name="notificationstatus",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=200), nullable=True),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'no_agent') = (referral_id IS NOT NULL)", name=op.f("ck_notification_referral_named")
        ),
        sa.CheckConstraint(
            "(kind = 'sign_in') = (sign_in_link_id IS NOT NULL)", name=op.f("ck_notification_link_named")
        ),
        sa.CheckConstraint(
            "(kind IN ('offer', 'lost', 'details')) = (offer_id IS NOT NULL)",
            name=op.f("ck_notification_offer_named"),
        ),
        sa.CheckConstraint(
            "(status IN ('queued', 'sending', 'sent')) = (ended_at IS NULL)",
            name=op.f("ck_notification_ended_when_over"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notification_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_notification_offer_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_notification_referral_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sign_in_link_id"],
            ["sign_in_link.id"],
            name=op.f("fk_notification_sign_in_link_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("offer_id", "kind", "channel", name=op.f("uq_notification_offer_id_kind_channel")),
    )
    op.create_index(op.f("ix_notification_account_id"), "notification", ["account_id"], unique=False)
    op.create_index(op.f("ix_notification_offer_id"), "notification", ["offer_id"], unique=False)
    op.create_index(op.f("ix_notification_referral_id"), "notification", ["referral_id"], unique=False)
    op.create_index(op.f("ix_notification_sign_in_link_id"), "notification", ["sign_in_link_id"], unique=False)
    op.create_index(
        "ix_notification_waiting",
        "notification",
        ["due_at"],
        unique=False,
        postgresql_where="status IN ('queued', 'sending')",
    )
    op.create_index("uq_notification_no_agent", "notification", ["referral_id", "account_id"], unique=True)
    op.create_index("uq_notification_provider_id", "notification", ["channel", "provider_id"], unique=True)
    op.create_table(
        "call_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_event_call_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_event")),
        sa.UniqueConstraint("key", name=op.f("uq_call_event_key")),
    )
    op.create_index(op.f("ix_call_event_call_id"), "call_event", ["call_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notification.id"],
            name=op.f("fk_receipt_notification_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("provider_id", "status", name=op.f("uq_receipt_provider_id_status")),
    )
    op.create_index(op.f("ix_receipt_notification_id"), "receipt", ["notification_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_receipt_notification_id"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_index(op.f("ix_call_event_call_id"), table_name="call_event")
    op.drop_table("call_event")
    op.drop_index("uq_notification_provider_id", table_name="notification")
    op.drop_index("uq_notification_no_agent", table_name="notification")
    op.drop_index(
        "ix_notification_waiting",
        table_name="notification",
        postgresql_where="status IN ('queued', 'sending')",
    )
    op.drop_index(op.f("ix_notification_sign_in_link_id"), table_name="notification")
    op.drop_index(op.f("ix_notification_referral_id"), table_name="notification")
    op.drop_index(op.f("ix_notification_offer_id"), table_name="notification")
    op.drop_index(op.f("ix_notification_account_id"), table_name="notification")
    op.drop_table("notification")
    op.drop_table("late_claim")
    op.drop_index("uq_claim_one_standing", table_name="claim", postgresql_where="ended_at IS NULL")
    op.drop_index(op.f("ix_claim_referral_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_agent_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index(
        "uq_call_one_live_per_agent",
        table_name="call",
        postgresql_where="status IN ('accepted', 'answered', 'connected', 'dialing', 'requested', 'ringing') AND direction = 'outbound'",
    )
    op.drop_index(op.f("ix_call_offer_id"), table_name="call")
    op.drop_index("ix_call_live", table_name="call", postgresql_where="ended_at IS NULL")
    op.drop_table("call")
    op.drop_index("uq_offer_one_claimed", table_name="offer", postgresql_where="status = 'claimed'")
    op.drop_index("ix_offer_expiring", table_name="offer", postgresql_where="status = 'sent'")
    op.drop_index(op.f("ix_offer_agent_id"), table_name="offer")
    op.drop_table("offer")
    op.drop_index(op.f("ix_client_view_referral_id"), table_name="client_view")
    op.drop_index(op.f("ix_client_view_client_id"), table_name="client_view")
    op.drop_index(op.f("ix_client_view_account_id"), table_name="client_view")
    op.drop_table("client_view")
    op.drop_index(op.f("ix_referral_team_id"), table_name="referral")
    op.drop_index("ix_referral_created_at", table_name="referral")
    op.drop_index(op.f("ix_referral_client_id"), table_name="referral")
    op.drop_index(op.f("ix_referral_agent_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(op.f("ix_sign_in_link_account_id"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_table("idempotent_answer")
    op.drop_index(op.f("ix_agent_team_id"), table_name="agent")
    op.drop_table("agent")
    op.drop_index("uq_team_name", table_name="team")
    op.drop_table("team")
    op.drop_table("heartbeat")
    op.drop_index(op.f("ix_client_phone"), table_name="client")
    op.drop_table("client")
    op.drop_table("api_key")
    op.drop_index("uq_account_email", table_name="account")
    op.drop_table("account")
