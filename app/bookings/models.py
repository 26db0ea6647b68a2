"""A booked call: when agent and client are to be rung, and who asked for it."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model
from app.offers.models import Offer

APART = timedelta(minutes=15)
"""The least time between two booked calls of one agent."""
REMIND_BEFORE = timedelta(minutes=10)


class BookingStatus(StrEnum):
    """What became of it."""

    BOOKED = "booked"
    PLACED = "placed"
    CANCELED = "canceled"
    REFUSED = "refused"
    """The gate refused it when it was due."""


class AskedBy(StrEnum):
    """Who wanted the call at that time."""

    CLIENT = "client"
    AGENT = "agent"
    DESK = "desk"
    HOURS = "hours"
    """Nobody: the referral was claimed outside the client's hours."""


class Booking(Model):
    """One call to be placed at `due_at`. An offer has one open booking at most; moving it changes `due_at`."""

    __tablename__ = "booking"

    id: Mapped[Id]
    offer_id: Mapped[UUID] = reference("offer.id")
    asked_by: Mapped[AskedBy] = mapped_column(text_enum(AskedBy))
    status: Mapped[BookingStatus] = mapped_column(text_enum(BookingStatus), default=BookingStatus.BOOKED)
    due_at: Mapped[Moment]
    call_id: Mapped[UUID | None] = reference("call.id", index=False)
    """The call that was placed for it."""
    created_at: Mapped[Moment] = mapped_column(default=now)
    ended_at: Mapped[Moment | None]

    __table_args__ = (
        Index("uq_booking_one_open", "offer_id", unique=True, postgresql_where="status = 'booked'"),
        Index("uq_booking_call", "call_id", unique=True, postgresql_where="call_id IS NOT NULL"),
        Index("ix_booking_due", "due_at", postgresql_where="status = 'booked'"),
        CheckConstraint("(status = 'booked') = (ended_at IS NULL)", name="ended_when_over"),
    )


def open_booking(session: Session, *, offer_id: UUID) -> Booking | None:
    """The offer's next call."""
    return session.scalar(select(Booking).where(Booking.offer_id == offer_id, Booking.status == BookingStatus.BOOKED))


def booking_of_call(session: Session, *, call_id: UUID) -> Booking | None:
    """The booking that a call was placed for."""
    return session.scalar(select(Booking).where(Booking.call_id == call_id))


def due_bookings(session: Session, *, at: datetime, limit: int = 50) -> list[UUID]:
    """Bookings whose time has come."""
    query = select(Booking.id).where(Booking.status == BookingStatus.BOOKED, Booking.due_at <= at)
    return list(session.scalars(query.order_by(Booking.due_at).limit(limit)))


def free_time(session: Session, *, agent_id: UUID, offer_id: UUID, wanted: datetime) -> datetime:
    """The first time at or after `wanted` that is far enough from the agent's other bookings."""
    query = (
        select(Booking.due_at)
        .join(Offer, Offer.id == Booking.offer_id)
        .where(Offer.agent_id == agent_id, Booking.offer_id != offer_id, Booking.status == BookingStatus.BOOKED)
        .order_by(Booking.due_at)
    )
    for taken in session.scalars(query):
        if abs(taken - wanted) < APART:
            wanted = taken + APART
    return wanted
