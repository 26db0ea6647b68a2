"""The messages of a wave of offers, queued in one statement however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.core.columns import table_of
from app.core.ids import new_id
from app.notify.models import Notification
from app.notify.rules import Channel, Kind, NotificationStatus
from app.notify.untold import Why

S = NotificationStatus
ROW = table_of(Notification)
QUEUE = pg_insert(ROW).on_conflict_do_nothing().returning(ROW.c.id, ROW.c.status, ROW.c.due_at)


@dataclass(frozen=True)
class OfferMessage:
    """One offer on its way over one channel; push goes to one browser."""

    account_id: UUID
    offer_id: UUID
    channel: Channel
    due_at: datetime
    not_after: datetime
    push_subscription_id: UUID | None = None
    untold: Why | None = None
    """Why it is not sent: it is kept all the same, as dropped, since the reason may be gone when somebody asks."""


def queue_offers(session: Session, *, messages: Sequence[OfferMessage], at: datetime) -> list[UUID]:
    """Queues them; returns the ids of those that nobody had queued before and that may go out now."""
    if not messages:
        return []
    kept = session.execute(QUEUE, [_row(message, at) for message in messages])
    return [id_ for id_, status, due_at in kept if status is S.QUEUED and due_at <= at]


def _row(message: OfferMessage, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "account_id": message.account_id,
        "offer_id": message.offer_id,
        "push_subscription_id": message.push_subscription_id,
        "kind": Kind.OFFER,
        "channel": message.channel,
        "status": S.QUEUED if message.untold is None else S.DROPPED,
        "attempts": 0,
        "due_at": message.due_at,
        "not_after": message.not_after,
        "ended_at": None if message.untold is None else at,
        "error_code": message.untold,
        "created_at": at,
    }
