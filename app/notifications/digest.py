"""Mails to the admins about referrals: the first few of a kind in a while each at once, the others in one mail.

A bad morning would else send hundreds. Which mail speaks for which follows from when each was queued, and what was
queued before it: it comes out the same however often it is asked.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from sqlalchemy import ColumnElement, and_, func, select, text, tuple_
from sqlalchemy.orm import Session

from app.notifications.channels.suppression import Suppression, SuppressionReason
from app.notifications.checks import kinds_with_a_digest
from app.notifications.kinds import Draft
from app.notifications.models import Notification
from app.referrals.models import Referral
from app.referrals.rules import Need

AT_ONCE = 3
"""So many in one while have a mail of their own."""
WHILE = timedelta(minutes=10)
COMMITTED = timedelta(minutes=1)
"""This long after a while is over, whatever was queued in it can be read."""


class DigestValues(TypedDict):
    """Of a mail that speaks for several. `together`: each need, and where the referral is on the desk."""

    headline: str
    together: list[tuple[Need, str]]
    link: str


def why_drop(session: Session, notification: Notification, at: datetime) -> SuppressionReason | None:
    """Why it is not to be sent any more; None: it is.

    One mail speaks for all that came later; it is dropped when none of them is worth telling of any more.
    """
    before = _how_many_before(session, notification)
    if before > AT_ONCE:
        return Suppression.TOGETHER
    if before < AT_ONCE:
        return notification.kind.why_drop(session, notification, at)
    return Suppression.OVER if at >= _ends(notification) and not _spoken_for(session, notification) else None


def waits_until(session: Session, notification: Notification, at: datetime) -> datetime | None:
    """When to look at it again; None: now. The mail that speaks for several goes out when its while is over."""
    if _how_many_before(session, notification) < AT_ONCE:
        return notification.kind.waits_until(session, notification, at)
    ends = _ends(notification)
    return ends if at < ends else None


def digest_values(draft: Draft) -> DigestValues | None:
    """What the mail says where it speaks for several; None where it is about one referral."""
    session, notification, digest = draft.session, draft.notification, draft.notification.kind.digest
    if digest is None or _how_many_before(session, notification) < AT_ONCE:
        return None
    referrals = _spoken_for(session, notification)
    return DigestValues(
        headline=digest.headline(len(referrals)),
        together=[(referral.need, draft.links.admin(referral.id)) for referral in referrals],
        link=draft.links.desk(),
    )


def _spoken_for(session: Session, notification: Notification) -> Sequence[Referral]:
    """Those still worth telling of, oldest first."""
    assert notification.kind.digest is not None
    of_this_while = (
        select(Notification.referral_id)
        .where(_same_while(notification))
        .order_by(Notification.created_at, Notification.id)
        .offset(AT_ONCE)
    )
    query = select(Referral).where(Referral.id.in_(of_this_while), notification.kind.digest.still)
    return session.scalars(query.order_by(Referral.id)).all()


def _how_many_before(session: Session, notification: Notification) -> int:
    if notification.kind.digest is None:
        return 0
    mine = (notification.created_at, notification.id)
    earlier = tuple_(Notification.created_at, Notification.id) < mine
    return session.scalar(select(func.count()).where(_same_while(notification), earlier)) or 0


def _same_while(notification: Notification) -> ColumnElement[bool]:
    """Of the same kind, to the same admin."""
    begins = _begins(notification)
    return and_(
        text(kinds_with_a_digest()),  # the condition of the index that finds them
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
