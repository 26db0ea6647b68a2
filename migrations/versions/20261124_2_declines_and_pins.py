"""declines that can be undone, and PINs"""

import sqlalchemy as sa
from alembic import op

revision = "b41f0c5d2a77"
down_revision = "ffed1806ceda"
branch_labels = None
depends_on = None

REASONS = ("too_far", "too_busy", "price", "not_my_kind", "other", "by_key")


def upgrade() -> None:
    op.add_column("offer", sa.Column("decline_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("ck_offer_reason_when_declined"), "offer", type_="check")
    op.execute(
        "UPDATE offer SET decline_at = ended_at, "
        "decline_reason = CASE WHEN decline_reason = 'key 2' THEN 'by_key' ELSE 'other' END WHERE status = 'declined'"
    )
    op.alter_column("offer", "decline_reason", type_=sa.String(length=20), existing_type=sa.String(length=40))
    op.create_check_constraint(op.f("ck_offer_declinereason"), "offer", f"decline_reason IN {REASONS}")
    op.create_check_constraint(
        op.f("ck_offer_reason_when_declined"), "offer", "(decline_reason IS NULL) = (decline_at IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_offer_declined_has_time"), "offer", "status <> 'declined' OR decline_at IS NOT NULL"
    )
    op.create_index(
        "ix_offer_declining",
        "offer",
        ["decline_at"],
        unique=False,
        postgresql_where=sa.text("status = 'sent' AND decline_at IS NOT NULL"),
    )
    op.create_table(
        "pin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("digits", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digits ~ '^[0-9]{6}$'", name=op.f("ck_pin_six_digits")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_pin_offer_id_offer"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin")),
        sa.UniqueConstraint("digits", name=op.f("uq_pin_digits")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_pin_offer_id")),
    )


def downgrade() -> None:
    op.drop_table("pin")
    op.drop_index("ix_offer_declining", table_name="offer")
    op.execute("UPDATE offer SET decline_at = NULL, decline_reason = NULL WHERE status <> 'declined'")
    for name in ("declined_has_time", "reason_when_declined", "declinereason"):
        op.drop_constraint(op.f(f"ck_offer_{name}"), "offer", type_="check")
    op.alter_column("offer", "decline_reason", type_=sa.String(length=40), existing_type=sa.String(length=20))
    op.create_check_constraint(
        op.f("ck_offer_reason_when_declined"), "offer", "decline_reason IS NULL OR status = 'declined'"
    )
    op.drop_column("offer", "decline_at")
