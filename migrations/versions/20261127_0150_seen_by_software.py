"""an API key that was shown a client's details is kept, as a person is"""

import sqlalchemy as sa
from alembic import op

revision = "5b1e7d30c6a8"
down_revision = "0c8f2b6d94e1"
branch_labels = None
depends_on = None

KEY, WHERE, WHO = "fk_client_view_api_key_id", "ck_client_view_where_known", "ck_client_view_one_reader"


def upgrade() -> None:
    op.alter_column("client_view", "account_id", nullable=True)
    op.add_column("client_view", sa.Column("api_key_id", sa.Uuid(), nullable=True))
    op.execute(
        f"ALTER TABLE client_view ADD CONSTRAINT {KEY} FOREIGN KEY (api_key_id) REFERENCES api_key (id)"
        " ON DELETE RESTRICT NOT VALID"
    )
    _where("'portal', 'email', 'admin', 'api'")
    op.execute(
        f"ALTER TABLE client_view ADD CONSTRAINT {WHO} CHECK ((account_id IS NULL) <> (api_key_id IS NULL)) NOT VALID"
    )
    with op.get_context().autocommit_block():
        for check in (KEY, WHERE, WHO):
            op.execute(f"ALTER TABLE client_view VALIDATE CONSTRAINT {check}")


def downgrade() -> None:
    op.execute("DELETE FROM client_view WHERE account_id IS NULL")
    op.drop_constraint(op.f(WHO), "client_view", type_="check")
    op.drop_column("client_view", "api_key_id")
    _where("'portal', 'email', 'admin'")
    op.alter_column("client_view", "account_id", nullable=False)


def _where(places: str) -> None:
    op.drop_constraint(op.f(WHERE), "client_view", type_="check")
    op.execute(f'ALTER TABLE client_view ADD CONSTRAINT {WHERE} CHECK ("where" IN ({places})) NOT VALID')
