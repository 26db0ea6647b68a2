"""What an agent sees in the portal: the offers made to them, and the clients they have claimed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.claims.models import Claim
from app.offers.models import Offer
from app.offers.rules import OfferStatus, is_open
from app.referrals.models import Referral

SHOWN = 100


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    offer: Offer
    is_open: bool

    @property
    def mine(self) -> bool:
        return self.offer.status is OfferStatus.CLAIMED

    @property
    def state(self) -> str:
        """In a word or two."""
        if self.is_open:
            return "open"
        words = {
            OfferStatus.SENT: "moved on",
            OfferStatus.CLAIMED: "yours",
            OfferStatus.LOST: "a teammate was first",
        }
        return words.get(self.offer.status, self.offer.status.value)


def referrals_of(session: Session, *, agent_id: UUID, at: datetime) -> list[Listed]:
    """The newest offers of an agent, newest first."""
    query = (
        select(Offer)
        .options(joinedload(Offer.referral).joinedload(Referral.client))
        .where(Offer.agent_id == agent_id)
        .order_by(Offer.id.desc())
        .limit(SHOWN)
    )
    return [
        Listed(offer, is_open(offer.status, offer.expires_at, offer.decline_at, at)) for offer in session.scalars(query)
    ]


def claimed_referral(session: Session, *, agent_id: UUID, referral_id: UUID) -> Referral | None:
    """A referral that this agent has; None for everybody else."""
    query = (
        select(Referral)
        .join(Claim, Claim.referral_id == Referral.id)
        .where(Referral.id == referral_id, Claim.agent_id == agent_id, Claim.ended_at.is_(None))
    )
    return session.scalar(query)
