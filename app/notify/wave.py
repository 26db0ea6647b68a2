"""The messages of a wave of offers, queued in one statement however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.core.columns import table_of
from app.core.ids import new_id
from app.notify.models import Notification
from app.notify.rules import Channel, Kind, NotificationStatus

ROW = table_of(Notification)
QUEUE = pg_insert(ROW).on_conflict_do_nothing().returning(ROW.c.id)


@dataclass(frozen=True)
class OfferMessage:
    """One offer on its way over one channel; push goes to one browser."""

    account_id: UUID
    offer_id: UUID
    channel: Channel
    due_at: datetime
    not_after: datetime
    push_subscription_id: UUID | None = None


def queue_offers(session: Session, *, messages: Sequence[OfferMessage], at: datetime) -> list[UUID]:
    """Queues them; returns the ids of those that nobody had queued before."""
    if not messages:
        return []
    rows = [
        {
            "id": new_id(),
            "account_id": message.account_id,
            "offer_id": message.offer_id,
            "push_subscription_id": message.push_subscription_id,
            "kind": Kind.OFFER,
            "channel": message.channel,
            "status": NotificationStatus.QUEUED,
            "attempts": 0,
            "due_at": message.due_at,
            "not_after": message.not_after,
            "created_at": at,
        }
        for message in messages
    ]
    return list(session.execute(QUEUE, rows).scalars())
