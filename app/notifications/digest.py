"""Digests of admin mails: in each ten minutes the first three of a kind go out at once, the rest in one mail.

Without this a bad morning would send hundreds. The fourth mail becomes the digest and covers all later ones. Which one
that is depends only on when each was queued, so the answer never changes.
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
"""How many in one window get a mail of their own."""
WINDOW = timedelta(minutes=10)
COMMITTED = timedelta(minutes=1)
"""How long after the end of a window everything queued in it is sure to be committed."""


class DigestValues(TypedDict):
    """For a digest. `together` has each need and the desk's link to its referral."""

    headline: str
    together: list[tuple[Need, str]]
    link: str


def why_drop(session: Session, notification: Notification, at: datetime) -> SuppressionReason | None:
    """Why the mail should not be sent; None if it should.

    Mails that the digest covers are dropped, and so is a digest with nothing left in it.
    """
    before = _how_many_before(session, notification)
    if before > AT_ONCE:
        return Suppression.TOGETHER
    if before < AT_ONCE:
        return notification.kind.why_drop(session, notification, at)
    return Suppression.OVER if at >= _ends(notification) and not _spoken_for(session, notification) else None


def waits_until(session: Session, notification: Notification, at: datetime) -> datetime | None:
    """When to look at the mail again; None for now. A digest waits for the end of its window."""
    if _how_many_before(session, notification) < AT_ONCE:
        return notification.kind.waits_until(session, notification, at)
    ends = _ends(notification)
    return ends if at < ends else None


def digest_values(draft: Draft) -> DigestValues | None:
    """The values of a digest; None for a mail about one referral."""
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
    """The referrals this digest covers that still belong in it, oldest first."""
    assert notification.kind.digest is not None
    of_this_window = (
        select(Notification.referral_id)
        .where(_same_window(notification))
        .order_by(Notification.created_at, Notification.id)
        .offset(AT_ONCE)
    )
    query = select(Referral).where(Referral.id.in_(of_this_window), notification.kind.digest.still)
    return session.scalars(query.order_by(Referral.id)).all()


def _how_many_before(session: Session, notification: Notification) -> int:
    if notification.kind.digest is None:
        return 0
    mine = (notification.created_at, notification.id)
    earlier = tuple_(Notification.created_at, Notification.id) < mine
    return session.scalar(select(func.count()).where(_same_window(notification), earlier)) or 0


def _same_window(notification: Notification) -> ColumnElement[bool]:
    """Mails of the same kind to the same admin in the same window."""
    begins = _begins(notification)
    return and_(
        text(kinds_with_a_digest()),  # the condition of the index that finds them
        Notification.account_id == notification.account_id,
        Notification.kind == notification.kind,
        Notification.created_at >= begins,
        Notification.created_at < begins + WINDOW,
    )


def _begins(notification: Notification) -> datetime:
    number = notification.created_at.timestamp() // WINDOW.total_seconds()
    return datetime.fromtimestamp(number * WINDOW.total_seconds(), UTC)


def _ends(notification: Notification) -> datetime:
    return _begins(notification) + WINDOW + COMMITTED
