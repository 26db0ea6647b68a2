"""invitations into a team by a link, and who asks to join by one"""

import sqlalchemy as sa
from alembic import op

revision = "c5d20f8e6b14"
down_revision = "a91c4be07d35"
branch_labels = None
depends_on = None

KINDS = (
    "offer", "lost", "details", "unplaced", "client_called", "claimed_by_pin", "booked_soon", "client_asks",
    "client_texted", "client_voicemail", "follow_up", "no_agent", "held", "prepared", "client_booked", "agent_reply",
    "bad_referral", "released", "handover_asked", "handover_answered", "sign_in", "number_code", "number_confirm",
    "number_changed", "test", "ceiling", "welcome",
)  # fmt: skip
NEW = ("join_asked", "joined")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        *_references("invitation", team_id="team.id", agent_id="agent.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_team_id", "invitation", ["team_id"])
    op.create_table(
        "join_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("takes_buyers", sa.Boolean(), nullable=False),
        sa.Column("takes_sellers", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        *_references("join_request", invitation_id="invitation.id", team_id="team.id", agent_id="agent.id"),
        sa.CheckConstraint("takes_buyers OR takes_sellers", name=op.f("ck_join_request_takes_something")),
        sa.CheckConstraint(
            "agent_id IS NULL OR decided_at IS NOT NULL", name=op.f("ck_join_request_let_in_is_decided")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
    )
    op.create_index("ix_join_request_invitation_id", "join_request", ["invitation_id"])
    op.create_index("ix_join_request_team_id", "join_request", ["team_id"])
    op.create_index("ix_join_request_agent_id", "join_request", ["agent_id"])
    _allow_kinds((*KINDS, *NEW))


def downgrade() -> None:
    op.execute(f"DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE kind IN {NEW})")
    op.execute(f"DELETE FROM notification WHERE kind IN {NEW}")
    _allow_kinds(KINDS)
    op.drop_table("join_request")
    op.drop_table("invitation")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
        for column, to in columns.items()
    ]


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notification_kind"), "notification", type_="check")
    op.execute(f"ALTER TABLE notification ADD CONSTRAINT ck_notification_kind CHECK (kind IN {kinds}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE notification VALIDATE CONSTRAINT ck_notification_kind")
