"""A referral that nobody has or can claim: the admins are told at once. Nothing waits in silence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.queue.outbox import Outbox
from app.notifications.reach.tell import tell_admins
from app.offers.notices import NO_AGENT


def alert_admins(session: Session, *, referral_id: UUID, at: datetime) -> Outbox:
    """Queues one mail to each admin; once per referral and wave."""
    return tell_admins(session, kind=NO_AGENT, referral_id=referral_id, at=at)
