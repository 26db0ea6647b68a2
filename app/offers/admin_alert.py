"""A referral that nobody has or can claim: the admins are told at once. Nothing waits in silence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.models import Notification
from app.notifications.reach.tell import tell_admins
from app.offers.models import Offer
from app.offers.notices import NO_AGENT


def alert_admins(session: Session, *, referral_id: UUID, at: datetime) -> Outbox:
    """Queues one mail to each admin; once for each wave of a referral."""
    last_wave = select(func.max(Offer.created_at)).where(Offer.referral_id == referral_id).scalar_subquery()
    told = select(Notification.id).where(
        Notification.referral_id == referral_id, Notification.kind == NO_AGENT, Notification.created_at >= last_wave
    )
    if session.scalar(told.limit(1)) is not None:
        return NOTHING
    return tell_admins(session, kind=NO_AGENT, referral_id=referral_id, at=at)
