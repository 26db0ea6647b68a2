"""A referral that nobody has or can claim: the admins are told at once. Nothing waits in silence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel
from app.notifications.queueing import queue_notification
from app.offers.notices import NO_AGENT
from app.people.accounts import admins


def alert_admins(session: Session, *, referral_id: UUID, at: datetime) -> list[UUID]:
    """Queues one mail to each admin; once per referral and wave."""
    ids = []
    for account in admins(session):
        queued = queue_notification(
            session,
            account_id=account.id,
            kind=NO_AGENT,
            channel=Channel.EMAIL,
            at=at,
            referral_id=referral_id,
        )
        if queued is not None:
            ids.append(queued)
    return ids
