"""What only time moves, and is due: one round of each, in the sweeper's turn. What is locked waits for the next."""

import structlog
from sqlalchemy.exc import IntegrityError

from app.bookings.models import due_bookings
from app.bookings.service import place_booking
from app.calls.ring_first import due_rings, ring
from app.clients.gate import gate_of
from app.core.clock import now
from app.core.errors import LockTimeout
from app.core.runtime import runtime
from app.desk.acts import due_actions
from app.desk.perform import Desk, perform
from app.extensions import db
from app.offers.service import Window
from app.people.availability import end_hours, hours_over, pauses_over, resume
from app.pipeline.follow_ups import due_follow_ups, follow_up
from app.routing.on_duty import offer_what_is_open
from app.routing.unworked import check_claim, due_checks
from app.transfers.agents import miss, missed
from app.transfers.service import given_up

log = structlog.get_logger()


def ring_first() -> None:
    """Agents who want to be rung for a new offer, as many as the carrier dials in this time."""
    session, settings = db.session(), runtime().settings
    for offer_id in due_rings(session, at=now(), per_second=settings.calls_per_second):
        try:
            outbox = ring(session, offer_id=offer_id, at=now(), ring_seconds=settings.ring_seconds)
            session.commit()
        except (LockTimeout, IntegrityError):  # the next turn
            session.rollback()
            continue
        outbox.enqueue(runtime().queue)


def place_bookings() -> None:
    """Calls that were booked."""
    session, settings = db.session(), runtime().settings
    for booking_id in due_bookings(session, at=now()):
        try:
            outbox = place_booking(
                session,
                booking_id=booking_id,
                gate=gate_of(settings),
                at=now(),
                ring_seconds=settings.ring_seconds,
            )
            session.commit()
        except (LockTimeout, IntegrityError) as error:  # the next turn: somebody was quicker, or holds a lock
            session.rollback()
            log.info("booking_waits", booking_id=str(booking_id), error=type(error).__name__)
            continue
        outbox.enqueue(runtime().queue)


def follow_up_clients() -> None:
    """Reminders of clients who are not reached yet."""
    session = db.session()
    for claim_id in due_follow_ups(session, at=now()):
        outbox = follow_up(session, claim_id=claim_id, at=now())
        session.commit()
        outbox.enqueue(runtime().queue)


def act_for_desk() -> None:
    """Admins' actions that can no longer be undone."""
    session, settings = db.session(), runtime().settings
    for action_id in due_actions(session, at=now()):
        desk = Desk(Window(settings.offer_minutes), settings.ring_seconds, now())
        try:
            outbox = perform(session, action_id=action_id, desk=desk)
            session.commit()
        except (LockTimeout, IntegrityError) as error:  # the next turn
            session.rollback()
            log.info("desk_action_waits", action_id=str(action_id), error=type(error).__name__)
            continue
        outbox.enqueue(runtime().queue)


def go_on_with_transfers() -> None:
    """Live transfers whose minute is over, and those that nobody will end any more."""
    session, window = db.session(), Window(runtime().settings.offer_minutes)
    for transfer_id in missed(session, at=now()):
        try:
            outbox = miss(session, transfer_id=transfer_id, window=window, at=now())
            session.commit()
        except LockTimeout:  # the next turn
            session.rollback()
            continue
        outbox.enqueue(runtime().queue)
    outbox = given_up(session, at=now())
    session.commit()
    outbox.enqueue(runtime().queue)


def check_claims() -> None:
    """Claims of which it is not known that anybody works on them."""
    session, window = db.session(), Window(runtime().settings.offer_minutes)
    for claim_id in due_checks(session, at=now()):
        try:
            outbox = check_claim(session, claim_id=claim_id, window=window, at=now())
            session.commit()
        except LockTimeout:  # the next turn
            session.rollback()
            continue
        outbox.enqueue(runtime().queue)


def end_pauses() -> None:
    """Hours and pauses of agents that are over."""
    session, window = db.session(), Window(runtime().settings.offer_minutes)
    for agent in hours_over(session, at=now()):
        end_hours(session, agent=agent, at=now())
        session.commit()
    for agent in pauses_over(session, at=now()):
        try:
            outbox = offer_what_is_open(session, agent=agent, window=window, at=now())
            resume(session, agent=agent)
            session.commit()
        except LockTimeout:  # the next turn
            continue
        outbox.enqueue(runtime().queue)
