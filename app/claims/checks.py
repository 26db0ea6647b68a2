"""When it is looked whether the agent of a claim is at work with their client."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.claims.models import Claim
from app.core.database.ids import first_id

STILL_NEW = timedelta(days=10)
"""Claims as old as this are looked at once the network begins to look."""
UNCHECKED = update(Claim).where(Claim.ended_at.is_(None), Claim.check_at.is_(None))


def check_all(session: Session, *, at: datetime) -> None:
    """The network looks from now on: at the claims of the last days, too."""
    session.execute(UNCHECKED.where(Claim.id >= first_id(at - STILL_NEW)).values(check_at=at))


def check_again(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Its client is taken as not reached any more."""
    session.execute(UNCHECKED.where(Claim.referral_id == referral_id).values(check_at=at))
