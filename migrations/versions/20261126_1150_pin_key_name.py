"""the foreign key of a PIN is named like all others"""

from alembic import op

revision = "7d0be3f41a96"
down_revision = "c27f4a1b8e60"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE pin RENAME CONSTRAINT fk_pin_offer_id_offer TO fk_pin_offer_id")


def downgrade() -> None:
    op.execute("ALTER TABLE pin RENAME CONSTRAINT fk_pin_offer_id TO fk_pin_offer_id_offer")
