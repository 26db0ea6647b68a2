"""The first text to an agent who has agreed to texts: carriers want it, with who sends, how often, HELP and STOP."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.queue.outbox import NOTHING, Outbox, outbox_with
from app.notifications.channels.rules import Channel
from app.notifications.queueing import queue_notification
from app.notifications.reach.notices import WELCOME
from app.people.models import Agent


def welcome(session: Session, *, agent: Agent, at: datetime) -> Outbox:
    """Queues it, for an agent who was just added."""
    if agent.sms_consent_at is None:
        return NOTHING
    queued = queue_notification(session, account_id=agent.account_id, kind=WELCOME, channel=Channel.SMS, at=at)
    return outbox_with(queued)
