"""Changing a number: the code that proves a phone, how long it is good, and what may follow from it."""

import hmac
import secrets
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.numbers.models import NumberChange
from app.people.models import Agent

CODE_LENGTH = 6
CODE_LIFETIME = timedelta(minutes=10)
TRIES = 5
AGAIN_AFTER = timedelta(seconds=30)
"""From one SMS with the code to the next, and from one call to the next."""
UNDO_LIFETIME = timedelta(hours=24)
"""How long the old phone can take a change back, and the agent can make the new phone their own."""


def wait_seconds(last: datetime | None, at: datetime) -> int:
    """How many seconds are left until the code may go out the same way again."""
    return 0 if last is None else max(0, ceil((last + AGAIN_AFTER - at).total_seconds()))


def is_right(change: NumberChange, typed: str) -> bool:
    """Whether this is the code. `typed` must be ASCII."""
    return change.code is not None and hmac.compare_digest(change.code, typed)


def can_be_confirmed(change: NumberChange, own_phone: str, at: datetime) -> bool:
    """Whether the phone may still become the agent's own; not when they have taken another one since."""
    return _stands(change, at) and change.confirmed_at is None and own_phone == change.old_phone


def can_be_reverted(change: NumberChange, at: datetime) -> bool:
    """Whether the old phone may still take it back."""
    return _stands(change, at)


def _stands(change: NumberChange, at: datetime) -> bool:
    return change.proven_at is not None and change.reverted_at is None and at < change.proven_at + UNDO_LIFETIME


def begin_change(session: Session, *, agent: Agent, offer_id: UUID, phone: str, at: datetime) -> NumberChange:
    """A change that waits for its code. Whatever was begun on this offer before is void."""
    void_changes(session, offer_id=offer_id)
    change = NumberChange(
        agent_id=agent.id,
        offer_id=offer_id,
        old_phone=agent.phone,
        new_phone=phone,
        code=f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}",
        sent_at=at,
        expires_at=at + CODE_LIFETIME,
        created_at=at,
    )
    session.add(change)
    session.flush()
    return change


def void_changes(session: Session, *, offer_id: UUID) -> None:
    """Forgets the codes of this offer."""
    session.execute(
        update(NumberChange).where(NumberChange.offer_id == offer_id, NumberChange.code.is_not(None)).values(code=None)
    )


def newest_change(session: Session, *, offer_id: UUID) -> NumberChange | None:
    """The change begun last on this offer, unless it is proven; its code may be void or too old."""
    query = select(NumberChange).where(NumberChange.offer_id == offer_id).order_by(NumberChange.id.desc()).limit(1)
    found = session.scalar(query.execution_options(populate_existing=True))
    return found if found is not None and found.proven_at is None else None


def was_reverted(session: Session, *, offer_id: UUID) -> bool:
    """Whether the old phone has taken back a change that came by this offer's link."""
    query = select(NumberChange.id).where(NumberChange.offer_id == offer_id, NumberChange.reverted_at.is_not(None))
    return session.scalar(query.limit(1)) is not None


def mark_reverted(session: Session, *, change: NumberChange, at: datetime) -> set[str]:
    """Takes back all that came by this change's link since that phone was the agent's own; returns the new phones."""
    query = (
        update(NumberChange)
        .where(
            NumberChange.offer_id == change.offer_id,
            NumberChange.old_phone == change.old_phone,
            NumberChange.proven_at.is_not(None),
            NumberChange.reverted_at.is_(None),
        )
        .values(reverted_at=at)
        .returning(NumberChange.new_phone)
    )
    return set(session.scalars(query))


def change_to_confirm(session: Session, *, agent: Agent, at: datetime) -> NumberChange | None:
    """The newest phone this agent has proven by a link and not made their own."""
    query = (
        select(NumberChange)
        .where(NumberChange.agent_id == agent.id, NumberChange.proven_at > at - UNDO_LIFETIME)
        .order_by(NumberChange.id.desc())
    )
    return next((c for c in session.scalars(query) if can_be_confirmed(c, agent.phone, at)), None)


def hold_phone(session: Session, phone: str) -> None:
    """Lets one transaction at a time decide about a phone: no constraint spans agents and offers."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(phone, 0))))


def is_of_another(session: Session, *, phone: str, agent_id: UUID) -> bool:
    """Whether another agent has this phone."""
    query = select(Agent.id).where(Agent.phone == phone, Agent.id != agent_id)
    return session.scalar(query) is not None
