"""Deletes rows that are no longer of use: callbacks, receipts, strangers' texts, idempotency answers, spent links,
events for webhooks.

Referrals, clients, offers, calls, claims and the messages about them stay. Rows are deleted in small transactions, by
id: ids are times, so the primary key is the only index needed, and nothing has to wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from app.core.database.ids import first_id

BATCH = 500
"""Rows deleted in one transaction."""
SHORT, MONTH, LONG = timedelta(days=7), timedelta(days=30), timedelta(days=90)
SIGNED_IN = timedelta(days=180)
"""Twice as long as any session lasts."""
NOWHERE = UUID(int=0)

OF_LINKS = (
    "DELETE FROM receipt WHERE notification_id IN (SELECT id FROM notification WHERE sign_in_link_id = ANY(:ids))",
    "DELETE FROM notification WHERE sign_in_link_id = ANY(:ids)",
)
OLD_ANSWERS = text("""
DELETE FROM idempotent_answer WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM idempotent_answer WHERE created_at < :before ORDER BY created_at LIMIT :batch))
""")


@dataclass(frozen=True)
class Aging:
    """Rows of a table that are of no use after `keep`. `first` deletes what refers to them."""

    table: str
    keep: timedelta
    which: str = "true"
    first: tuple[str, ...] = ()


AGINGS = (
    Aging("call_event", LONG),
    Aging("receipt", LONG),
    Aging("voicemail", LONG),
    Aging("sign_in_link", SHORT, first=OF_LINKS),
    Aging("signed_in", SIGNED_IN),
    Aging("webhook_event", MONTH, first=("DELETE FROM webhook_delivery WHERE event_id = ANY(:ids)",)),
    Aging("join_request", LONG, which="agent_id IS NULL"),
    # A stranger's STOP stays: the number may be an agent's one day. So do a client's texts to their agent.
    Aging("inbound_text", LONG, which="agent_id IS NULL AND offer_id IS NULL AND meaning NOT IN ('stop', 'start')"),
)


def age_out(session: Session, *, at: datetime) -> dict[str, int]:
    """Deletes everything old enough, committing batch by batch. Returns the number of rows deleted, by table."""
    gone = {aging.table: _age_out(session, aging, at) for aging in AGINGS}
    gone["idempotent_answer"] = _forget_answers(session, at)
    return {table: count for table, count in gone.items() if count}


def _age_out(session: Session, aging: Aging, at: datetime) -> int:
    old = text(
        f"SELECT id FROM {aging.table} WHERE id > :after AND id < :before AND {aging.which} ORDER BY id LIMIT :batch"
    )
    count, after = 0, NOWHERE
    while True:
        bounds = {"after": after, "before": first_id(at - aging.keep), "batch": BATCH}
        ids = list(session.scalars(old, bounds))
        for statement in (*aging.first, f"DELETE FROM {aging.table} WHERE id = ANY(:ids)") if ids else ():
            session.execute(text(statement), {"ids": ids})
        session.commit()
        count += len(ids)
        if len(ids) < BATCH:
            return count
        after = ids[-1]


def _forget_answers(session: Session, at: datetime) -> int:
    count, forgotten = 0, BATCH
    while forgotten == BATCH:
        done: CursorResult[object] = session.execute(OLD_ANSWERS, {"before": at - SHORT, "batch": BATCH})  # type: ignore[assignment]
        session.commit()
        forgotten = done.rowcount
        count += forgotten
    return count
