"""invitations from the desk: made by an admin, into a team or for agents on their own"""

import sqlalchemy as sa
from alembic import op

revision = "5f83c1d06e2a"
down_revision = "c9e2f6a3107d"
branch_labels = None
depends_on = None

CHECKS = {
    "fk_invitation_account_id": "FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT",
    "ck_invitation_one_inviter": "CHECK ((agent_id IS NULL) <> (account_id IS NULL))",
    "ck_invitation_a_lead_has_a_team": "CHECK (agent_id IS NULL OR team_id IS NOT NULL)",
}


def upgrade() -> None:
    op.add_column("invitation", sa.Column("account_id", sa.Uuid(), nullable=True))
    for table, column in (("invitation", "team_id"), ("invitation", "agent_id"), ("join_request", "team_id")):
        op.alter_column(table, column, nullable=True)
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE invitation ADD CONSTRAINT {name} {condition} NOT VALID")
    with op.get_context().autocommit_block():
        for bound in ("SET lock_timeout = '3s'", "SET statement_timeout = 0"):
            op.execute(bound)
        for name in CHECKS:
            op.execute(f"ALTER TABLE invitation VALIDATE CONSTRAINT {name}")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    op.execute("DELETE FROM join_request WHERE team_id IS NULL OR invitation_id IN "
               "(SELECT id FROM invitation WHERE account_id IS NOT NULL)")  # fmt: skip
    op.execute("DELETE FROM invitation WHERE account_id IS NOT NULL")
    op.drop_column("invitation", "account_id")
    for table, column in (("invitation", "team_id"), ("invitation", "agent_id"), ("join_request", "team_id")):
        op.alter_column(table, column, nullable=False)
