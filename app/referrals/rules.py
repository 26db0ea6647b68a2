"""What a referral is, and how its need is said in a few words without saying who. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.kinds import ReferralKind


class ReferralStatus(StrEnum):
    """`open` -> `claimed` or `closed`."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


TRANSITIONS: dict[ReferralStatus, frozenset[ReferralStatus]] = {
    ReferralStatus.OPEN: frozenset({ReferralStatus.CLAIMED, ReferralStatus.CLOSED}),
    # back to open: the agent gave it back
    ReferralStatus.CLAIMED: frozenset({ReferralStatus.OPEN, ReferralStatus.CLOSED}),
    ReferralStatus.CLOSED: frozenset(),
}

BILLION = 1_000_000_000
MILLION = 1_000_000
THOUSAND = 1_000
NARROW = 1.1
"""Prices closer than this are one price to a listener."""


@dataclass(frozen=True)
class Need:
    """What may be told about a referral before it is claimed: what and where, never who."""

    kind: ReferralKind
    city: str
    state: str
    zip_code: str
    price_min: int
    price_max: int

    @property
    def headline(self) -> str:
        """`Seller in Austin, 78704`."""
        return f"{self.kind.value.capitalize()} in {self.city}, {self.zip_code}"

    @property
    def place(self) -> str:
        """`Austin TX`."""
        return f"{self.city} {self.state}"

    @property
    def price(self) -> str:
        """`about $600k`, or `$450k to $600k` when the two ends are far apart."""
        if self.price_max <= self.price_min * NARROW:
            return f"about {short_price((self.price_min + self.price_max) // 2)}"
        return f"{short_price(self.price_min)} to {short_price(self.price_max)}"


def short_price(dollars: int) -> str:
    """Dollars as people say them: `$950`, `$600k`, `$1.25M`."""
    if dollars >= MILLION:
        return f"${dollars / MILLION:.2f}".rstrip("0").rstrip(".") + "M"
    if dollars >= THOUSAND:
        return f"${round(dollars / THOUSAND)}k"
    return f"${dollars}"


def spoken_hour(at: datetime) -> str:
    """A whole hour for a voice: `8 AM`."""
    return f"{at:%I %p}".lstrip("0")


def spoken_price(need: Need) -> str:
    """The price for a voice: `600 thousand dollars`."""
    middle = (need.price_min + need.price_max) // 2
    if middle >= BILLION:
        return f"{middle // BILLION} billion dollars"
    if middle >= MILLION:
        return f"{middle / MILLION:.2f}".rstrip("0").rstrip(".") + " million dollars"
    return f"{round(middle / THOUSAND)} thousand dollars"
