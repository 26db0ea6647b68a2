"""What a notification may become, and when it is tried again. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from app.core.database.transitions import Transitions


class NotificationStatus(StrEnum):
    """`sent` means a provider took it; only a receipt makes it `delivered`."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


S = NotificationStatus
TRANSITIONS: Transitions[S] = Transitions(
    {
        # delivered: word of an earlier attempt that had been given up came late
        S.QUEUED: frozenset({S.SENDING, S.DELIVERED, S.FAILED, S.DROPPED}),
        # back to queued: certainly not taken by the provider, or safe to repeat (the same Message-ID, the same topic)
        S.SENDING: frozenset({S.QUEUED, S.SENT, S.DELIVERED, S.FAILED, S.DROPPED}),
        # back to queued: the carrier says it did not arrive, and that it may if tried again
        S.SENT: frozenset({S.QUEUED, S.DELIVERED, S.FAILED}),
        S.DELIVERED: frozenset(),
        S.FAILED: frozenset(),
        S.DROPPED: frozenset(),
    }
)

FIRST_RETRY_SECONDS = 2.0
LONGEST_RETRY_SECONDS = 300.0
MOST_ATTEMPTS = 300
"""About a day of trying, for messages that are of use whenever they come: a mail server can be away for long."""
SENDING_STUCK_AFTER = timedelta(seconds=30)
"""Longer than any provider's time-out: the worker that took the row is gone by then."""

FIRST_QUESTION_AFTER = timedelta(minutes=2)
"""Receipts come within seconds; a text that none has told the end of by then is asked after at the carrier."""
LAST_QUESTION_AFTER = timedelta(hours=12)
"""No carrier tries for longer than 10 hours. Some networks never tell: then the text stays `sent`."""

# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
RECEIPTS: dict[str, S] = {
    "accepted": S.SENT,
    "scheduled": S.SENT,
    "queued": S.SENT,
    "sending": S.SENT,
    "sent": S.SENT,
    "delivered": S.DELIVERED,
    "read": S.DELIVERED,
    "undelivered": S.FAILED,
    "failed": S.FAILED,
    "canceled": S.FAILED,
}


def next_try(
    attempt: int, at: datetime, not_after: datetime | None, dice: Random, *, at_least: float = 0.0
) -> datetime | None:
    """When to try again after `attempt` tries: exponential with jitter, and not before `at_least` seconds.

    None when it would be too late: after `not_after`, or, for what has no end, after MOST_ATTEMPTS tries.
    """
    if not_after is None and attempt >= MOST_ATTEMPTS:
        return None
    ceiling = min(FIRST_RETRY_SECONDS * 2 ** min(attempt - 1, 16), LONGEST_RETRY_SECONDS)
    due = at + timedelta(seconds=max(ceiling / 2 + dice.random() * ceiling / 2, at_least))
    return None if not_after is not None and due >= not_after else due


def next_question(taken_at: datetime, at: datetime) -> datetime | None:
    """When to ask again after a text that was taken at `taken_at` and asked after at `at`: after twice as long.

    None once LAST_QUESTION_AFTER has passed: ten questions at most.
    """
    waited = at - taken_at
    if waited >= LAST_QUESTION_AFTER:
        return None
    return taken_at + min(2 * max(waited, FIRST_QUESTION_AFTER), LAST_QUESTION_AFTER)
