"""What a client's page says, and what they ask for on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.bookings.models import AskedBy, Booking, open_booking
from app.bookings.notices import CLIENT_ASKS, claimed_offer
from app.bookings.service import book, cancel_booking, place_booking
from app.calls.do_not_contact import do_not_contact
from app.calls.gate import ask_to_call
from app.calls.models import Call
from app.calls.rules import WITH_CLIENT
from app.calls.service import live_call_of_offer
from app.clients.consent import Way
from app.clients.gate import Answer, Gate
from app.clients.service import lock_client
from app.clients.times import times_to_call
from app.clients.wishes import Source, Wish, wishes_of
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_agent
from app.offers.models import Offer
from app.referrals.models import Referral
from app.referrals.responses import Response, keep_response


class Standing(StrEnum):
    """Where the client stands."""

    WAITING = "waiting"
    """No agent has claimed yet."""
    READY = "ready"
    """Their agent may call them."""
    CLOSED_NOW = "closed_now"
    """Their agent may call them later."""
    CALLING = "calling"
    """A call to their agent is under way, and rings them next."""
    ON_LINE = "on_line"
    """Their phone is ringing, or they are talking."""
    BOOKED = "booked"
    TEXT = "text"
    """They would rather text."""
    NO_CALLS = "no_calls"
    OVER = "over"
    """Nothing comes of it any more."""


@dataclass(frozen=True)
class ClientPage:
    """The page of one referral's client at one moment."""

    referral: Referral
    offer: Offer | None
    """The offer by which their agent has claimed."""
    standing: Standing
    answer: Answer
    """Whether they may be called now."""
    booking: Booking | None
    times: tuple[datetime, ...]
    """The times at which they can book a call."""
    zone: str
    """Their time zone."""


def client_page(session: Session, *, referral_id: UUID, gate: Gate, at: datetime) -> ClientPage | None:
    """The page of a referral's client; None: there is no such referral."""
    referral = session.get(Referral, referral_id)
    if referral is None:
        return None
    offer = claimed_offer(session, referral_id=referral_id)
    booking = open_booking(session, offer_id=offer.id) if offer is not None else None
    answer = ask_to_call(session, gate=gate, matter=referral.matter, at=at)
    unwanted = any(wish.way is Way.CALL for wish in wishes_of(session, phone=referral.client.phone, keys=gate.keys))
    call = live_call_of_offer(session, offer_id=offer.id) if offer is not None else None
    places = referral.matter.places
    standing = _standing(referral, offer, unwanted=unwanted, booking=booking, call=call, answer=answer)
    times = times_to_call(gate.hours, places, at) if standing in ASKABLE else []
    return ClientPage(referral, offer, standing, answer, booking, tuple(times), places[0].zone)


ASKABLE = frozenset({Standing.READY, Standing.CLOSED_NOW, Standing.BOOKED, Standing.TEXT})
"""Where a call can be asked for."""


def _standing(
    referral: Referral,
    offer: Offer | None,
    *,
    unwanted: bool,
    booking: Booking | None,
    call: Call | None,
    answer: Answer,
) -> Standing:
    if unwanted:
        return Standing.NO_CALLS
    if offer is None:
        return Standing.OVER if referral.closed_at is not None else Standing.WAITING
    if call is not None:
        return Standing.ON_LINE if call.status in WITH_CLIENT else Standing.CALLING
    if booking is not None:
        return Standing.BOOKED
    if referral.client.prefers is Way.TEXT:
        return Standing.TEXT
    return Standing.READY if answer.allowed else Standing.CLOSED_NOW


def ask_for_call(session: Session, *, page: ClientPage, gate: Gate, at: datetime, ring_seconds: int) -> Outbox:
    """For "Call me now": rings their agent, then them. Raises LockTimeout."""
    if page.offer is None or page.standing not in ASKABLE:
        return NOTHING
    _prefers_calls(session, page)
    keep_response(session, referral_id=page.referral.id, response=Response.CALL_NOW, at=at)
    booking = book(session, offer_id=page.offer.id, due_at=at, asked_by=AskedBy.CLIENT, at=at, spaced=False)
    assert booking is not None
    told = _tell(session, page, at)
    return told + place_booking(session, booking_id=booking.id, gate=gate, at=at, ring_seconds=ring_seconds)


def ask_for_call_at(session: Session, *, page: ClientPage, when: datetime, at: datetime) -> Outbox | None:
    """For "Call me at ...": books a call, or moves it. None: that time can't be booked. Raises LockTimeout."""
    if page.offer is None or when not in page.times:
        return None
    _prefers_calls(session, page)
    booking = book(session, offer_id=page.offer.id, due_at=when, asked_by=AskedBy.CLIENT, at=at)
    assert booking is not None
    response = Response.CALL_AT
    keep_response(session, referral_id=page.referral.id, response=response, call_at=booking.due_at, at=at)
    return _tell(session, page, at)


def rather_text(session: Session, *, page: ClientPage, at: datetime) -> Outbox:
    """For "I'd rather text": offers no more calls, and tells the agent. Raises LockTimeout."""
    if page.offer is not None:
        cancel_booking(session, offer_id=page.offer.id, at=at)
    with lock_wait(session):
        lock_client(session, page.referral.client_id).prefers = Way.TEXT
    keep_response(session, referral_id=page.referral.id, response=Response.RATHER_TEXT, at=at)
    return _tell(session, page, at)


def want_no_calls(session: Session, *, page: ClientPage, response: Response, gate: Gate, at: datetime) -> Outbox:
    """For "Wrong person" and "Please don't call": nobody calls or texts this number again. Raises LockTimeout."""
    if page.offer is not None:
        cancel_booking(session, offer_id=page.offer.id, at=at)
    wish = Wish(page.referral.client.phone, Source.PAGE, referral_id=page.referral.id)
    outbox = do_not_contact(session, wish=wish, keys=gate.keys, at=at)
    keep_response(session, referral_id=page.referral.id, response=response, at=at)
    return outbox + _tell(session, page, at)


def _prefers_calls(session: Session, page: ClientPage) -> None:
    """Asking for a call takes back "I'd rather text"."""
    with lock_wait(session):
        client = lock_client(session, page.referral.client_id)
    if client.prefers is Way.TEXT:
        client.prefers = None


def _tell(session: Session, page: ClientPage, at: datetime) -> Outbox:
    if page.offer is None:
        return NOTHING
    return tell_agent(session, page.offer.agent, kind=CLIENT_ASKS, offer_id=page.offer.id, at=at)
