"""A claim by PIN from a phone that may not be the agent's: the agent is told at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.claims.notices import CLAIMED_BY_PIN
from app.core.queue.outbox import Outbox
from app.notifications.reach.tell import tell_agent
from app.offers.models import Offer


def is_the_agents_phone(session: Session, *, offer_id: UUID, phone: str | None, attested: bool) -> bool:
    """Whether the carrier vouches for the calling number, and it is the agent's own or the one this offer rings."""
    offer = session.get_one(Offer, offer_id)
    return attested and phone is not None and phone in (offer.agent.phone, offer.phone)


def tell_claimed_by_pin(session: Session, *, offer_id: UUID, at: datetime) -> Outbox:
    """Tells the agent on every channel that works; once per offer."""
    agent = session.get_one(Offer, offer_id).agent
    return tell_agent(session, agent, kind=CLAIMED_BY_PIN, offer_id=offer_id, at=at)
