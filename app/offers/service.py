"""Sending offers out, and finding them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.core.locks import for_update
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Agent

LOCK_OFFER = for_update(  # built once: each tap asks it
    select(Offer)
    .where(Offer.id == bindparam("offer_id"))
    .options(joinedload(Offer.agent, innerjoin=True).lazyload(Agent.account)),
    of=Offer,
)


@dataclass(frozen=True)
class Window:
    """How long offers stand."""

    minutes: int

    def ends(self, at: datetime) -> datetime:
        return at + timedelta(minutes=self.minutes)


def send_wave(
    session: Session,
    *,
    referral_id: UUID,
    agents: Sequence[Agent],
    window: Window,
    at: datetime,
    wave: int = 1,
) -> list[Offer]:
    """One offer for each of `agents`, all ending together."""
    offers = [
        Offer(referral_id=referral_id, agent=agent, wave=wave, expires_at=window.ends(at), created_at=at)
        for agent in agents
    ]
    session.add_all(offers)
    session.flush()
    return offers


def lock_offers(session: Session, *, referral_id: UUID) -> list[Offer]:
    """All offers of a referral, locked, ids ascending. Lock the referral first."""
    query = select(Offer).where(Offer.referral_id == referral_id).order_by(Offer.id)
    return list(session.scalars(for_update(query, of=Offer)))


def lock_offer(session: Session, offer_id: UUID) -> Offer | None:
    """One offer, locked, and its agent, not locked."""
    return session.scalar(LOCK_OFFER, {"offer_id": offer_id})


def serves_another(session: Session, *, phone: str, agent_id: UUID, at: datetime) -> bool:
    """Whether this phone serves an open offer of another agent."""
    query = select(Offer.id).where(
        Offer.phone == phone, Offer.agent_id != agent_id, Offer.status == OfferStatus.SENT, Offer.expires_at > at
    )
    return session.scalar(query.limit(1)) is not None


def declining_due(session: Session, *, at: datetime, limit: int = 200) -> list[UUID]:
    """The referrals that have declines which can no longer be undone, and are not yet settled."""
    query = (
        select(Offer.referral_id)
        .where(Offer.status == OfferStatus.SENT, Offer.decline_at <= at)
        .distinct()
        .limit(limit)
    )
    return list(session.scalars(query))


def expired(session: Session, *, at: datetime, limit: int = 200) -> list[UUID]:
    """The referrals that have offers past their end and not yet marked so."""
    query = (
        select(Offer.referral_id)
        .where(Offer.status == OfferStatus.SENT, Offer.expires_at <= at)
        .distinct()
        .limit(limit)
    )
    return list(session.scalars(query))
