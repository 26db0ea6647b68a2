"""The messages of offers: queued with their wave, held while a decline can be undone, dropped when they are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.core.database.columns import table_of
from app.core.database.ids import new_id
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import SuppressionReason
from app.notifications.models import Notification
from app.notifications.rules import NotificationStatus
from app.offers.notices import OFFER

S = NotificationStatus
ROW = table_of(Notification)
NOW: BindParameter[datetime] = bindparam("now", type_=ROW.c.created_at.type)
OF_THESE_OFFERS = and_(ROW.c.offer_id.in_(bindparam("offer_ids", expanding=True)), ROW.c.kind == OFFER)
DROP = update(ROW).where(OF_THESE_OFFERS, ROW.c.status == S.QUEUED).values(status=S.DROPPED, ended_at=NOW)
"""Nobody is told of an offer that is over: what waits for `offer_ids` is dropped. A claim makes it part of itself."""
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
    suppressed: SuppressionReason | None = None
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
        "kind": OFFER,
        "channel": message.channel,
        "status": S.QUEUED if message.suppressed is None else S.DROPPED,
        "attempts": 0,
        "due_at": message.due_at,
        "not_after": message.not_after,
        "ended_at": None if message.suppressed is None else at,
        "error_code": message.suppressed,
        "created_at": at,
    }


def drop_queued(session: Session, *, offer_ids: Sequence[UUID], at: datetime) -> None:
    """Drops what waits for these offers."""
    session.execute(DROP, {"offer_ids": offer_ids, "now": at})


def hold_queued(session: Session, *, offer_id: UUID, until: datetime) -> None:
    """What waits for this offer waits at least until then."""
    session.execute(
        update(Notification)
        .where(
            Notification.offer_id == offer_id,
            Notification.kind == OFFER,
            Notification.status == S.QUEUED,
            Notification.due_at < until,
        )
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )
