"""second factor: authenticator apps and recovery codes of those at the desk; viewers"""

import sqlalchemy as sa
from alembic import op

revision = "f19c5d3e7a82"
down_revision = "e6b1f47a20d3"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ONE_ROLE = "ck_account_one_role"


def upgrade() -> None:
    op.create_table(
        "authenticator",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("used_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _account("authenticator"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _account("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.add_column("signed_in", sa.Column("proven_at", MOMENT, nullable=True))
    op.add_column("account", sa.Column("is_viewer", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(f"ALTER TABLE account ADD CONSTRAINT {ONE_ROLE} CHECK (NOT (is_admin AND is_viewer)) NOT VALID")
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute(f"ALTER TABLE account VALIDATE CONSTRAINT {ONE_ROLE}")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_account_viewer")
        op.execute("CREATE INDEX CONCURRENTLY ix_account_viewer ON account (id) WHERE is_viewer")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.drop_constraint(op.f(ONE_ROLE), "account", type_="check")
    op.drop_column("account", "is_viewer")
    op.drop_column("signed_in", "proven_at")
    op.drop_table("recovery_code")
    op.drop_table("authenticator")


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"), ondelete="RESTRICT"
    )
