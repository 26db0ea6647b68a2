"""Who was first, and by how much: for pages, messages and the voice."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.claims.models import Claim, LateClaim
from app.offers.models import Offer
from app.people.models import Agent


@dataclass(frozen=True)
class LostTo:
    """The winner; `behind_seconds` only when this agent pressed 1 too."""

    winner_first_name: str
    behind_seconds: int | None


def lost_to_whom(session: Session, *, offer_id: UUID) -> LostTo:
    """Who won the referral of this offer. The offer must be lost."""
    winner = session.scalars(
        select(Agent)
        .join(Claim, Claim.agent_id == Agent.id)
        .join(Offer, Offer.referral_id == Claim.referral_id)
        .where(Offer.id == offer_id)
        .order_by(Claim.at)
        .limit(1)
    ).one()
    behind_ms = session.scalar(select(LateClaim.behind_ms).where(LateClaim.offer_id == offer_id))
    return LostTo(winner.first_name, None if behind_ms is None else round(behind_ms / 1000))
