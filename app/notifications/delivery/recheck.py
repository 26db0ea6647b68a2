"""Whether a message that is about to go out is still wanted, and whether now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel, OffReason, quiet_until
from app.notifications.channels.suppression import Suppression, SuppressionReason, suppression_of
from app.notifications.delivery.facts import Facts
from app.notifications.digest import waits_until, why_drop
from app.notifications.kinds import Carried
from app.notifications.models import Notification


@dataclass(frozen=True)
class Deferral:
    """Until when a message has to wait, though it is wanted."""

    until: datetime
    too_late: SuppressionReason | None
    """Why it was not sent, should that be too late for it; None: its subject is over by then."""


def reason_to_drop(
    session: Session, notification: Notification, facts: Facts, at: datetime
) -> SuppressionReason | None:
    """Why it is not to be sent any more; None: it is."""
    if notification.not_after is not None and at >= notification.not_after:
        return Suppression.OVER
    why = why_drop(session, notification, at)
    if why is not None:
        return why
    if notification.channel is Channel.PUSH:
        assert notification.push_subscription_id is not None
        if facts.browsers[notification.push_subscription_id].ended_at is not None:
            return Suppression.BROWSER_GONE
    return _why_off(notification, facts)


def deferral(session: Session, notification: Notification, facts: Facts, at: datetime) -> Deferral | None:
    """Its kind looks at it again later, or its agent wants peace now; None: it may go out."""
    until = waits_until(session, notification, at)
    if until is not None:
        return Deferral(until, too_late=None)
    agent = facts.agent_of(notification)
    if agent is None or not notification.kind.quiet_hours:
        return None
    state = facts.channels.get((agent.id, notification.channel))
    if state is None:
        return None
    until = quiet_until(at, agent.time_zone, state.quiet_from, state.quiet_until)
    return Deferral(until, too_late=Suppression.QUIET_HOURS) if until is not None else None


def _why_off(notification: Notification, facts: Facts) -> SuppressionReason | None:
    carried = notification.kind.carried
    agent = facts.agent_of(notification)
    state = facts.channels.get((agent.id, notification.channel)) if agent is not None else None
    if carried is Carried.ALWAYS or state is None:
        return None
    if carried is Carried.WHILE_ON:
        return None if state.off_reason is OffReason.UNSUBSCRIBED else state.off_reason
    return suppression_of(state, agreed_to_texts=True)  # an agent who has not agreed has no text that waits
