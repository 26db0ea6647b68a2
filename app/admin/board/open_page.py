"""A page of the open referrals, by the time that is left: indexes are walked in that order, and nothing is sorted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.admin.board.views import IS_OPEN, IS_SENT, PAGE, RINGING, View, stands
from app.core.database.ids import parse_id
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.referrals.models import Referral


@dataclass(frozen=True)
class _Place:
    """Where a page ended: among those without an offer, by id; after them by the end of their offers, and by id."""

    until: datetime | None
    id: UUID

    def __str__(self) -> str:
        return f"{self.until.timestamp() if self.until is not None else ''}~{self.id}"

    @classmethod
    def read(cls, raw: str) -> "_Place | None":
        """None for what is no such place."""
        until, _, raw_id = raw.partition("~")
        id_ = parse_id(raw_id)
        try:
            moment = datetime.fromtimestamp(float(until), ZoneInfo("UTC")) if until else None
        except (ValueError, OverflowError, OSError):
            return None
        return cls(moment, id_) if id_ is not None else None


def open_page(session: Session, view: View, after: str, at: datetime) -> tuple[list[UUID], str | None]:
    """Those with nobody, oldest first, then the others by the end of their offers. Indexes are walked in that order."""
    place, wanted = _Place.read(after), PAGE + 1
    ringing = set(session.scalars(RINGING)) if view is not View.OPEN else set()
    found: list[_Place] = []
    if view is not View.WAITING and (place is None or place.until is None):
        found = [_Place(None, id_) for id_ in session.scalars(_without_offer(view, ringing, place, at).limit(wanted))]
    if view is not View.NOBODY and len(found) < wanted:
        rest = _by_end(view, ringing, place, at).limit(wanted - len(found))
        found += [_Place(until, id_) for until, id_ in session.execute(rest)]
    return [one.id for one in found[:PAGE]], str(found[PAGE - 1]) if len(found) > PAGE else None


def _without_offer(view: View, ringing: set[UUID], place: _Place | None, at: datetime) -> Select[UUID]:
    query = select(Referral.id).where(IS_OPEN, ~stands(at)).order_by(Referral.id)
    if view is View.RINGING:
        query = query.where(Referral.id.in_(ringing))
    elif view is View.NOBODY:
        query = query.where(Referral.id.not_in(ringing))
    return query.where(Referral.id > place.id) if place is not None else query


def _by_end(view: View, ringing: set[UUID], place: _Place | None, at: datetime) -> Select[datetime, UUID]:
    """Of each referral the offer that stands longest."""
    later = aliased(Offer)
    is_last = ~exists().where(
        later.referral_id == Offer.referral_id,
        later.status == literal(OfferStatus.SENT, literal_execute=True),
        or_(later.expires_at > Offer.expires_at, and_(later.expires_at == Offer.expires_at, later.id > Offer.id)),
    )
    query = select(Offer.expires_at, Offer.referral_id).where(IS_SENT, Offer.expires_at > at, is_last)
    if view is View.RINGING:
        query = query.where(Offer.referral_id.in_(ringing))
    elif view is View.WAITING:
        query = query.where(Offer.referral_id.not_in(ringing))
    if place is not None and place.until is not None:
        beyond = and_(Offer.expires_at == place.until, Offer.referral_id > place.id)
        query = query.where(Offer.expires_at >= place.until, or_(Offer.expires_at > place.until, beyond))
    return query.order_by(Offer.expires_at, Offer.referral_id)
