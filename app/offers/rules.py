"""What an offer may become. Pure."""

from datetime import datetime
from enum import StrEnum


class OfferStatus(StrEnum):
    """`sent` -> one of the others, and nothing after that."""

    SENT = "sent"
    CLAIMED = "claimed"
    DECLINED = "declined"
    LOST = "lost"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


S = OfferStatus
ENDS = frozenset({S.CLAIMED, S.DECLINED, S.LOST, S.EXPIRED, S.WITHDRAWN})
TRANSITIONS: dict[S, frozenset[S]] = {
    S.SENT: ENDS,
    S.CLAIMED: frozenset(),
    S.DECLINED: frozenset(),
    S.LOST: frozenset(),
    S.EXPIRED: frozenset(),
    S.WITHDRAWN: frozenset(),
}


def is_open(status: OfferStatus, expires_at: datetime, at: datetime) -> bool:
    """Whether an offer can still be acted on at `at`: it ends to the second, swept or not."""
    return status is OfferStatus.SENT and at < expires_at
