"""A trigger that refuses the product any move of a status that its table of transitions does not allow.

Only connections named like the product's are held: a test may put rows into whatever state it needs.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import psycopg

from app.calls.rules import TRANSITIONS as CALLS
from app.core.database.transitions import Transitions
from app.notifications.rules import TRANSITIONS as MESSAGES
from app.offers.rules import TRANSITIONS as OFFERS
from app.referrals.rules import TRANSITIONS as REFERRALS
from app.transfers.rules import TRANSITIONS as TRANSFERS
from app.webhooks.rules import TRANSITIONS as DELIVERIES

TABLES: Mapping[str, Transitions[Any]] = {
    "call": CALLS,
    "notification": MESSAGES,
    "offer": OFFERS,
    "referral": REFERRALS,
    "transfer": TRANSFERS,
    "webhook_delivery": DELIVERIES,
}
PRODUCT = "dibs"
"""The application_name of the product's connections."""
REFUSE = f"""
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('application_name') = '{PRODUCT}' AND NOT OLD.status || ' ' || NEW.status = ANY (TG_ARGV) THEN
    RAISE EXCEPTION 'forbidden move of a %: % -> %', TG_TABLE_NAME, OLD.status, NEW.status;
  END IF;
  RETURN NEW;
END $$
"""


def hold_to_tables(url: str) -> None:
    """Installs the trigger in a migrated database."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(REFUSE.encode())
        for table, transitions in TABLES.items():
            moves = ", ".join(f"'{now} {then}'" for now, then in _moves(transitions))
            connection.execute(
                f"CREATE TRIGGER refuse_move BEFORE UPDATE OF status ON {table} FOR EACH ROW"
                f" WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION refuse_move({moves})".encode()
            )


def _moves(transitions: Transitions[Any]) -> list[tuple[StrEnum, StrEnum]]:
    return [(now, then) for now, targets in transitions.items() for then in sorted(targets)]
