"""Not your number: the agent types another phone, gets a code on it, and is called there for this offer.

A code proves the phone, not the person, and links get forwarded: from a link the phone serves this offer only. It is
the agent's own at once only for someone signed in as that agent (`own`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.ending import end_call
from app.calls.models import Direction
from app.calls.reasons import Reason
from app.calls.service import lock_live_calls
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.channels.rules import Channel
from app.notifications.reach.contact_change import take_phone
from app.numbers.messages import ask_to_confirm, send_code, tell_old_phone
from app.numbers.models import NumberChange
from app.numbers.rules import (
    TRIES,
    begin_change,
    hold_phone,
    is_of_another,
    is_right,
    newest_change,
    void_changes,
    wait_seconds,
    was_reverted,
)
from app.offers.models import Offer
from app.offers.rules import is_open
from app.offers.service import lock_offer, serves_another
from app.people.models import Agent


class Refusal(StrEnum):
    """Why nothing happened."""

    OVER = "over"
    """The offer cannot be acted on any more."""
    SAME = "same"
    TAKEN = "taken"
    TAKEN_BACK = "taken_back"
    """The old phone has taken back a change that came by this link; the link alone changes nothing any more."""
    NO_CODE = "no_code"
    """There is no code, or it is void: begin again."""
    TOO_OLD = "too_old"


@dataclass(frozen=True)
class CodeSent:
    """A code is on its way."""

    outbox: Outbox


@dataclass(frozen=True)
class Changed:
    """The offer's calls go to another number from now on."""

    outbox: Outbox


@dataclass(frozen=True)
class Refused:
    """Nothing happened."""

    why: Refusal


@dataclass(frozen=True)
class TooSoon:
    """A code went out a moment ago."""

    seconds: int


@dataclass(frozen=True)
class WrongCode:
    """That was not it; after the last try the code is void."""

    tries_left: int


def ask_number(
    session: Session, *, offer_id: UUID, phone: str, own: bool, at: datetime
) -> CodeSent | Changed | Refused:
    """Sends a code to `phone` (E.164, one we may reach). Raises LockTimeout.

    The way back to the agent's own number needs no code.
    """
    offer = _open_offer(session, offer_id, at)
    if offer is None:
        return Refused(Refusal.OVER)
    agent = offer.agent
    if phone == (offer.phone or agent.phone) and not (own and offer.phone):
        return Refused(Refusal.SAME)
    if phone == agent.phone:
        void_changes(session, offer_id=offer_id)
        return Changed(_ring(session, offer, None, at))
    if not own and was_reverted(session, offer_id=offer_id):
        return Refused(Refusal.TAKEN_BACK)
    if _is_taken(session, phone, agent, at):
        return Refused(Refusal.TAKEN)
    change = begin_change(session, agent=agent, offer_id=offer_id, phone=phone, at=at)
    return CodeSent(send_code(session, change=change, agent=agent, channel=Channel.SMS, at=at))


def send_again(session: Session, *, offer_id: UUID, channel: Channel, at: datetime) -> CodeSent | TooSoon | Refused:
    """The same code once more, by SMS or read out by a call; it lasts no longer for that. Raises LockTimeout."""
    offer = _open_offer(session, offer_id, at)
    if offer is None:
        return Refused(Refusal.OVER)
    change = _waiting_change(session, offer_id, at)
    if isinstance(change, Refused):
        return change
    seconds = wait_seconds(change.called_at if channel is Channel.VOICE else change.sent_at, at)
    if seconds:
        return TooSoon(seconds)
    if channel is Channel.VOICE:
        change.called_at = at
    else:
        change.sent_at = at
    session.flush()
    return CodeSent(send_code(session, change=change, agent=offer.agent, channel=channel, at=at))


def enter_code(
    session: Session, *, offer_id: UUID, code: str, own: bool, at: datetime
) -> Changed | WrongCode | Refused:
    """Proves the phone. A wrong code is counted, so commit in any case but TAKEN. Raises LockTimeout."""
    offer = _open_offer(session, offer_id, at)
    if offer is None:
        return Refused(Refusal.OVER)
    change = _waiting_change(session, offer_id, at)
    if isinstance(change, Refused):
        return change
    if not is_right(change, code):
        return _wrong(session, change)
    agent = offer.agent
    if _is_taken(session, change.new_phone, agent, at):
        return Refused(Refusal.TAKEN)
    change.proven_at, change.code = at, None
    if own:
        change.confirmed_at = at
    outbox = _ring(session, offer, None if own else change.new_phone, at)
    outbox += tell_old_phone(session, change=change, agent=agent, at=at)
    if own:
        return Changed(outbox) if take_phone(session, agent=agent, phone=change.new_phone) else Refused(Refusal.TAKEN)
    return Changed(outbox + ask_to_confirm(session, change=change, agent=agent, at=at))


def _open_offer(session: Session, offer_id: UUID, at: datetime) -> Offer | None:
    with lock_wait(session):
        offer = lock_offer(session, offer_id)
    if offer is None or not is_open(offer.status, offer.expires_at, offer.decline_at, at):
        return None
    session.refresh(offer.agent, ["phone"])
    return offer


def _waiting_change(session: Session, offer_id: UUID, at: datetime) -> NumberChange | Refused:
    change = newest_change(session, offer_id=offer_id)
    if change is None or change.code is None:
        return Refused(Refusal.NO_CODE)
    return change if at < change.expires_at else Refused(Refusal.TOO_OLD)


def _wrong(session: Session, change: NumberChange) -> WrongCode:
    change.tries += 1
    if change.tries >= TRIES:
        change.code = None
    session.flush()
    return WrongCode(TRIES - change.tries)


def _is_taken(session: Session, phone: str, agent: Agent, at: datetime) -> bool:
    with lock_wait(session):
        hold_phone(session, phone)
    return is_of_another(session, phone=phone, agent_id=agent.id) or serves_another(
        session, phone=phone, agent_id=agent.id, at=at
    )


def _ring(session: Session, offer: Offer, phone: str | None, at: datetime) -> Outbox:
    """Rings `phone` for this offer from now on, None for the agent's own; a call to the number before that ends.

    A caller with the PIN is left alone.
    """
    offer.phone, offer.phone_at = phone, at
    ending = NOTHING
    for call in lock_live_calls(session, offer_ids=[offer.id]):
        if call.direction is Direction.OUTBOUND:
            ending += end_call(call, at=at, reason=Reason.NUMBER_CHANGED)
    session.flush()
    return ending
