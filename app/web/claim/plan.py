"""The next call to the client, on the claim page: when it is booked for, and to when it can be moved."""

from dataclasses import dataclass
from datetime import datetime

from app.bookings.models import Booking, open_booking
from app.claims.page import ClaimView
from app.claims.phases import Phase
from app.clients.gate import PASSING, Answer, gate_of
from app.clients.times import times_to_call
from app.core.runtime import runtime
from app.extensions import db

SHOWN_IN = frozenset({Phase.CLIENT_MISSED, Phase.QUIET})


@dataclass(frozen=True)
class Plan:
    """The open booking, and the times that can be booked."""

    booking: Booking | None = None
    times: tuple[datetime, ...] = ()


def plan_of(view: ClaimView, can_call: Answer) -> Plan:
    """What the page offers; no times where no hour would make the call allowed."""
    if view.phase not in SHOWN_IN or not set(can_call.refusals) <= PASSING:
        return Plan()
    times = times_to_call(gate_of(runtime().settings).hours, view.matter.places, view.now)
    return Plan(open_booking(db.session(), offer_id=view.offer_id), tuple(times))
