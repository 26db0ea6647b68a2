"""A claim ends: the agent gives the referral back, or a teammate takes it over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.claims.models import Claim, ClaimEnd
from app.offers.messages import drop_queued
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import end_offer
from app.people.models import Agent


def standing_claim(session: Session, *, referral_id: UUID, agent_id: UUID) -> Claim | None:
    """The claim by which this agent has the referral. Lock the referral first to rely on it."""
    query = select(Claim).where(Claim.referral_id == referral_id, Claim.agent_id == agent_id, Claim.ended_at.is_(None))
    return session.scalar(query.execution_options(populate_existing=True))


def claim_of(session: Session, *, referral_id: UUID) -> Claim | None:
    """The claim that stands."""
    return session.scalar(select(Claim).where(Claim.referral_id == referral_id, Claim.ended_at.is_(None)))


def standing_agent(session: Session, *, referral_id: UUID) -> Agent | None:
    """Who has the referral."""
    query = select(Agent).join(Claim, Claim.agent_id == Agent.id)
    return session.scalar(query.where(Claim.referral_id == referral_id, Claim.ended_at.is_(None)))


def former_claim(session: Session, *, referral_id: UUID, agent_id: UUID) -> Claim | None:
    """The last claim of an agent who had the referral and has it no more."""
    query = select(Claim).where(Claim.referral_id == referral_id, Claim.agent_id == agent_id)
    last = session.scalars(query.order_by(Claim.id.desc()).limit(1)).first()
    return last if last is not None and last.ended_at is not None else None


def end_claim(session: Session, *, claim: Claim, offer: Offer, how: ClaimEnd, words: str | None, at: datetime) -> None:
    """Ends a claim and its offer, both locked with their referral."""
    claim.ended_at, claim.ended_how, claim.end_words = at, how, words
    claim.follow_up_at = claim.check_at = None
    end_offer(offer, OfferStatus.WITHDRAWN, at=at)
    drop_queued(session, offer_ids=[offer.id], at=at)
    session.flush()
