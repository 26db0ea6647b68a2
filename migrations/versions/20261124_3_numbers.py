"""numbers that serve one offer, and the codes that prove them"""

import sqlalchemy as sa
from alembic import op

revision = "5e2d7c9a40b1"
down_revision = "b41f0c5d2a77"
branch_labels = None
depends_on = None

E164 = "'^\\+[1-9][0-9]{6,14}$'"
KINDS = ("offer", "lost", "details", "sign_in", "no_agent")
NUMBER_KINDS = ("number_code", "number_confirm", "number_changed")
CHANNELS = ("email", "sms", "push")


def upgrade() -> None:
    op.add_column("offer", sa.Column("phone", sa.String(length=16), nullable=True))
    op.add_column("offer", sa.Column("phone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_offer_phone_is_e164"), "offer", f"phone ~ {E164}")
    op.create_check_constraint(op.f("ck_offer_phone_has_time"), "offer", "phone IS NULL OR phone_at IS NOT NULL")
    op.create_index("ix_offer_phone", "offer", ["phone"], unique=False, postgresql_where=sa.text("phone IS NOT NULL"))
    op.create_table(
        "number_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("old_phone", sa.String(length=16), nullable=False),
        sa.Column("new_phone", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reverted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"old_phone ~ {E164}", name=op.f("ck_number_change_old_phone_is_e164")),
        sa.CheckConstraint(f"new_phone ~ {E164}", name=op.f("ck_number_change_new_phone_is_e164")),
        sa.CheckConstraint("new_phone <> old_phone", name=op.f("ck_number_change_changes_something")),
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name=op.f("ck_number_change_six_digits")),
        sa.CheckConstraint("code IS NULL OR proven_at IS NULL", name=op.f("ck_number_change_code_is_forgotten")),
        sa.CheckConstraint(
            "proven_at IS NOT NULL OR (confirmed_at IS NULL AND reverted_at IS NULL)",
            name=op.f("ck_number_change_proven_before_the_rest"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_number_change_agent_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_number_change_offer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_change")),
    )
    op.create_index(op.f("ix_number_change_agent_id"), "number_change", ["agent_id"], unique=False)
    op.create_index(op.f("ix_number_change_offer_id"), "number_change", ["offer_id"], unique=False)

    op.add_column("notification", sa.Column("number_change_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notification_number_change_id"),
        "notification",
        "number_change",
        ["number_change_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.create_index(op.f("ix_notification_number_change_id"), "notification", ["number_change_id"], unique=False)
    op.create_index(
        "uq_notification_number_change",
        "notification",
        ["number_change_id", "kind", "channel"],
        unique=True,
        postgresql_where=sa.text("kind <> 'number_code'"),
    )
    _replace_checks(KINDS + NUMBER_KINDS, (*CHANNELS, "voice"))
    op.create_check_constraint(
        op.f("ck_notification_number_named"),
        "notification",
        f"(kind IN {NUMBER_KINDS}) = (number_change_id IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_notification_only_codes_are_spoken"), "notification", "channel <> 'voice' OR kind = 'number_code'"
    )


def downgrade() -> None:
    for name in ("only_codes_are_spoken", "number_named"):
        op.drop_constraint(op.f(f"ck_notification_{name}"), "notification", type_="check")
    gone = "number_change_id IS NOT NULL"
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE {gone})")
    op.execute(f"DELETE FROM notification WHERE {gone}")
    _replace_checks(KINDS, CHANNELS)
    op.drop_index("uq_notification_number_change", table_name="notification")
    op.drop_index(op.f("ix_notification_number_change_id"), table_name="notification")
    op.drop_column("notification", "number_change_id")
    op.drop_table("number_change")
    op.drop_index("ix_offer_phone", table_name="offer")
    op.drop_column("offer", "phone_at")
    op.drop_column("offer", "phone")


def _replace_checks(kinds: tuple[str, ...], channels: tuple[str, ...]) -> None:
    for column, values in (("kind", kinds), ("channel", channels)):
        op.drop_constraint(op.f(f"ck_notification_{column}"), "notification", type_="check")
        op.create_check_constraint(op.f(f"ck_notification_{column}"), "notification", f"{column} IN {values}")
