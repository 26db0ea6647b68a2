"""the desk: what admins do about a referral, when an agent looked, and what the board finds"""

import sqlalchemy as sa
from alembic import op

revision = "94e1c7a2b5d8"
down_revision = "71d8b3e59f0c"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_OFFERS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
    "client_texted", "client_voicemail", "follow_up", "unworked", "went_on",
)  # fmt: skip
OTHERS = (
    "no_agent", "held", "prepared", "client_booked", "agent_reply", "bad_referral", "released", "handover_asked",
    "handover_answered", "not_worked", "sign_in", "number_code", "number_confirm", "number_changed", "test", "ceiling",
    "welcome", "join_asked", "joined",
)  # fmt: skip
NEW = ("assigned", "taken_back")
CHECKS = {  # table, check: before, after
    ("claim", "ck_claim_via"): ("via IN ('key', 'pin', 'handover')", "via IN ('key', 'pin', 'handover', 'desk')"),
    ("claim", "ck_claim_claimend"): (
        "ended_how IN ('released', 'handed_over', 'not_worked')",
        "ended_how IN ('released', 'handed_over', 'by_desk', 'not_worked')",
    ),
    ("booking", "ck_booking_askedby"): (
        "asked_by IN ('client', 'agent', 'hours')",
        "asked_by IN ('client', 'agent', 'desk', 'hours')",
    ),
}
SEARCHED = {
    "ix_client_search": "client USING gin (name gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops)",
    "ix_referral_search": "referral USING gin (city gin_trgm_ops, zip_code gin_trgm_ops, external_id gin_trgm_ops)",
    "ix_referral_claimed_at": "referral (claimed_at) WHERE status = 'claimed'",
}


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "desk_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("call_at", MOMENT, nullable=True),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failed", sa.String(20), nullable=True),
        *_references("desk_action", referral_id="referral.id", account_id="account.id", agent_id="agent.id"),
        sa.CheckConstraint(
            "action IN ('send_on', 'offer_to', 'withdraw', 'give_to', 'close', 'call', 'book')",
            name=op.f("ck_desk_action_action"),
        ),
        sa.CheckConstraint(
            "failed IN ('moved_on', 'on_the_line', 'not_now', 'lacks_terms')", name=op.f("ck_desk_action_failure")
        ),
        sa.CheckConstraint("undone_at IS NULL OR done_at IS NULL", name=op.f("ck_desk_action_one_end")),
        sa.CheckConstraint("failed IS NULL OR done_at IS NOT NULL", name=op.f("ck_desk_action_failed_is_over")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_action")),
    )
    op.create_index("ix_desk_action_referral_id", "desk_action", ["referral_id"])
    op.create_index("ix_desk_action_batch", "desk_action", ["batch_id"])
    op.create_index(
        "ix_desk_action_due", "desk_action", ["due_at"], postgresql_where="done_at IS NULL AND undone_at IS NULL"
    )
    op.create_table(
        "offer_look",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_references("offer_look", offer_id="offer.id"),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offer_look")),
    )
    for (table, check), (_, after) in CHECKS.items():
        _replace(table, check, after)
    _allow_kinds((*OF_OFFERS, *NEW))
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        for name, made in SEARCHED.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {made}")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    for name in SEARCHED:
        op.drop_index(name)
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE kind IN {NEW})")
    op.execute(f"DELETE FROM notification WHERE kind IN {NEW}")
    _allow_kinds(OF_OFFERS)
    op.execute("UPDATE claim SET ended_how = 'released' WHERE ended_how = 'by_desk'")
    op.execute("UPDATE claim SET via = 'handover' WHERE via = 'desk'")
    op.execute("UPDATE booking SET asked_by = 'agent' WHERE asked_by = 'desk'")
    for (table, check), (before, _) in CHECKS.items():
        _replace(table, check, before)
    op.drop_table("offer_look")
    op.drop_table("desk_action")
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")


def _allow_kinds(of_offers: tuple[str, ...]) -> None:
    _replace("notification", "ck_notification_kind", f"kind IN {(*of_offers, *OTHERS)}")
    _replace("notification", "ck_notification_offer_named", f"(kind IN {of_offers}) = (offer_id IS NOT NULL)")


def _replace(table: str, check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), table, type_="check")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
        for column, to in columns.items()
    ]
