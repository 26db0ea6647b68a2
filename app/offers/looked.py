"""Records that an agent has opened an offer's page."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.offers.models import Offer, OfferLook
from app.offers.rules import OfferStatus


def see_offer(session: Session, *, offer_id: UUID, at: datetime) -> None:
    """Keeps when the page was first looked at, while the offer stands."""
    standing = select(Offer.id, literal(at, DateTime(timezone=True))).where(
        Offer.id == offer_id, Offer.status == OfferStatus.SENT
    )
    session.execute(insert(OfferLook).from_select(["offer_id", "at"], standing).on_conflict_do_nothing())


def looks_at(session: Session, offer_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each offer's page was first opened; offers whose page was never opened are left out."""
    query = select(OfferLook.offer_id, OfferLook.at).where(OfferLook.offer_id.in_(offer_ids))
    return {row[0]: row[1] for row in session.execute(query)}
