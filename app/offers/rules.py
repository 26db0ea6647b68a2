"""What an offer may become. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.core.database.transitions import Transitions
from app.core.language import mark


class OfferStatus(StrEnum):
    """`sent` -> one of the others. A claimed one is withdrawn when its agent has the referral no more."""

    SENT = "sent"
    CLAIMED = "claimed"
    DECLINED = "declined"
    LOST = "lost"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


STATUS_WORDS: dict[OfferStatus, str] = {
    OfferStatus.SENT: mark("offered"),
    OfferStatus.DECLINED: mark("declined"),
    OfferStatus.EXPIRED: mark("expired"),
    OfferStatus.WITHDRAWN: mark("withdrawn"),
    OfferStatus.LOST: mark("not first"),
    OfferStatus.CLAIMED: mark("claimed"),
}
S = OfferStatus
ENDS = frozenset({S.CLAIMED, S.DECLINED, S.LOST, S.EXPIRED, S.WITHDRAWN})
TRANSITIONS: Transitions[S] = Transitions(
    {S.SENT: ENDS, **{end: frozenset() for end in ENDS}, S.CLAIMED: frozenset({S.WITHDRAWN})}
)

LONGEST_MENU = timedelta(seconds=90)
"""How long somebody who is in the menu when the offer ends may take to finish."""
UNDO_FOR = timedelta(seconds=10)
"""How long a decline can be undone; it takes effect after that, and nothing can be claimed in between."""


class DeclineReason(StrEnum):
    """Why an agent does not want a referral."""

    TOO_FAR = "too_far"
    TOO_BUSY = "too_busy"
    PRICE = "price"
    NOT_MY_KIND = "not_my_kind"
    OTHER = "other"
    BY_KEY = "by_key"
    """Key 2 on the phone: no reason was asked for."""
    BY_TEXT = "by_text"
    BY_PUSH = "by_push"
    """The button on the notification."""


DECLINE_WORDS: dict[DeclineReason, str] = {
    DeclineReason.TOO_FAR: mark("Too far away"),
    DeclineReason.TOO_BUSY: mark("No time right now"),
    DeclineReason.PRICE: mark("Not my price range"),
    DeclineReason.NOT_MY_KIND: mark("Not my kind of client"),
    DeclineReason.OTHER: mark("Something else"),
    DeclineReason.BY_KEY: mark("Declined on the phone"),
    DeclineReason.BY_TEXT: mark("Declined by text"),
    DeclineReason.BY_PUSH: mark("Declined on the notification"),
}


def ends_for(expires_at: datetime, on_line_since: datetime | None) -> datetime:
    """When an offer ends for an agent who is on the line since then: one who was in time may finish."""
    in_time = on_line_since is not None and on_line_since < expires_at
    return expires_at + LONGEST_MENU if in_time else expires_at


def is_open(status: OfferStatus, expires_at: datetime, decline_at: datetime | None, at: datetime) -> bool:
    """Whether an offer can still be acted on at `at`: it ends to the second, swept or not.

    `decline_at` is when a decline takes effect; one that can still be undone is not open either.
    """
    return status is OfferStatus.SENT and at < expires_at and decline_at is None
