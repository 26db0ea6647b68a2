"""The messages of a change of number: the code to the new phone, the question by email, and word to the old phone."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.flows.after import NOTHING, After
from app.notify.rules import Channel, Kind
from app.notify.service import queue_notification
from app.people.models import Agent
from app.people.number_models import NumberChange
from app.people.numbers import UNDO_LIFETIME


def send_code(session: Session, *, change: NumberChange, agent: Agent, channel: Channel, at: datetime) -> After:
    """The code, to the new phone; dropped when it comes too late to be of use."""
    return _queue(session, Kind.NUMBER_CODE, channel, change=change, agent=agent, at=at, until=change.expires_at)


def ask_to_confirm(session: Session, *, change: NumberChange, agent: Agent, at: datetime) -> After:
    """Whether the new phone is to be their own number, to the agent's address."""
    until = at + UNDO_LIFETIME
    return _queue(session, Kind.NUMBER_CONFIRM, Channel.EMAIL, change=change, agent=agent, at=at, until=until)


def tell_old_phone(session: Session, *, change: NumberChange, agent: Agent, at: datetime) -> After:
    """That another phone rings, to the old one, with a link that takes it back; only where texts are consented to."""
    if agent.sms_consent_at is None:
        return NOTHING
    until = at + UNDO_LIFETIME
    return _queue(session, Kind.NUMBER_CHANGED, Channel.SMS, change=change, agent=agent, at=at, until=until)


def _queue(
    session: Session,
    kind: Kind,
    channel: Channel,
    *,
    change: NumberChange,
    agent: Agent,
    at: datetime,
    until: datetime,
) -> After:
    queued = queue_notification(
        session,
        account_id=agent.account_id,
        kind=kind,
        channel=channel,
        at=at,
        number_change_id=change.id,
        not_after=until,
    )
    return After(notifications=(queued,)) if queued is not None else NOTHING
