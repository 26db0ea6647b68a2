"""texts that say STOP or START and have yet to be done"""

import sqlalchemy as sa
from alembic import op

revision = "c27f4a1b8e60"
down_revision = "6e3b90d81f25"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound_text", sa.Column("put_off", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_inbound_text_put_off", "inbound_text", ["received_at"], postgresql_where=sa.text("put_off"))


def downgrade() -> None:
    op.drop_index("ix_inbound_text_put_off", table_name="inbound_text")
    op.drop_column("inbound_text", "put_off")
