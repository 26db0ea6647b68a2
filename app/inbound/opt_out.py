"""STOP and START, which the carrier answers by itself: we only do what they mean, at once or as soon as it can be."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.calls.do_not_contact import do_not_contact
from app.clients.consent import Way
from app.clients.contact_key import ContactKeys
from app.clients.plain_words import unwanted_ways
from app.clients.wishes import Source, Wish
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.channels.rules import Channel, OffReason
from app.notifications.channels.states import switch_off, switch_on
from app.notifications.inbound_sms import InboundText, Meaning
from app.people.models import Agent
from app.people.service import agent_with_phone, lock_agent

SWITCHES = (Meaning.STOP, Meaning.START)
CONSENT = "text START"


def apply_opt_out(session: Session, *, agent: Agent, phone: str, meaning: Meaning, at: datetime) -> None:
    """STOP and START switch texts to this phone off and on; who asks for them has agreed to get them.

    The agent is locked first, as by all that decides about their channels. Raises LockTimeout.
    """
    if meaning not in SWITCHES:
        return
    held = lock_agent(session, agent.id)
    if held is None or held.phone != phone:
        return  # it is their number no more: it was about this one
    if meaning is Meaning.STOP:
        switch_off(session, agent_id=held.id, channel=Channel.SMS, reason=OffReason.STOPPED, at=at)
        return
    switch_on(session, agent_id=held.id, channel=Channel.SMS)
    if held.sms_consent_at is None:
        held.sms_consent_at, held.sms_consent_source = at, CONSENT


def deferred_texts(session: Session, *, limit: int = 50) -> Sequence[UUID]:
    """The STOPs and STARTs that are kept and not yet done, oldest first."""
    query = select(InboundText.id).where(InboundText.deferred).order_by(InboundText.received_at).limit(limit)
    return session.scalars(query).all()


def apply_deferred(session: Session, *, text_id: UUID, keys: ContactKeys) -> Outbox:
    """Does what it says, unless a newer one from this phone has been heard by now. Raises LockTimeout."""
    text = session.get_one(InboundText, text_id)
    agent, outbox = agent_with_phone(session, text.phone), NOTHING
    if agent is None:
        outbox = hear_wish(
            session, phone=text.phone, body=text.body, meaning=text.meaning, keys=keys, at=text.received_at
        )
    else:
        lock_agent(session, agent.id)
        if not _said_otherwise(session, text):
            apply_opt_out(session, agent=agent, phone=text.phone, meaning=text.meaning, at=text.received_at)
        text.agent_id = agent.id
    text.deferred = False
    session.flush()
    return outbox


def hear_wish(session: Session, *, phone: str, body: str, meaning: Meaning, keys: ContactKeys, at: datetime) -> Outbox:
    """Stores a do-not-contact request from someone who is not an agent. Raises LockTimeout."""
    ways = ways_unwanted(body, meaning)
    if not ways:
        return NOTHING
    return do_not_contact(session, wish=Wish(phone, Source.TEXT, ways), keys=keys, at=at)


def ways_unwanted(body: str, meaning: Meaning) -> tuple[Way, ...]:
    """The ways the text opts out of. A STOP handled by the carrier covers texts only."""
    by_word = unwanted_ways(body)
    return by_word or ((Way.TEXT,) if meaning is Meaning.STOP else ())


def _said_otherwise(session: Session, text: InboundText) -> bool:
    """Whether a newer STOP or START has come; one that is put off as well has its turn after this one."""
    newer = exists().where(
        InboundText.phone == text.phone,
        InboundText.meaning.in_(SWITCHES),
        InboundText.received_at > text.received_at,
        InboundText.deferred.is_(False),
    )
    return bool(session.scalar(select(newer)))
