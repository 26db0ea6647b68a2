"""terms before the claim: their versions, who has accepted them, and what is kept with a claim"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "71d8b3e59f0c"
down_revision = "2c6f90d4e8ab"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agreement_number", sa.Integer(), nullable=False),
        sa.Column("terms", JSONB(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        *_references("terms", account_id="account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("number", name=op.f("uq_terms_number")),
    )
    op.create_table(
        "terms_acceptance",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_number", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_references("terms_acceptance", agent_id="agent.id", terms_id="terms.id"),
        sa.PrimaryKeyConstraint("agent_id", "agreement_number", name=op.f("pk_terms_acceptance")),
    )
    op.add_column("claim", sa.Column("terms_id", sa.Uuid(), nullable=True))
    op.add_column("claim", sa.Column("fee_percent", sa.Numeric(4, 2), nullable=True))
    op.execute(
        "ALTER TABLE claim ADD CONSTRAINT fk_claim_terms_id FOREIGN KEY (terms_id) REFERENCES terms (id)"
        " ON DELETE RESTRICT NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE claim VALIDATE CONSTRAINT fk_claim_terms_id")


def downgrade() -> None:
    op.drop_column("claim", "fee_percent")
    op.drop_column("claim", "terms_id")
    op.drop_table("terms_acceptance")
    op.drop_table("terms")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
        for column, to in columns.items()
    ]
