"""clients that are given back or handed over: ends of claims, several offers of one referral to an agent"""

import sqlalchemy as sa
from alembic import op

revision = "3f8a6d20b9c4"
down_revision = "7c1d9f4e2b60"
branch_labels = None
depends_on = None

OF_REFERRALS = ("no_agent", "held", "prepared", "client_booked", "agent_reply", "bad_referral")
OTHERS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
    "client_texted", "client_voicemail", "sign_in", "number_code", "number_confirm", "number_changed", "test",
    "ceiling", "welcome",
)  # fmt: skip
NEW = ("released", "handover_asked", "handover_answered")
REPEATS = ("no_agent", "prepared", "client_booked", "agent_reply", *NEW)
REPEATED = ("client_booked", "agent_reply")
ONE_FOR_CLIENT = "notification (referral_id, kind, channel) WHERE client_id IS NOT NULL AND kind NOT IN ({})"
ONE_FOR_ACCOUNT = (
    "notification (referral_id, account_id, kind, channel, push_subscription_id) NULLS NOT DISTINCT"
    " WHERE referral_id IS NOT NULL AND account_id IS NOT NULL AND kind NOT IN ({})"
)
ONE_OF_ALL = "notification (referral_id, account_id) WHERE referral_id IS NOT NULL"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("from_agent_id", sa.Uuid(), nullable=False),
        sa.Column("to_agent_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("words", sa.String(500), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "status IN ('asked', 'accepted', 'refused', 'withdrawn')", name=op.f("ck_handover_handoverstatus")
        ),
        sa.CheckConstraint("(status = 'asked') = (ended_at IS NULL)", name=op.f("ck_handover_ended_when_over")),
        *(
            sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_handover_{column}"), ondelete="RESTRICT")
            for column, to in (
                ("referral_id", "referral.id"),
                ("from_agent_id", "agent.id"),
                ("to_agent_id", "agent.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_referral", "handover", ["referral_id", "id"])
    asked = sa.text("status = 'asked'")
    op.create_index("uq_handover_one_open", "handover", ["referral_id"], unique=True, postgresql_where=asked)
    op.create_index("ix_handover_to", "handover", ["to_agent_id"], postgresql_where=asked)
    op.add_column("claim", sa.Column("ended_how", sa.String(20), nullable=True))
    op.add_column("claim", sa.Column("end_words", sa.String(500), nullable=True))
    _replace("claim", "ck_claim_via", "via IN ('key', 'pin', 'handover')")
    _add("claim", "ck_claim_claimend", "ended_how IN ('released', 'handed_over')")
    _add("claim", "ck_claim_ended_how", "(ended_at IS NULL) = (ended_how IS NULL)")
    _allow_kinds((*OF_REFERRALS, *NEW))
    _index("uq_notification_client", ONE_FOR_CLIENT, REPEATS)
    _index("uq_notification_referral", ONE_FOR_ACCOUNT, REPEATS)
    _index("ix_notification_referral", "notification (referral_id) WHERE referral_id IS NOT NULL", unique=False)
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_notification_no_agent")
    _one_offer("uq_offer_referral_id_agent_id_wave", "referral_id, agent_id, wave", "uq_offer_referral_id_agent_id")


def downgrade() -> None:
    names = ", ".join(f"'{kind}'" for kind in NEW)
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE kind IN ({names}))")
    op.execute(f"DELETE FROM notification WHERE kind IN ({names})")
    _one_offer("uq_offer_referral_id_agent_id", "referral_id, agent_id", "uq_offer_referral_id_agent_id_wave")
    _index("uq_notification_no_agent", ONE_OF_ALL)
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_notification_referral")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_notification_referral")
    _index("uq_notification_client", ONE_FOR_CLIENT, REPEATED)
    _allow_kinds(OF_REFERRALS)
    op.execute("ALTER TABLE claim DROP CONSTRAINT ck_claim_ended_how, DROP CONSTRAINT ck_claim_claimend")
    _replace("claim", "ck_claim_via", "via IN ('key', 'pin')")
    op.drop_column("claim", "end_words")
    op.drop_column("claim", "ended_how")
    op.drop_table("handover")


def _allow_kinds(of_referrals: tuple[str, ...]) -> None:
    _replace("notification", "ck_notification_kind", f"kind IN {(*of_referrals, *OTHERS)}")
    _replace("notification", "ck_notification_referral_named", f"(kind IN {of_referrals}) = (referral_id IS NOT NULL)")


def _replace(table: str, check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), table, type_="check")
    _add(table, check, condition)


def _add(table: str, check: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}")


def _one_offer(name: str, columns: str, instead_of: str) -> None:
    """Another unique constraint of offers."""
    _index(f"{name}_index", f"offer ({columns})")
    op.execute(f"ALTER TABLE offer ADD CONSTRAINT {name} UNIQUE USING INDEX {name}_index")
    op.drop_constraint(op.f(instead_of), "offer", type_="unique")


def _index(name: str, on: str, repeats: tuple[str, ...] = (), *, unique: bool = True) -> None:
    """Builds it beside the running release; the old one stays until the new one is whole."""
    kinds = ", ".join(f"'{kind}'" for kind in repeats)
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
        op.execute(f"CREATE {'UNIQUE ' * unique}INDEX CONCURRENTLY {name}_new ON {on.format(kinds)}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        op.execute("SET statement_timeout = '60s'")
