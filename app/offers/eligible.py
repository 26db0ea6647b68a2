"""Whether an agent may claim a referral, by the network's terms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.offers.models import Offer
from app.referrals.models import Referral
from app.referrals.rules import middle_price
from app.terms.service import Verdict, may_claim


def terms_verdict(session: Session, *, offer_id: UUID, at: datetime) -> Verdict:
    """What the terms in force say of this offer's agent and referral."""
    offer = session.get_one(Offer, offer_id)
    return verdict_on(session, referral=offer.referral, agent_id=offer.agent_id, at=at)


def verdict_on(session: Session, *, referral: Referral, agent_id: UUID, at: datetime) -> Verdict:
    """What they say of any agent and this referral."""
    price = middle_price(referral.price_min, referral.price_max)
    where = {"state": referral.state, "time_zone": referral.time_zone}
    return may_claim(session, agent_id=agent_id, price=price, at=at, **where)
