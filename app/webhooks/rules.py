"""The types of events, the states of a delivery, and when a failed one is retried. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from app.bookings.models import BookingStatus
from app.calls.rules import CallStatus
from app.core.database.transitions import Transitions
from app.offers.rules import OfferStatus
from app.referrals.rules import ReferralStatus


class Topic(StrEnum):
    """What an event is about: the first half of its type."""

    REFERRAL = "referral"
    OFFER = "offer"
    CALL = "call"
    CLAIM = "claim"
    BOOKING = "booking"
    CLIENT = "client"
    AGENT = "agent"
    TEAM = "team"


TEST = "webhook.test"
TYPES = frozenset(
    {
        *(f"{Topic.REFERRAL}.{status}" for status in ReferralStatus),
        *(f"{Topic.OFFER}.{status}" for status in OfferStatus),
        *(f"{Topic.CALL}.{status}" for status in CallStatus),
        *(f"{Topic.BOOKING}.{status}" for status in BookingStatus),
        "referral.stage",
        "call.reached",
        "call.outcome",
        "booking.moved",
        "claim.started",
        "claim.ended",
        "client.do_not_contact",
        "client.contact_again",
        "agent.added",
        "agent.changed",
        "team.added",
        "team.changed",
        TEST,
    }
)
"""Every type of event. Most consist of a noun and its new status."""


class DeliveryStatus(StrEnum):
    """`queued` -> `sending` -> `delivered`, or `queued` again, or `failed`."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"


S = DeliveryStatus
TRANSITIONS: Transitions[S] = Transitions(
    {
        S.QUEUED: frozenset({S.SENDING}),
        S.SENDING: frozenset({S.QUEUED, S.DELIVERED, S.FAILED}),
        # An admin sends it again.
        S.DELIVERED: frozenset({S.QUEUED}),
        S.FAILED: frozenset({S.QUEUED}),
    }
)

RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After each failed attempt: a little over three days in all."""
JITTER = 0.2
"""Up to this share is added at random, so that deliveries that failed together are not all retried at once."""
LONGEST_WAIT = timedelta(hours=24)
"""The longest `Retry-After` that is honored."""
TOLD_AFTER = timedelta(hours=1)
"""How long an endpoint may fail before the admins are told."""
OFF_AFTER = timedelta(days=5)
"""How long an endpoint may fail before it is turned off."""
STUCK_AFTER = timedelta(seconds=60)
"""Longer than an attempt should take. After this, the worker that took the delivery is presumed dead."""
OLD_SECRET_FOR = timedelta(hours=24)
"""How long requests are signed with the previous secret as well."""
MOST_ENDPOINTS = 10


def next_attempt(attempts: int, at: datetime, dice: Random, retry_after: float | None = None) -> datetime | None:
    """When to try again after this many attempts; None: no more. `retry_after`: seconds that the endpoint asked for."""
    if attempts > len(RETRY_AFTER):
        return None
    wait = RETRY_AFTER[attempts - 1] * (1 + JITTER * dice.random())
    return at + max(wait, min(timedelta(seconds=retry_after or 0), LONGEST_WAIT))
