"""a client is one person, with what they have agreed to; the same need sent twice is held"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "6d2b9f07c3e1"
down_revision = "9a4f2c7be013"
branch_labels = None
depends_on = None

KINDS = (
    "offer", "lost", "details", "client_called", "unplaced", "claimed_by_pin", "sign_in", "no_agent", "number_code",
    "number_confirm", "number_changed", "ceiling", "welcome", "test",
)  # fmt: skip
OF_REFERRALS = ("no_agent",)
NEW = "held"
STATES = ("open", "claimed", "closed")
OF_CLIENT = {
    "given_name": sa.String(60),
    "language": sa.String(3),
    "time_zone": sa.String(40),
    "prefers": sa.String(20),
}
OF_REFERRAL = {
    "address": sa.String(200),
    "source": sa.String(80),
    "timeline": sa.String(80),
    "best_time": sa.String(80),
    "external_id": sa.String(120),
    "duplicate_of": sa.Uuid(),
}
CHECKS = {
    "client": {"ck_client_way": "CHECK (prefers IN ('call', 'text', 'email'))"},
    "referral": {
        "fk_referral_duplicate_of": "FOREIGN KEY (duplicate_of) REFERENCES referral (id) ON DELETE RESTRICT",
        "ck_referral_held_for_a_reason": "CHECK (status <> 'held' OR duplicate_of IS NOT NULL)",
    },
}
"""Looked through in transactions of their own, which let others write meanwhile."""


def upgrade() -> None:
    for table, columns in (("client", OF_CLIENT), ("referral", OF_REFERRAL)):
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ways", postgresql.ARRAY(sa.String(5)), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("url", sa.String(500), nullable=True),
        sa.Column("certificate", sa.String(500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("basis IN ('written', 'oral', 'inquiry', 'customer')", name=op.f("ck_consent_basis")),
        sa.CheckConstraint(
            "ways <> '{}' AND ways <@ '{call,text,email}'::varchar[]", name=op.f("ck_consent_ways_known")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_consent_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_consent_referral_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    for column in ("client_id", "referral_id"):
        op.create_index(op.f(f"ix_consent_{column}"), "consent", [column])
    _allow_states((*STATES, "held"))
    for table, checks in CHECKS.items():
        for name, rule in checks.items():
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID")
    _allow_kinds((*KINDS, NEW), (*OF_REFERRALS, NEW))
    with op.get_context().autocommit_block():
        for table, checks in CHECKS.items():
            for name in checks:
                op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_referral_held")
        op.execute("CREATE INDEX CONCURRENTLY ix_referral_held ON referral (id) WHERE status = 'held'")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    gone = f"SELECT id FROM notification WHERE kind = '{NEW}'"
    op.execute(f"DELETE FROM receipt WHERE notification_id IN ({gone})")
    op.execute(f"DELETE FROM notification WHERE kind = '{NEW}'")
    _allow_kinds(KINDS, OF_REFERRALS)
    op.execute("UPDATE referral SET status = 'closed', closed_at = now() WHERE status = 'held'")
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_referral_held")
    op.drop_constraint(op.f("ck_referral_held_for_a_reason"), "referral", type_="check")
    _allow_states(STATES)
    op.drop_table("consent")
    for table, columns in (("client", OF_CLIENT), ("referral", OF_REFERRAL)):
        for name in columns:
            op.drop_column(table, name)


def _allow_states(states: tuple[str, ...]) -> None:
    _replace("referral", "ck_referral_referralstatus", f"status IN {states}")


def _allow_kinds(kinds: tuple[str, ...], of_referrals: tuple[str, ...]) -> None:
    _replace("notification", "ck_notification_kind", f"kind IN {kinds}")
    names = ", ".join(f"'{name}'" for name in of_referrals)
    _replace("notification", "ck_notification_referral_named", f"(kind IN ({names})) = (referral_id IS NOT NULL)")


def _replace(table: str, check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), table, type_="check")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}")
