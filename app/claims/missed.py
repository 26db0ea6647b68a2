"""Offers that went by without a word of their agent."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.core.database.ids import first_id
from app.offers.models import Offer
from app.offers.rules import OfferStatus

IN_A_ROW = 3
LATELY = timedelta(hours=12)
PASSED_BY = frozenset({OfferStatus.LOST, OfferStatus.EXPIRED})


def missed_in_a_row(session: Session, *, agent_id: UUID, at: datetime) -> bool:
    """Whether the agent's last three offers came to nothing lately, and they asked for no call in any of them."""
    query = (
        select(Offer.status, exists().where(Call.offer_id == Offer.id))
        .where(Offer.agent_id == agent_id, Offer.id >= first_id(at - LATELY))
        .order_by(Offer.id.desc())
        .limit(IN_A_ROW)
    )
    last = session.execute(query).all()
    return len(last) == IN_A_ROW and all(status in PASSED_BY and not called for status, called in last)
