"""An agent has looked at an offer's page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.offers.models import Offer
from app.offers.rules import OfferStatus


def see_offer(session: Session, *, offer_id: UUID, at: datetime) -> None:
    """Keeps when the page was first looked at, while the offer stands."""
    unseen = (Offer.id == offer_id, Offer.looked_at.is_(None), Offer.status == OfferStatus.SENT)
    session.execute(update(Offer).where(*unseen).values(looked_at=at).execution_options(synchronize_session=False))
