"""The messages of a change of number: the code to the new phone, the question by email, and word to the old phone."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.queue.outbox import NOTHING, Outbox, outbox_with
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.queueing import queue_notification
from app.numbers.models import NumberChange
from app.numbers.notices import NUMBER_CHANGED, NUMBER_CODE, NUMBER_CONFIRM
from app.numbers.rules import UNDO_LIFETIME
from app.people.models import Agent


def send_code(session: Session, *, change: NumberChange, agent: Agent, channel: Channel, at: datetime) -> Outbox:
    """The code, to the new phone; dropped when it comes too late to be of use."""
    return _queue(session, NUMBER_CODE, channel, change=change, agent=agent, at=at, until=change.expires_at)


def ask_to_confirm(session: Session, *, change: NumberChange, agent: Agent, at: datetime) -> Outbox:
    """Whether the new phone is to be their own number, to the agent's address."""
    until = at + UNDO_LIFETIME
    return _queue(session, NUMBER_CONFIRM, Channel.EMAIL, change=change, agent=agent, at=at, until=until)


def tell_old_phone(session: Session, *, change: NumberChange, agent: Agent, at: datetime) -> Outbox:
    """That another phone rings, to the old one, with a link that takes it back; only where texts are consented to."""
    if agent.sms_consent_at is None:
        return NOTHING
    until = at + UNDO_LIFETIME
    return _queue(session, NUMBER_CHANGED, Channel.SMS, change=change, agent=agent, at=at, until=until)


def _queue(
    session: Session,
    kind: Kind,
    channel: Channel,
    *,
    change: NumberChange,
    agent: Agent,
    at: datetime,
    until: datetime,
) -> Outbox:
    queued = queue_notification(
        session,
        account_id=agent.account_id,
        kind=kind,
        channel=channel,
        at=at,
        number_change_id=change.id,
        not_after=until,
    )
    return outbox_with(queued)
