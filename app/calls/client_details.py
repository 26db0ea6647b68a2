"""After the call the client's details go to the agent by email, once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.notices import DETAILS
from app.core.queue.outbox import NOTHING, Outbox, outbox_with
from app.notifications.channels.rules import Channel
from app.notifications.queueing import queue_notification
from app.offers.models import Offer
from app.offers.rules import OfferStatus


def send_details(session: Session, *, offer_id: UUID, at: datetime) -> Outbox:
    """Queues the mail with the client's details for the agent who claimed; once per offer."""
    offer = session.get(Offer, offer_id)
    if offer is None or offer.status is not OfferStatus.CLAIMED:
        return NOTHING
    queued = queue_notification(
        session,
        account_id=offer.agent.account_id,
        kind=DETAILS,
        channel=Channel.EMAIL,
        at=at,
        offer_id=offer_id,
    )
    return outbox_with(queued)
