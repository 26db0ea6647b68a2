"""Books a call to agent and client, moves it, cancels it, and places it when it is due."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.bookings.models import REMIND_BEFORE, AskedBy, Booking, BookingStatus, free_time, open_booking
from app.bookings.notices import BOOKED_SOON, CLIENT_BOOKED
from app.calls.gate import ask_to_call
from app.calls.service import lock_calls_of_agent, request_call, rung_too_often
from app.clients.asking import keep_answer
from app.clients.consent import Way
from app.clients.gate import PASSING, Act, Answer, Gate
from app.clients.service import lock_client
from app.core.database.locks import for_update, lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.channels.rules import Channel
from app.notifications.models import Notification
from app.notifications.queueing import queue_notification
from app.notifications.reach.tell import tell_agent
from app.notifications.rules import NotificationStatus
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import lock_offer, lock_to_ring
from app.people.service import lock_agent

LOOK_AGAIN = timedelta(minutes=2)
"""How soon to try again when either phone is busy with another of our calls."""


def book(
    session: Session, *, offer_id: UUID, due_at: datetime, asked_by: AskedBy, at: datetime, spaced: bool = True
) -> Booking | None:
    """Books the offer's next call, or moves it; at `due_at`, or if `spaced`, soon after where the agent has another.

    None: the offer's agent has not claimed. Raises LockTimeout.
    """
    with lock_wait(session):
        offer = lock_offer(session, offer_id)
        if offer is None or offer.status is not OfferStatus.CLAIMED:
            return None
        lock_agent(session, offer.agent_id)
    when = due_at
    if spaced:
        when = free_time(session, agent_id=offer.agent_id, offer_id=offer_id, wanted=due_at)
    booking = open_booking(session, offer_id=offer_id)
    if booking is None:
        booking = Booking(offer_id=offer_id, asked_by=asked_by, due_at=when, created_at=at)
        session.add(booking)
    booking.asked_by, booking.due_at = asked_by, when
    session.flush()
    _remind(session, offer=offer, due_at=when, at=at)
    return booking


def cancel_booking(session: Session, *, offer_id: UUID, at: datetime) -> bool:
    """Cancels the offer's next call, and returns whether there was one. Raises LockTimeout."""
    with lock_wait(session):
        offer = lock_offer(session, offer_id)
    booking = open_booking(session, offer_id=offer_id)
    if offer is None or booking is None:
        return False
    booking.status, booking.ended_at = BookingStatus.CANCELED, at
    _forget_reminders(session, offer, at)
    session.flush()
    return True


def place_booking(session: Session, *, booking_id: UUID, gate: Gate, at: datetime, ring_seconds: int) -> Outbox:
    """Rings the agent of a booking that is due, if the gate lets the client be called. Raises LockTimeout.

    A refusal that passes with time moves the booking; any other ends it.
    """
    offer_id = session.scalar(select(Booking.offer_id).where(Booking.id == booking_id))
    if offer_id is None:
        return NOTHING
    with lock_wait(session):
        offer = lock_to_ring(session, offer_id)
        matter = session.get_one(Offer, offer_id).referral.matter
        lock_client(session, matter.client_id)
        query = select(Booking).where(Booking.id == booking_id, Booking.status == BookingStatus.BOOKED)
        booking = session.scalar(for_update(query, of=Booking))
        if offer is None or booking is None or booking.due_at > at:
            return NOTHING
        live = lock_calls_of_agent(session, offer.agent_id)
    answer = ask_to_call(session, gate=gate, matter=matter, at=at)
    keep_answer(session, answer, way=Way.CALL, matter=matter, act=Act.BOOKED, call_id=None, at=at)
    if not answer.allowed:
        _refused(booking, answer, at)
    elif (
        offer.agent_paused
        or offer.status is not OfferStatus.CLAIMED
        or rung_too_often(session, offer_id=offer_id, at=at)
    ):
        booking.status, booking.ended_at = BookingStatus.CANCELED, at
    elif live:
        booking.due_at = at + LOOK_AGAIN
    else:
        booking.call_id = request_call(session, offer=offer, at=at, ring_seconds=ring_seconds)
        booking.status, booking.ended_at = BookingStatus.PLACED, at
        session.flush()
        return Outbox(calls_to_place=(booking.call_id,))
    session.flush()
    return NOTHING


def _refused(booking: Booking, answer: Answer, at: datetime) -> None:
    if answer.not_before is not None:
        booking.due_at = max(answer.not_before, at + LOOK_AGAIN)
    elif set(answer.refusals) <= PASSING:
        booking.due_at = at + LOOK_AGAIN
    else:
        booking.status, booking.ended_at = BookingStatus.REFUSED, at


def _remind(session: Session, *, offer: Offer, due_at: datetime, at: datetime) -> None:
    """Queues the reminders to both, unless the call is too soon for them."""
    _forget_reminders(session, offer, at)
    when = due_at - REMIND_BEFORE
    if when <= at:
        return
    tell_agent(session, agent=offer.agent, kind=BOOKED_SOON, at=at, offer_id=offer.id, due_at=when, not_after=due_at)
    for channel in (Channel.EMAIL, Channel.SMS):
        queue_notification(
            session, client_id=offer.referral.client_id, kind=CLIENT_BOOKED, channel=channel, at=at,
            referral_id=offer.referral_id, due_at=when, not_after=due_at,
        )  # fmt: skip


def _forget_reminders(session: Session, offer: Offer, at: datetime) -> None:
    session.execute(
        update(Notification)
        .where(
            Notification.status == NotificationStatus.QUEUED,
            ((Notification.offer_id == offer.id) & (Notification.kind == BOOKED_SOON))
            | ((Notification.referral_id == offer.referral_id) & (Notification.kind == CLIENT_BOOKED)),
        )
        .values(status=NotificationStatus.DROPPED, ended_at=at)
        .execution_options(synchronize_session=False)
    )
