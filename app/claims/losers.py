"""Those who were told of an offer and were not first hear so, on the channels that had told them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Interval, func, literal, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.claims.notices import LOST
from app.notifications.rules import NotificationStatus
from app.offers.messages import NOW, OF_THESE_OFFERS, ROW

S = NotificationStatus
LOSS_IS_NEWS = timedelta(hours=1)
"""Later than that nobody wants to hear who was first."""
TELL_LOST = (
    pg_insert(ROW)
    .from_select(
        [
            "id",
            "account_id",
            "offer_id",
            "push_subscription_id",
            "kind",
            "channel",
            "status",
            "attempts",
            "due_at",
            "created_at",
            "not_after",
        ],
        select(
            func.uuidv7(),
            ROW.c.account_id,
            ROW.c.offer_id,
            ROW.c.push_subscription_id,
            literal(LOST, ROW.c.kind.type),
            ROW.c.channel,
            literal(S.QUEUED, ROW.c.status.type),
            literal(0),
            NOW,
            NOW,
            NOW + literal(LOSS_IS_NEWS, Interval()),
        ).where(OF_THESE_OFFERS, ROW.c.status.in_((S.SENDING, S.SENT, S.DELIVERED))),
        include_defaults=False,
    )
    .on_conflict_do_nothing()
    .returning(ROW.c.id)
)


def tell_lost(session: Session, *, offer_ids: Sequence[UUID], at: datetime) -> list[UUID]:
    """Queues "somebody was first" on each channel that the offer went out by; returns the new ids."""
    return list(session.scalars(TELL_LOST, {"offer_ids": offer_ids, "now": at}))
