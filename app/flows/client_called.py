"""A client rang back and did not reach their agent: the agent is told, on every channel that works."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core.locks import lock_wait
from app.flows.after import NOTHING, After
from app.notify.channel_rules import OffReason
from app.notify.channels import channel_states
from app.notify.models import Notification
from app.notify.rules import Channel, Kind
from app.notify.service import queue_notification
from app.notify.subscriptions import live_subscriptions
from app.notify.untold import why_untold
from app.offers.service import lock_offer
from app.people.models import Agent

TOLD_EVERY = timedelta(minutes=5)
"""Clients try twice in a row."""
WORTH_TELLING = timedelta(hours=12)
"""A text that waits for the end of the night is of use in the morning."""
Way = tuple[Channel, UUID | None]
"""A channel, and for push the browser."""


def tell_client_called(session: Session, *, offer_id: UUID, at: datetime) -> After:
    """Tells the agent of this claimed offer, unless they were told a moment ago. Raises LockTimeout."""
    with lock_wait(session):
        offer = lock_offer(session, offer_id)
    if offer is None or _was_told(session, offer_id, at):
        return NOTHING
    queued = [
        queue_notification(
            session,
            account_id=offer.agent.account_id,
            kind=Kind.CLIENT_CALLED,
            channel=channel,
            at=at,
            offer_id=offer_id,
            push_subscription_id=browser,
            not_after=at + WORTH_TELLING,
        )
        for channel, browser in _ways(session, offer.agent)
    ]
    return After(notifications=tuple(id_ for id_ in queued if id_ is not None))


def _was_told(session: Session, offer_id: UUID, at: datetime) -> bool:
    told = exists().where(
        Notification.offer_id == offer_id,
        Notification.kind == Kind.CLIENT_CALLED,
        Notification.created_at > at - TOLD_EVERY,
    )
    return bool(session.scalar(select(told)))


def _ways(session: Session, agent: Agent) -> Iterator[Way]:
    """Email whatever they want of offers, since it is about a client of theirs; the others where they are wanted."""
    states = channel_states(session, [agent.id])
    email, sms, push = (states[agent.id, channel] for channel in (Channel.EMAIL, Channel.SMS, Channel.PUSH))
    if email.is_on or email.off_reason is OffReason.UNSUBSCRIBED:
        yield Channel.EMAIL, None
    if why_untold(sms, agreed_to_texts=agent.sms_consent_at is not None) is None:
        yield Channel.SMS, None
    if why_untold(push, agreed_to_texts=True) is None:
        for browser in live_subscriptions(session, [agent.account_id]):
            yield Channel.PUSH, browser.id
