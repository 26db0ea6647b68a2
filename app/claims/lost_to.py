"""Who was first, and by how much: for pages, messages and the voice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.claims.models import Claim, LateClaim
from app.core.language import gettext as _
from app.notifications.models import Notification
from app.offers.models import Offer
from app.offers.notices import OFFER
from app.people.models import Agent


@dataclass(frozen=True)
class LostTo:
    """The winner, by name only to their team; `behind_seconds` only when this agent pressed 1 too."""

    winner_first_name: str
    is_teammate: bool
    behind_seconds: int | None


def lost_to_whom(session: Session, *, offer_id: UUID) -> LostTo:
    """Who won the referral of this offer. The offer must be lost."""
    winner = session.scalars(
        select(Agent)
        .join(Claim, Claim.agent_id == Agent.id)
        .join(Offer, Offer.referral_id == Claim.referral_id)
        .where(Offer.id == offer_id, Claim.at <= Offer.ended_at)
        .order_by(Claim.at.desc())
        .limit(1)
    ).one()
    behind_ms = session.scalar(select(LateClaim.behind_ms).where(LateClaim.offer_id == offer_id))
    reader = session.get_one(Offer, offer_id).agent
    behind = None if behind_ms is None else round(behind_ms / 1000)
    return LostTo(name_told(winner, reader), are_teammates(winner, reader), behind)


def are_teammates(one: Agent, other: Agent) -> bool:
    """Whether they share a team."""
    return one.team_id is not None and one.team_id == other.team_id


def name_told(winner: Agent, reader: Agent) -> str:
    """What the reader is told of who was first: agents of other teams compete, and are not named to each other."""
    return winner.first_name if are_teammates(winner, reader) else _("another agent")


@dataclass(frozen=True)
class Told:
    """When the first message with the offer went out, to this agent and to the winner; None: none did."""

    you_at: datetime | None
    winner_at: datetime | None


def when_told(session: Session, *, offer_id: UUID) -> Told:
    """When each of the two was told of the referral. The offer must be lost."""
    lost = session.get_one(Offer, offer_id)
    won = (
        select(Claim.offer_id)
        .where(Claim.referral_id == lost.referral_id, Claim.at <= lost.ended_at)
        .order_by(Claim.at.desc())
        .limit(1)
    )
    return Told(_first_sent(session, offer_id), _first_sent(session, session.scalars(won).one()))


def _first_sent(session: Session, offer_id: UUID) -> datetime | None:
    query = select(func.min(Notification.sent_at))
    return session.scalar(query.where(Notification.offer_id == offer_id, Notification.kind == OFFER))
