"""deals: the stage of a claimed referral, its notes, and what agents report"""

import sqlalchemy as sa
from alembic import op

revision = "7c1d9f4e2b60"
down_revision = "5a27e8c3f019"
branch_labels = None
depends_on = None

STAGES = (
    "left_voicemail", "connected", "meeting", "met", "coming_soon", "making_offer", "listing", "in_escrow", "closed",
    "failed",
)  # fmt: skip
OF_REFERRALS = ("no_agent", "held", "prepared", "client_booked", "agent_reply")
OTHERS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
    "client_texted", "client_voicemail", "sign_in", "number_code", "number_confirm", "number_changed", "test",
    "ceiling", "welcome",
)  # fmt: skip
NEW = "bad_referral"
MOMENT = sa.DateTime(timezone=True)
FROM_CALLS = """
    INSERT INTO deal (referral_id, stage, stage_at, stage_by_call, contact_at, touched_at)
    SELECT claim.referral_id,
           CASE WHEN bool_or(call.reached = 'person') THEN 'connected' ELSE 'left_voicemail' END,
           max(call.picked_up_at), true, max(coalesce(call.ended_at, call.picked_up_at)),
           max(coalesce(call.ended_at, call.picked_up_at))
      FROM claim JOIN call ON call.offer_id = claim.offer_id
     WHERE claim.ended_at IS NULL AND call.reached IN ('person', 'voicemail') AND call.picked_up_at IS NOT NULL
     GROUP BY claim.referral_id
"""


def upgrade() -> None:
    op.create_table(
        "deal",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=True),
        sa.Column("stage_at", MOMENT, nullable=True),
        sa.Column("stage_by_call", sa.Boolean(), nullable=False),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("contact_at", MOMENT, nullable=True),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"stage IN {STAGES}", name=op.f("ck_deal_stage")),
        sa.CheckConstraint("(stage IS NULL) = (stage_at IS NULL)", name=op.f("ck_deal_stage_has_time")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_deal_referral_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_deal")),
    )
    op.create_table(
        "deal_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("stage", sa.String(20), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("report", sa.String(20), nullable=True),
        sa.Column("words", sa.String(500), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('stage', 'hold', 'report')", name=op.f("ck_deal_event_eventkind")),
        sa.CheckConstraint(f"stage IN {STAGES}", name=op.f("ck_deal_event_stage")),
        sa.CheckConstraint("report IN ('wrong_number', 'already_mine', 'fake')", name=op.f("ck_deal_event_report")),
        sa.CheckConstraint("(kind = 'report') = (report IS NOT NULL)", name=op.f("ck_deal_event_report_named")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_deal_event_referral_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_deal_event_agent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_event")),
    )
    op.create_index("ix_deal_event_referral", "deal_event", ["referral_id", "id"])
    op.create_index(
        "uq_deal_event_report",
        "deal_event",
        ["referral_id", "agent_id"],
        unique=True,
        postgresql_where=sa.text("report IS NOT NULL"),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_note_referral_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_note_agent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_referral", "note", ["referral_id", "id"])
    op.execute(FROM_CALLS)
    _allow_kinds((*OF_REFERRALS, NEW))


def downgrade() -> None:
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE kind = '{NEW}')")
    op.execute(f"DELETE FROM notification WHERE kind = '{NEW}'")
    _allow_kinds(OF_REFERRALS)
    op.drop_table("note")
    op.drop_table("deal_event")
    op.drop_table("deal")


def _allow_kinds(of_referrals: tuple[str, ...]) -> None:
    _replace("ck_notification_kind", f"kind IN {(*of_referrals, *OTHERS)}")
    _replace("ck_notification_referral_named", f"(kind IN {of_referrals}) = (referral_id IS NOT NULL)")


def _replace(check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), "notification", type_="check")
    op.execute(f"ALTER TABLE notification ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {check}")
