"""Mails to the admins about referrals that nobody has: the first few in a while each at once, the others in one mail.

A bad morning would else send hundreds. Which mail speaks for which follows from when each was queued, and what was
queued before it: it comes out the same however often it is asked.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session

from app.notifications.channels.suppression import Suppression
from app.notifications.models import Notification
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus

AT_ONCE = 3
"""So many in one while have a mail of their own."""
WHILE = timedelta(minutes=10)
COMMITTED = timedelta(minutes=1)
"""This long after a while is over, whatever was queued in it can be read."""
HAS_AN_OFFER = exists().where(Offer.referral_id == Referral.id, Offer.status == OfferStatus.SENT)


def why_another_says_it(session: Session, notification: Notification, at: datetime) -> Suppression | None:
    """One mail speaks for all that came later; it is dropped when none of them is left without anybody."""
    before = _how_many_before(session, notification)
    if before > AT_ONCE:
        return Suppression.TOGETHER
    if before == AT_ONCE and at >= _ends(notification) and not told_together(session, notification):
        return Suppression.OVER
    return None


def waits_for_the_others(session: Session, notification: Notification, at: datetime) -> datetime | None:
    """The mail that speaks for several goes out when its while is over."""
    if at >= _ends(notification) or _how_many_before(session, notification) < AT_ONCE:
        return None
    return _ends(notification)


def told_together(session: Session, notification: Notification) -> Sequence[Referral]:
    """The referrals this mail speaks for that still have nobody, oldest first; none where it is about one alone."""
    if _how_many_before(session, notification) < AT_ONCE:
        return ()
    of_this_while = (
        select(Notification.referral_id)
        .where(_same_while(notification))
        .order_by(Notification.created_at, Notification.id)
        .offset(AT_ONCE)
    )
    return session.scalars(
        select(Referral)
        .where(
            Referral.id.in_(of_this_while),
            Referral.status == ReferralStatus.OPEN,
            ~HAS_AN_OFFER,
        )
        .order_by(Referral.id)
    ).all()


def _how_many_before(session: Session, notification: Notification) -> int:
    mine = (notification.created_at, notification.id)
    earlier = tuple_(Notification.created_at, Notification.id) < mine
    return session.scalar(select(func.count()).where(_same_while(notification), earlier)) or 0


def _same_while(notification: Notification) -> ColumnElement[bool]:
    """Of the same kind, to the same admin."""
    begins = _begins(notification)
    return and_(
        Notification.account_id == notification.account_id,
        Notification.kind == notification.kind,
        Notification.created_at >= begins,
        Notification.created_at < begins + WHILE,
    )


def _begins(notification: Notification) -> datetime:
    whiles = notification.created_at.timestamp() // WHILE.total_seconds()
    return datetime.fromtimestamp(whiles * WHILE.total_seconds(), UTC)


def _ends(notification: Notification) -> datetime:
    return _begins(notification) + WHILE + COMMITTED
