"""What the board can show: its views, and which referrals are in each."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, literal, select

from app.calls.models import Call
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus

PAGE = 50
DESK_ZONE = "America/Chicago"


class View(StrEnum):
    """What the board shows: the open ones, some of them, or another status."""

    OPEN = "open"
    NOBODY = "nobody"
    RINGING = "ringing"
    WAITING = "waiting"
    CLAIMED = "claimed"
    """Today, by the desk's clock."""
    HELD = "held"
    ALL = "all"


OF_OPEN = (View.OPEN, View.NOBODY, View.RINGING, View.WAITING)


IS_OPEN = Referral.status == literal(ReferralStatus.OPEN, literal_execute=True)
IS_SENT = Offer.status == literal(OfferStatus.SENT, literal_execute=True)
RINGING = (
    select(Referral.id)
    .join(Offer, Offer.referral_id == Referral.id)
    .join(Call, Call.offer_id == Offer.id)
    .where(Call.ended_at.is_(None), IS_OPEN)
    .distinct()
)
"""Open referrals of which a call is under way."""


def stands(at: datetime) -> ColumnElement[bool]:
    """An offer of this referral can still be claimed.

    A set, not a join: Postgres underestimates how many offers end after now, and would plan a slow join.
    """
    return Referral.id.in_(select(Offer.referral_id).where(IS_SENT, Offer.expires_at > at))


def claimed_today(at: datetime) -> ColumnElement[bool]:
    """Claimed since midnight, by the desk's clock."""
    midnight = at.astimezone(ZoneInfo(DESK_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    claimed = literal(ReferralStatus.CLAIMED, literal_execute=True)  # so that a partial index fits
    return and_(Referral.status == claimed, Referral.claimed_at >= midnight)


def held() -> ColumnElement[bool]:
    """Held for an admin."""
    return Referral.status == literal(ReferralStatus.HELD, literal_execute=True)


def is_in(view: View, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """The open referrals that one of the views of open ones shows."""
    rings = Referral.id.in_(RINGING)
    if view is View.RINGING:
        return (rings,)
    return (~rings, stands(at) if view is View.WAITING else ~stands(at))
