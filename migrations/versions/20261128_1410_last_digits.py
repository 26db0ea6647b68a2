"""clients by the last four digits of their phone, as an admin types them"""

from alembic import op

revision = "c9e2f6a3107d"
down_revision = "a17d4c92e5b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_client_last_digits")
        op.execute('CREATE INDEX CONCURRENTLY ix_client_last_digits ON client ("right"(phone, 4))')
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.drop_index("ix_client_last_digits", "client")
