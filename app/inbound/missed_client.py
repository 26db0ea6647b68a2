"""A client rang back and did not reach their agent: the agent is told, on every channel that works."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.inbound.notices import CLIENT_CALLED
from app.notifications.models import Notification
from app.notifications.reach.tell import tell_agent
from app.offers.service import lock_offer

TOLD_EVERY = timedelta(minutes=5)
"""Clients try twice in a row."""
WORTH_TELLING = timedelta(hours=12)
"""A text that waits for the end of the night is of use in the morning."""


def tell_client_called(session: Session, *, offer_id: UUID, at: datetime) -> Outbox:
    """Tells the agent of this claimed offer, unless they were told a moment ago. Raises LockTimeout."""
    with lock_wait(session):
        offer = lock_offer(session, offer_id)
    if offer is None or _was_told(session, offer_id, at):
        return NOTHING
    not_after = at + WORTH_TELLING
    return tell_agent(session, offer.agent, kind=CLIENT_CALLED, offer_id=offer_id, at=at, not_after=not_after)


def _was_told(session: Session, offer_id: UUID, at: datetime) -> bool:
    told = exists().where(
        Notification.offer_id == offer_id,
        Notification.kind == CLIENT_CALLED,
        Notification.created_at > at - TOLD_EVERY,
    )
    return bool(session.scalar(select(told)))
