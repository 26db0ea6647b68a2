"""routing: where agents work, the network's rules, and what they said of whom"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "8e4b1c6d92f7"
down_revision = "c5d20f8e6b14"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ON_AGENT = {
    "price_is_a_range": "(price_min IS NULL) = (price_max IS NULL)",
    "price_in_order": "0 <= price_min AND price_min <= price_max",
    "most_is_some": "most_clients > 0 AND most_a_day > 0",
}


def upgrade() -> None:
    op.add_column("agent", sa.Column("price_min", sa.Integer(), nullable=True))
    op.add_column("agent", sa.Column("price_max", sa.Integer(), nullable=True))
    op.add_column("agent", sa.Column("speaks", ARRAY(sa.String(3)), server_default="{}", nullable=False))
    op.add_column("agent", sa.Column("licences", ARRAY(sa.String(45)), server_default="{}", nullable=False))
    op.add_column("agent", sa.Column("most_clients", sa.SmallInteger(), nullable=True))
    op.add_column("agent", sa.Column("most_a_day", sa.SmallInteger(), nullable=True))
    _make_tables()
    for name, check in ON_AGENT.items():
        op.execute(f"ALTER TABLE agent ADD CONSTRAINT ck_agent_{name} CHECK ({check}) NOT VALID")
    _one_target("team_id IS NULL OR agent_id IS NULL")
    with op.get_context().autocommit_block():
        for name in ON_AGENT:
            op.execute(f"ALTER TABLE agent VALIDATE CONSTRAINT ck_agent_{name}")
        op.execute("ALTER TABLE referral VALIDATE CONSTRAINT ck_referral_one_target")


def downgrade() -> None:
    op.execute(
        "UPDATE referral SET agent_id = (SELECT id FROM agent LIMIT 1) WHERE team_id IS NULL AND agent_id IS NULL"
    )
    _one_target("(team_id IS NULL) <> (agent_id IS NULL)")
    for table in ("agent_record", "routing_verdict", "routed", "routing_rules", "agent_area"):
        op.drop_table(table)
    for name in ON_AGENT:
        op.drop_constraint(op.f(f"ck_agent_{name}"), "agent", type_="check")
    for column in ("most_a_day", "most_clients", "licences", "speaks", "price_max", "price_min"):
        op.drop_column("agent", column)


def _make_tables() -> None:
    op.create_table(
        "agent_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(2), nullable=True),
        sa.Column("city", sa.String(80), nullable=True),
        sa.Column("zip_code", sa.String(10), nullable=True),
        sa.Column("miles", sa.SmallInteger(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        *_references("agent_area", agent_id="agent.id"),
        sa.CheckConstraint("(state IS NULL) <> (zip_code IS NULL)", name=op.f("ck_agent_area_state_or_zip")),
        sa.CheckConstraint("city IS NULL OR state IS NOT NULL", name=op.f("ck_agent_area_city_of_state")),
        sa.CheckConstraint(
            "miles IS NULL OR (miles > 0 AND zip_code IS NOT NULL)", name=op.f("ck_agent_area_miles_around_a_zip")
        ),
        sa.CheckConstraint(
            "(miles IS NULL) = (latitude IS NULL) AND (miles IS NULL) = (longitude IS NULL)",
            name=op.f("ck_agent_area_around_has_middle"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_area")),
    )
    op.create_index("ix_agent_area_agent_id", "agent_area", ["agent_id"])
    op.create_index("ix_agent_area_state", "agent_area", ["state", sa.text("lower(city)")])
    op.create_index(
        "ix_agent_area_zip", "agent_area", ["zip_code"], postgresql_where="miles IS NULL AND zip_code IS NOT NULL"
    )
    op.create_index("ix_agent_area_around", "agent_area", ["latitude"], postgresql_where="miles IS NOT NULL")
    op.create_table(
        "routing_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        *_references("routing_rules", account_id="account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
        sa.UniqueConstraint("number", name=op.f("uq_routing_rules_number")),
    )
    op.create_table(
        "routed",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("rules_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("waves", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("pooled_at", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *_references("routed", referral_id="referral.id", rules_id="routing_rules.id"),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_routed")),
    )
    op.create_table(
        "routing_verdict",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.SmallInteger(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("is_eligible", sa.Boolean(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("parts", JSONB(), nullable=True),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_references("routing_verdict", referral_id="referral.id", agent_id="agent.id"),
        sa.CheckConstraint(
            "is_eligible = (place IS NOT NULL) AND is_eligible = (score IS NOT NULL)",
            name=op.f("ck_routing_verdict_placed"),
        ),
        sa.CheckConstraint("is_asked <= is_eligible", name=op.f("ck_routing_verdict_nobody_else_is_asked")),
        sa.PrimaryKeyConstraint("referral_id", "wave", "agent_id", name=op.f("pk_routing_verdict")),
    )
    op.create_index("ix_routing_verdict_agent", "routing_verdict", ["agent_id", "referral_id"])
    op.create_table(
        "agent_record",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("talked", sa.Integer(), nullable=False),
        sa.Column("claim_seconds", sa.Float(), nullable=True),
        sa.Column("counted_at", MOMENT, nullable=False),
        *_references("agent_record", agent_id="agent.id"),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_agent_record")),
    )


def _one_target(check: str) -> None:
    op.drop_constraint(op.f("ck_referral_one_target"), "referral", type_="check")
    op.execute(f"ALTER TABLE referral ADD CONSTRAINT ck_referral_one_target CHECK ({check}) NOT VALID")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
        for column, to in columns.items()
    ]
