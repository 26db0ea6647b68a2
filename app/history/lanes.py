"""What each agent had to do with a referral, side by side: told, looked, rung, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.calls.models import Call
from app.notifications.channels.rules import CHANNELS
from app.notifications.models import Notification
from app.notifications.rules import NotificationStatus
from app.offers.looked import looks_at
from app.offers.models import Offer
from app.offers.notices import OFFER
from app.offers.rules import STATUS_WORDS, OfferStatus
from app.referrals.models import Referral


@dataclass(frozen=True)
class Lane:
    """One offer to one agent."""

    name: str
    wave: int
    told: Sequence[str]
    """By which channels, as far as messages have gone out."""
    told_at: datetime | None
    looked_at: datetime | None
    rang: int
    rang_at: datetime | None
    ended: str | None
    """How it ended; None while it stands."""
    ended_at: datetime | None
    expires_at: datetime


def lanes(session: Session, *, referral: Referral) -> list[Lane]:
    """Newest wave first."""
    query = select(Offer).options(joinedload(Offer.agent)).where(Offer.referral_id == referral.id)
    offers = session.scalars(query.order_by(Offer.wave.desc(), Offer.id)).all()
    told: dict[object, list[Notification]] = {}
    gone_out = select(Notification).where(
        Notification.offer_id.in_([offer.id for offer in offers]),
        Notification.kind == OFFER,
        Notification.sent_at.is_not(None),
        Notification.status != NotificationStatus.FAILED,
    )
    for message in session.scalars(gone_out.order_by(Notification.sent_at)):
        told.setdefault(message.offer_id, []).append(message)
    rang = select(Call.offer_id, func.count(), func.min(Call.requested_at)).group_by(Call.offer_id)
    calls = {row[0]: row for row in session.execute(rang.where(Call.offer_id.in_([one.id for one in offers])))}
    looks = looks_at(session, [offer.id for offer in offers])
    return [_lane(offer, told.get(offer.id, []), calls.get(offer.id), looks.get(offer.id)) for offer in offers]


def _lane(offer: Offer, told: list[Notification], rang: Sequence[object] | None, looked_at: datetime | None) -> Lane:
    over = offer.status is not OfferStatus.SENT
    return Lane(
        name=offer.agent.name,
        wave=offer.wave,
        told=tuple(dict.fromkeys(CHANNELS[message.channel].lower() for message in told)),
        told_at=told[0].sent_at if told else None,
        looked_at=looked_at,
        rang=int(str(rang[1])) if rang is not None else 0,
        rang_at=rang[2] if rang is not None and isinstance(rang[2], datetime) else None,
        ended=STATUS_WORDS[offer.status] if over else None,
        ended_at=offer.ended_at,
        expires_at=offer.expires_at,
    )
