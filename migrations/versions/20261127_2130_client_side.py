"""messages to clients, booked calls, what clients do on their page, and an agent's brokerage"""

import sqlalchemy as sa
from alembic import op

revision = "c41e8a70b95d"
down_revision = "3f7c1d9ae264"
branch_labels = None
depends_on = None

OF_OFFERS = ("offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin")
OF_REFERRALS = ("no_agent", "held")
OTHERS = ("sign_in", "number_code", "number_confirm", "number_changed", "test", "ceiling", "welcome")
TO_AGENTS, TO_CLIENTS = ("booked_soon", "client_asks"), ("prepared", "client_booked")
ACTS = ("bridge", "again")
OFFER_INDEX = "uq_notification_offer ON notification (offer_id, kind, channel, push_subscription_id) NULLS NOT DISTINCT"
CLIENT_INDEX = (
    "uq_notification_client ON notification (referral_id, kind, channel)"
    " WHERE client_id IS NOT NULL AND kind NOT IN ('client_booked')"
)
SPARSE_INDEX = "ix_notification_client_id ON notification (client_id) WHERE client_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("agent", sa.Column("brokerage", sa.String(80), nullable=True))
    op.add_column("notification", sa.Column("client_id", sa.Uuid(), nullable=True))
    op.alter_column("notification", "account_id", nullable=True)
    _add_booking()
    _add_client_response()
    op.execute(
        "ALTER TABLE notification ADD CONSTRAINT fk_notification_client_id FOREIGN KEY (client_id)"
        " REFERENCES client (id) ON DELETE RESTRICT NOT VALID"
    )
    op.execute(
        "ALTER TABLE notification ADD CONSTRAINT ck_notification_one_reader"
        " CHECK ((account_id IS NULL) <> (client_id IS NULL)) NOT VALID"
    )
    _allow_kinds((*OF_OFFERS, *TO_AGENTS), (*OF_REFERRALS, *TO_CLIENTS))
    _replace("gate_answer", "ck_gate_answer_act", f"act IN {(*ACTS, 'message', 'booked')}")
    with op.get_context().autocommit_block():
        for name in ("fk_notification_client_id", "ck_notification_one_reader"):
            op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {name}")
    _index(f"UNIQUE INDEX CONCURRENTLY {CLIENT_INDEX}", f"INDEX CONCURRENTLY {SPARSE_INDEX}")
    _index(f"UNIQUE INDEX CONCURRENTLY {_offer_index('client_called', *TO_AGENTS)}")


def downgrade() -> None:
    gone = f"SELECT id FROM notification WHERE kind IN {TO_AGENTS + TO_CLIENTS}"
    op.execute(f"DELETE FROM receipt WHERE notification_id IN ({gone})")
    op.execute(f"DELETE FROM notification WHERE kind IN {TO_AGENTS + TO_CLIENTS}")
    op.execute("DELETE FROM gate_answer WHERE act IN ('message', 'booked')")
    _index(f"UNIQUE INDEX CONCURRENTLY {_offer_index('client_called')}")
    with op.get_context().autocommit_block():
        for index in (CLIENT_INDEX, SPARSE_INDEX):
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index.partition(' ')[0]}")
    _replace("gate_answer", "ck_gate_answer_act", f"act IN {ACTS}")
    _allow_kinds(OF_OFFERS, OF_REFERRALS)
    op.drop_column("notification", "client_id")
    op.execute("ALTER TABLE notification ALTER COLUMN account_id SET NOT NULL")
    op.drop_table("client_response")
    op.drop_table("booking")
    op.drop_column("agent", "brokerage")


def _add_booking() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("asked_by IN ('client', 'agent', 'hours')", name=op.f("ck_booking_askedby")),
        sa.CheckConstraint(
            "status IN ('booked', 'placed', 'canceled', 'refused')", name=op.f("ck_booking_bookingstatus")
        ),
        sa.CheckConstraint("(status = 'booked') = (ended_at IS NULL)", name=op.f("ck_booking_ended_when_over")),
        *(
            sa.ForeignKeyConstraint(
                [f"{noun}_id"], [f"{noun}.id"], name=op.f(f"fk_booking_{noun}_id"), ondelete="RESTRICT"
            )
            for noun in ("offer", "call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index(op.f("ix_booking_offer_id"), "booking", ["offer_id"])
    booked = sa.text("status = 'booked'")
    op.create_index("uq_booking_one_open", "booking", ["offer_id"], unique=True, postgresql_where=booked)
    op.create_index("ix_booking_due", "booking", ["due_at"], postgresql_where=booked)
    op.create_index(
        "uq_booking_call", "booking", ["call_id"], unique=True, postgresql_where=sa.text("call_id IS NOT NULL")
    )


def _add_client_response() -> None:
    responses = ("looked", "call_now", "call_at", "rather_text", "wrong_person", "no_calls")
    op.create_table(
        "client_response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("response", sa.String(20), nullable=False),
        sa.Column("call_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"response IN {responses}", name=op.f("ck_client_response_response")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_client_response_referral_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_response")),
    )
    op.create_index(op.f("ix_client_response_referral_id"), "client_response", ["referral_id"])


def _offer_index(*repeats: str) -> str:
    names = ", ".join(f"'{name}'" for name in repeats)
    return f"{OFFER_INDEX} WHERE offer_id IS NOT NULL AND kind NOT IN ({names})"


def _allow_kinds(of_offers: tuple[str, ...], of_referrals: tuple[str, ...]) -> None:
    _replace("notification", "ck_notification_kind", f"kind IN {(*of_offers, *of_referrals, *OTHERS)}")
    for name, kinds in (("offer", of_offers), ("referral", of_referrals)):
        _replace("notification", f"ck_notification_{name}_named", f"(kind IN {kinds}) = ({name}_id IS NOT NULL)")


def _replace(table: str, check: str, condition: str) -> None:
    op.drop_constraint(op.f(check), table, type_="check")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}")


def _index(*indexes: str) -> None:
    """Builds each beside the running release; one of the same name stays until the new one is whole."""
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        for index in indexes:
            kind, _, rest = index.partition(" CONCURRENTLY ")
            name, _, on = rest.partition(" ")
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
            op.execute(f"CREATE {kind} CONCURRENTLY {name}_new {on}")
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        op.execute("SET statement_timeout = '60s'")
