"""An agent answers a text: 1 calls, 2 declines. Anybody else's text is kept, and that is all.

The carrier answers STOP, START and HELP itself; we only do what they mean.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.core.locks import lock_wait
from app.flows.after import NOTHING, After
from app.flows.carrier_words import SWITCHES, hear_carrier_word
from app.flows.text_commands import Asked, Done, call_by_text, decline_by_text, help_by_text
from app.flows.text_replies import Replies
from app.notify.text_models import InboundText, Meaning
from app.notify.text_words import Read, read
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
    after: After = NOTHING


def read_text(session: Session, *, text: Incoming, replies: Replies, at: datetime, ring_seconds: int) -> TextRead:
    """Does what a text says, once; told of again, the same answer. Raises LockTimeout, with nothing written."""
    with lock_wait(session):
        meant = read(text.body, text.opt_out_type)
        id_ = _keep(session, text, meant, at)
        agent = agent_with_phone(session, text.phone)
        if id_ is None or agent is None:
            return _as_before(session, text)
        command = COMMANDS.get(meant.meaning)
        if command is None:
            hear_carrier_word(session, agent=agent, phone=text.phone, meaning=meant.meaning, at=at)
            done = Done()
        else:
            done = command(session, Asked(agent.id, meant.letter, replies, at, ring_seconds))
        return _finish(session, id_, agent, done)


def put_off(session: Session, *, text: Incoming, replies: Replies, at: datetime) -> TextRead:
    """Keeps a text on which nothing could be done in time. Raises LockTimeout.

    The sender of a command is asked to send it again. A STOP or START, which the carrier has answered already, is
    never asked for again: it waits for the sweeper, and here for no lock.
    """
    with lock_wait(session):
        meant = read(text.body, text.opt_out_type)
        if meant.meaning not in COMMANDS:
            _keep(session, text, meant, at, put_off=meant.meaning in SWITCHES)
            return TextRead(None)
        id_ = _keep(session, text, meant, at)
        agent = agent_with_phone(session, text.phone)
        if id_ is None or agent is None:
            return _as_before(session, text)
        return _finish(session, id_, agent, Done(replies.one_moment()))


def _keep(session: Session, text: Incoming, meant: Read, at: datetime, *, put_off: bool = False) -> UUID | None:
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
        "put_off": put_off,
    }
    return session.scalar(pg_insert(InboundText).values(row).on_conflict_do_nothing().returning(InboundText.id))


def _finish(session: Session, id_: UUID, agent: Agent, done: Done) -> TextRead:
    kept = session.get_one(InboundText, id_)
    kept.agent_id, kept.offer_id, kept.answer = agent.id, done.offer_id, done.answer
    session.flush()
    return TextRead(done.answer, done.after)


def _as_before(session: Session, text: Incoming) -> TextRead:
    """What was answered when it came first: nothing, if nobody here has the number."""
    return TextRead(session.scalar(select(InboundText.answer).where(InboundText.sid == text.sid)))
