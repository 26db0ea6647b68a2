"""A client's other referrals, so that two agents of one client know about each other."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from app.clients.models import Client
from app.core.names import shown_agent
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Agent
from app.referrals.models import Referral

MOST_OTHERS = 5


@dataclass(frozen=True)
class OtherReferral:
    """Another referral of the same client, or of somebody with the same phone."""

    referral: Referral
    agent_name: str | None
    """Who has it; None: nobody has."""


def others_of_client(session: Session, *, referral: Referral) -> list[OtherReferral]:
    """The newest of them, at most five."""
    query = (
        select(Referral, Agent.name)
        .join(Client, Client.id == Referral.client_id)
        .outerjoin(Offer, and_(Offer.referral_id == Referral.id, Offer.status == OfferStatus.CLAIMED))
        .outerjoin(Agent, Agent.id == Offer.agent_id)
        .where(Client.phone == referral.client.phone, Referral.id != referral.id)
        .options(joinedload(Referral.client))
        .order_by(Referral.id.desc())
        .limit(MOST_OTHERS)
    )
    return [
        OtherReferral(other, shown_agent(name) if name is not None else None) for other, name in session.execute(query)
    ]
