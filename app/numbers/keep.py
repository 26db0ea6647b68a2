"""What may follow a change of number for 24 hours: it becomes the agent's own, or the old phone takes it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.ending import end_call
from app.calls.reasons import Reason
from app.calls.service import lock_live_calls_to
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.contact_change import take_phone
from app.numbers.models import NumberChange
from app.numbers.rules import (
    can_be_confirmed,
    can_be_reverted,
    hold_phone,
    is_of_another,
    mark_reverted,
    void_changes,
)
from app.offers.models import Offer
from app.offers.service import lock_offer, serves_another


@dataclass(frozen=True)
class Kept:
    """This phone is the agent's own number now."""

    phone: str


@dataclass(frozen=True)
class Reverted:
    """Things are as they were: this phone is the agent's number."""

    phone: str
    outbox: Outbox


@dataclass(frozen=True)
class Taken:
    """The phone is another agent's by now. Nothing may be written."""


@dataclass(frozen=True)
class LinkExpired:
    """The link has been used, was overtaken, or is too old."""


def confirmable(session: Session, *, change_id: UUID, at: datetime) -> NumberChange | None:
    """The change, if its phone can still become the agent's own."""
    change = session.get(NumberChange, change_id)
    if change is None:
        return None
    return change if can_be_confirmed(change, session.get_one(Offer, change.offer_id).agent.phone, at) else None


def revertible(session: Session, *, change_id: UUID, at: datetime) -> NumberChange | None:
    """The change, if it can still be taken back."""
    change = session.get(NumberChange, change_id)
    return change if change is not None and can_be_reverted(change, at) else None


def keep_number(session: Session, *, change_id: UUID, at: datetime) -> Kept | Taken | LinkExpired:
    """Makes the proven phone the agent's own. Raises LockTimeout."""
    found = _locked(session, change_id)
    if found is None:
        return LinkExpired()
    change, offer = found
    agent = offer.agent
    if not can_be_confirmed(change, agent.phone, at):
        return LinkExpired()
    with lock_wait(session):
        hold_phone(session, change.new_phone)
    if is_of_another(session, phone=change.new_phone, agent_id=agent.id) or serves_another(
        session, phone=change.new_phone, agent_id=agent.id, at=at
    ):
        return Taken()
    change.confirmed_at = at
    if offer.phone == change.new_phone:
        offer.phone = None  # the agent's own now, the same phone
    session.flush()
    return Kept(change.new_phone) if take_phone(session, agent=agent, phone=change.new_phone) else Taken()


def revert_number(session: Session, *, change_id: UUID, at: datetime) -> Reverted | Taken | LinkExpired:
    """Goes back to the old phone, whatever has come by the same link since. Raises LockTimeout.

    A call to the new phone ends unless the key 1 was pressed in it: then the claim stands, as every claim does.
    """
    found = _locked(session, change_id)
    if found is None or not can_be_reverted(found[0], at):
        return LinkExpired()
    change, offer = found
    agent = offer.agent
    void_changes(session, offer_id=offer.id)
    phones = mark_reverted(session, change=change, at=at)
    offer.phone, offer.phone_at = None, at
    session.flush()
    ending = NOTHING
    for call in lock_live_calls_to(session, agent_id=agent.id, phones=phones):
        ending += end_call(call, at=at, reason=Reason.NUMBER_CHANGED)
    session.flush()
    if agent.phone in phones and not take_phone(session, agent=agent, phone=change.old_phone):
        return Taken()
    return Reverted(change.old_phone, ending)


def _locked(session: Session, change_id: UUID) -> tuple[NumberChange, Offer] | None:
    """The change as it is under its offer's lock."""
    change = session.get(NumberChange, change_id)
    if change is None:
        return None
    with lock_wait(session):
        offer = lock_offer(session, change.offer_id)
    assert offer is not None
    session.refresh(change)
    session.refresh(offer.agent, ["phone"])
    return change, offer
