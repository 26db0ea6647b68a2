"""Whether the agent of an offer may claim it, by the network's terms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.offers.models import Offer
from app.referrals.models import Referral
from app.referrals.rules import middle_price
from app.terms.service import Verdict, may_claim


def terms_verdict(session: Session, *, offer_id: UUID, at: datetime) -> Verdict:
    """What the terms in force say of this offer's agent and referral."""
    query = select(Offer.agent_id, Referral.state, Referral.time_zone, Referral.price_min, Referral.price_max)
    row = session.execute(query.join(Referral, Referral.id == Offer.referral_id).where(Offer.id == offer_id)).one()
    price = middle_price(row.price_min, row.price_max)
    return may_claim(session, agent_id=row.agent_id, state=row.state, price=price, time_zone=row.time_zone, at=at)
