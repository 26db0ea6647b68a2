"""live transfers: an adviser with a client on the line, and the agents who are rung for them"""

import sqlalchemy as sa
from alembic import op

revision = "e6b1f47a20d3"
down_revision = "d3a85c7e10f6"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = ("coded", "asked", "adviser", "client", "ringing", "missed", "claimed", "ended")
ENDS = (
    "handed_over", "nobody", "adviser_away", "client_away", "client_left", "adviser_left", "refused", "not_placed",
    "called_off",
)  # fmt: skip
REFUSALS = ("wish", "no_consent", "lapsed", "prefers_text", "on_a_call", "too_often", "today", "hours")
ACTS = ("bridge", "again", "message", "booked")
MOMENTS = (
    "adviser_dialed_at", "client_dialed_at", "client_at", "ring_until", "told_at", "claimed_at", "adviser_left_at",
    "ended_at", "closed_at",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("code", sa.String(4), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("client_here", sa.Boolean(), nullable=False),
        sa.Column("adviser_sid", sa.String(34), nullable=True),
        sa.Column("client_sid", sa.String(34), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("rung", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in MOMENTS),
        sa.Column("ended_how", sa.String(20), nullable=True),
        sa.Column("refusal", sa.String(20), nullable=True),
        sa.CheckConstraint(f"status IN {STATES}", name=op.f("ck_transfer_transferstatus")),
        sa.CheckConstraint(f"ended_how IN {ENDS}", name=op.f("ck_transfer_end")),
        sa.CheckConstraint(f"refusal IN {REFUSALS}", name=op.f("ck_transfer_refusal")),
        sa.CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_transfer_ended_when_over")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_transfer_ended_somehow")),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("ck_transfer_phone_is_e164")),
        *(
            sa.ForeignKeyConstraint(
                [f"{noun}_id"], [f"{noun}.id"], name=op.f(f"fk_transfer_{noun}_id"), ondelete="RESTRICT"
            )
            for noun in ("referral", "account", "call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_referral_id", "transfer", ["referral_id"])
    op.create_index(
        "uq_transfer_live", "transfer", ["referral_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("ix_transfer_live", "transfer", ["status"], postgresql_where=sa.text("closed_at IS NULL"))
    op.add_column("client", sa.Column("on_line_until", MOMENT, nullable=True))
    op.add_column("client", sa.Column("on_line_for", sa.Uuid(), nullable=True))
    _acts((*ACTS, "transfer", "join"))
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute("ALTER TABLE gate_answer VALIDATE CONSTRAINT ck_gate_answer_act")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.execute("DELETE FROM gate_answer WHERE act IN ('transfer', 'join')")
    _acts(ACTS)
    op.drop_column("client", "on_line_for")
    op.drop_column("client", "on_line_until")
    op.drop_table("transfer")


def _acts(known: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_gate_answer_act"), "gate_answer", type_="check")
    op.execute(f"ALTER TABLE gate_answer ADD CONSTRAINT ck_gate_answer_act CHECK (act IN {known}) NOT VALID")
