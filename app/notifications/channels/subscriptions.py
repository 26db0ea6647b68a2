"""Browsers that take push: subscribing, and what ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.database.locks import for_update
from app.notifications.channels.models import PushSubscription
from app.notifications.channels.rules import SubscriptionEnd


@dataclass(frozen=True)
class Browser:
    """What a browser gives us: where to push, and with which keys (base64url, as in PushSubscription.toJSON())."""

    endpoint: str
    p256dh: str
    auth: str
    device: str


def subscribe(session: Session, *, account_id: UUID, browser: Browser, at: datetime) -> PushSubscription:
    """Keeps a browser's subscription, or sees it again; one that was another account's moves."""
    query = select(PushSubscription).where(
        PushSubscription.endpoint == browser.endpoint, PushSubscription.ended_at.is_(None)
    )
    known = session.scalar(for_update(query, of=PushSubscription))
    same_keys = known is not None and (known.p256dh, known.auth) == (browser.p256dh, browser.auth)
    if known is not None and known.account_id == account_id and same_keys:
        known.seen_at = at
        session.flush()
        return known
    if known is not None:
        known.ended_at, known.end_reason = at, SubscriptionEnd.MOVED
        session.flush()
    made = PushSubscription(
        account_id=account_id, endpoint=browser.endpoint, p256dh=browser.p256dh, auth=browser.auth,
        device=browser.device, created_at=at, seen_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def live_subscriptions(session: Session, account_ids: Sequence[UUID]) -> list[PushSubscription]:
    """The browsers of these accounts, oldest first."""
    query = select(PushSubscription).where(
        PushSubscription.account_id.in_(account_ids), PushSubscription.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(PushSubscription.id)))


def end_subscription(session: Session, *, subscription_id: UUID, reason: SubscriptionEnd, at: datetime) -> bool:
    """Ends one; False when it had ended already."""
    ended = session.scalar(
        update(PushSubscription)
        .where(PushSubscription.id == subscription_id, PushSubscription.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason)
        .returning(PushSubscription.id)
        .execution_options(synchronize_session=False)
    )
    return ended is not None


def subscription_at(session: Session, *, account_id: UUID, endpoint: str) -> PushSubscription | None:
    """The live subscription of this account at this address."""
    query = select(PushSubscription).where(
        PushSubscription.endpoint == endpoint,
        PushSubscription.account_id == account_id,
        PushSubscription.ended_at.is_(None),
    )
    return session.scalar(query)


def is_dead(session: Session, endpoint: str) -> bool:
    """Whether the push service has said that nothing sent to this address arrives any more. It never comes back."""
    query = select(PushSubscription.id).where(
        PushSubscription.endpoint == endpoint, PushSubscription.end_reason == SubscriptionEnd.GONE
    )
    return session.scalar(query.limit(1)) is not None
