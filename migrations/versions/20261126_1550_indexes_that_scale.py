"""indexes hold what is asked for: no rows of NULLs, and what is open by its agent"""

from alembic import op

revision = "3c9e71d2b805"
down_revision = "7d0be3f41a96"
branch_labels = None
depends_on = None

BOUNDS = ("SET lock_timeout = '3s'", "SET statement_timeout = 0")
"""Built beside the running release, an index takes as long as its table is large."""
BOUNDED = "SET statement_timeout = '60s'"
REPEATS = "number_change_id IS NOT NULL AND kind NOT IN ('number_code')"
NEW = {
    "uq_notification_no_agent": ("notification (referral_id, account_id) WHERE referral_id IS NOT NULL", "UNIQUE"),
    "uq_notification_provider_id": ("notification (channel, provider_id) WHERE provider_id IS NOT NULL", "UNIQUE"),
    "uq_notification_number_change": (f"notification (number_change_id, kind, channel) WHERE {REPEATS}", "UNIQUE"),
    "ix_notification_sign_in_link_id": ("notification (sign_in_link_id) WHERE sign_in_link_id IS NOT NULL", ""),
    "ix_notification_number_change_id": ("notification (number_change_id) WHERE number_change_id IS NOT NULL", ""),
    "ix_notification_push_subscription_id": (
        "notification (push_subscription_id) WHERE push_subscription_id IS NOT NULL",
        "",
    ),
    "ix_notification_test": ("notification (account_id, created_at) WHERE kind = 'test'", ""),
    "ix_offer_agent": ("offer (agent_id, id)", ""),
    "ix_offer_open": ("offer (agent_id, expires_at) WHERE status = 'sent'", ""),
    "ix_referral_open": ("referral (id) WHERE status = 'open'", ""),
    "ix_referral_claimed": ("referral (id) WHERE status = 'claimed'", ""),
    "ix_push_subscription_gone": ("push_subscription (endpoint) WHERE end_reason = 'gone'", ""),
    "ix_inbound_text_switch": ("inbound_text (phone, received_at) WHERE meaning IN ('stop', 'start')", ""),
    "ix_account_admin": ("account (id) WHERE is_admin", ""),
}
OLD = {
    "ix_offer_agent_id": "offer (agent_id)",
    "ix_referral_created_at": "referral (created_at)",
    "ix_notification_referral_id": "notification (referral_id)",
}
REBUILT = {
    "uq_notification_no_agent": ("notification (referral_id, account_id)", "UNIQUE"),
    "uq_notification_provider_id": ("notification (channel, provider_id)", "UNIQUE"),
    "uq_notification_number_change": (
        "notification (number_change_id, kind, channel) WHERE kind NOT IN ('number_code')",
        "UNIQUE",
    ),
    "ix_notification_sign_in_link_id": ("notification (sign_in_link_id)", ""),
    "ix_notification_number_change_id": ("notification (number_change_id)", ""),
    "ix_notification_push_subscription_id": ("notification (push_subscription_id)", ""),
}
VACUUM = ("notification", "offer", "call")
"""Tables whose rows are updated many times: swept at 2 % dead rows rather than 20 %."""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for bound in BOUNDS:
            op.execute(bound)
        for name, (what, unique) in NEW.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")  # left by a run that was cut off
            op.execute(f"CREATE {unique} INDEX CONCURRENTLY IF NOT EXISTS {name}_new ON {what}")
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        for name in OLD:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        for table in VACUUM:
            op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02)")
        op.execute(BOUNDED)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for bound in BOUNDS:
            op.execute(bound)
        for table in VACUUM:
            op.execute(f"ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor)")
        for name, what in OLD.items():
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {what}")
        for name in NEW:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        for name, (what, unique) in REBUILT.items():
            op.execute(f"CREATE {unique} INDEX CONCURRENTLY IF NOT EXISTS {name} ON {what}")
        op.execute(BOUNDED)
