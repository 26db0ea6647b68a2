"""An agent answers a text: 1 calls, 2 declines. Other texts are stored, and checked for a request not to be contacted.

The carrier answers STOP, START and HELP itself; we only do what they mean.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.clients.contact_key import ContactKeys
from app.core.database.ids import new_id
from app.core.database.locks import lock_wait
from app.core.language import speaking
from app.core.queue.outbox import NOTHING, Outbox
from app.inbound.calls import client_language
from app.inbound.client_texts import text_of_client
from app.inbound.commands import Asked, Done, call_by_text, decline_by_text, help_by_text
from app.inbound.keywords import Read, read
from app.inbound.opt_out import SWITCHES, apply_opt_out, hear_wish, ways_unwanted
from app.inbound.replies import Replies
from app.notifications.channels.rules import Channel
from app.notifications.channels.states import channel_states
from app.notifications.inbound_sms import InboundText, Meaning
from app.people.models import Agent
from app.people.service import agent_with_phone

LONGEST_BODY = 1600
LONGEST_PHONE = 20
COMMANDS = {Meaning.CALL: call_by_text, Meaning.DECLINE: decline_by_text, Meaning.UNCLEAR: help_by_text}


@dataclass(frozen=True)
class Incoming:
    """A text as the carrier tells of it. `opt_out_type` is STOP, START, HELP or empty."""

    sid: str
    phone: str
    body: str
    opt_out_type: str = ""


@dataclass(frozen=True)
class TextRead:
    """What to answer; None: nothing."""

    answer: str | None
    outbox: Outbox = NOTHING


def read_text(
    session: Session, *, text: Incoming, replies: Replies, keys: ContactKeys, at: datetime, ring_seconds: int
) -> TextRead:
    """Does what a text says, once; told of again, the same answer. Raises LockTimeout, with nothing written."""
    with lock_wait(session):
        meant = read(text.body, text.opt_out_type)
        id_ = _keep(session, text, meant, at)
        agent = agent_with_phone(session, text.phone)
        if id_ is None:
            return _as_before(session, text)
        if agent is None:
            return _of_somebody_else(session, id_, text, meant=meant, replies=replies, keys=keys, at=at)
        with speaking(agent.language):
            return _of_agent(session, id_, text, agent, meant=meant, replies=replies, at=at, ring_seconds=ring_seconds)


def defer(session: Session, *, text: Incoming, replies: Replies, at: datetime) -> TextRead:
    """Keeps a text on which nothing could be done in time. Raises LockTimeout.

    The sender of a command is asked to send it again. A STOP or START, which the carrier has answered already, is
    never asked for again: it waits for the sweeper, and here for no lock. So does the wish not to be called.
    """
    with lock_wait(session):
        meant = read(text.body, text.opt_out_type)
        wish = bool(ways_unwanted(text.body, meant.meaning)) and agent_with_phone(session, text.phone) is None
        if wish or meant.meaning not in COMMANDS:
            _keep(session, text, meant, at, deferred=wish or meant.meaning in SWITCHES)
            return TextRead(None)
        id_ = _keep(session, text, meant, at)
        agent = agent_with_phone(session, text.phone)
        if id_ is None or agent is None:
            return _as_before(session, text)
        with speaking(agent.language):
            return _finish(session, id_, agent, Done(replies.one_moment()))


def _of_agent(
    session: Session,
    id_: UUID,
    text: Incoming,
    agent: Agent,
    *,
    meant: Read,
    replies: Replies,
    at: datetime,
    ring_seconds: int,
) -> TextRead:
    command = COMMANDS.get(meant.meaning)
    if command is None and _is_no_start(session, text, meant, agent):
        command = help_by_text
    if command is None:
        apply_opt_out(session, agent=agent, phone=text.phone, meaning=meant.meaning, at=at)
        done = Done(replies.stopped() if meant.unanswered else None)
    else:
        done = command(session, Asked(agent.id, meant.letter, replies, at, ring_seconds))
    return _finish(session, id_, agent, done)


def _of_somebody_else(
    session: Session, id_: UUID, text: Incoming, *, meant: Read, replies: Replies, keys: ContactKeys, at: datetime
) -> TextRead:
    """Confirms a do-not-contact request unless the carrier already has; passes on any other text of a client."""
    ways = ways_unwanted(text.body, meant.meaning)
    outbox = hear_wish(session, phone=text.phone, body=text.body, meaning=meant.meaning, keys=keys, at=at)
    said_by_carrier = meant.meaning is Meaning.STOP and not meant.unanswered
    answer = None
    if ways and not said_by_carrier:
        with speaking(client_language(session, phone=text.phone)):
            answer = replies.no_more(ways)
    if not ways and meant.meaning not in SWITCHES:
        outbox += text_of_client(session, text_id=id_, phone=text.phone, at=at) or NOTHING
    session.get_one(InboundText, id_).answer = answer
    session.flush()
    return TextRead(answer, outbox)


def _is_no_start(session: Session, text: Incoming, meant: Read, agent: Agent) -> bool:
    """A "yes" while texts are on: the carrier may take it for START, but it means the offer."""
    if meant.meaning is not Meaning.START or text.opt_out_type or text.body.strip(" .!").upper() != "YES":
        return False
    return channel_states(session, [agent.id])[agent.id, Channel.SMS].is_on


def _keep(session: Session, text: Incoming, meant: Read, at: datetime, *, deferred: bool = False) -> UUID | None:
    """Its row; None when it was kept before.

    So far without its agent: naming one holds their row, and those are the last to be locked.
    """
    row = {
        "id": new_id(),
        "sid": text.sid,
        "phone": text.phone[:LONGEST_PHONE],
        "body": text.body.replace("\0", "")[:LONGEST_BODY],
        "meaning": meant.meaning,
        "received_at": at,
        "deferred": deferred,
    }
    return session.scalar(pg_insert(InboundText).values(row).on_conflict_do_nothing().returning(InboundText.id))


def _finish(session: Session, id_: UUID, agent: Agent, done: Done) -> TextRead:
    kept = session.get_one(InboundText, id_)
    kept.agent_id, kept.offer_id, kept.answer = agent.id, done.offer_id, done.answer
    session.flush()
    return TextRead(done.answer, done.outbox)


def _as_before(session: Session, text: Incoming) -> TextRead:
    """What was answered when it came first: nothing, if nobody here has the number."""
    return TextRead(session.scalar(select(InboundText.answer).where(InboundText.sid == text.sid)))
