"""What a referral is, and how its need is said in a few words without saying who. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.core.database.transitions import Transitions
from app.core.language import gettext as _
from app.core.language import mark, ngettext
from app.core.referral_kind import ReferralKind


class ReferralStatus(StrEnum):
    """`open` -> `claimed` or `closed`. A duplicate starts as `held`."""

    HELD = "held"
    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


TRANSITIONS: Transitions[ReferralStatus] = Transitions(
    {
        ReferralStatus.HELD: frozenset({ReferralStatus.OPEN, ReferralStatus.CLOSED}),
        ReferralStatus.OPEN: frozenset({ReferralStatus.CLAIMED, ReferralStatus.CLOSED}),
        # back to open: the agent gave it back
        ReferralStatus.CLAIMED: frozenset({ReferralStatus.OPEN, ReferralStatus.CLOSED}),
        ReferralStatus.CLOSED: frozenset(),
    }
)

BILLION = 1_000_000_000
MILLION = 1_000_000
THOUSAND = 1_000
BUYER_IN, SELLER_IN = mark("Buyer in %(city)s, %(area)s"), mark("Seller in %(city)s, %(area)s")
UNITS = {"": "", "k": mark("k"), "M": mark("M"), "B": mark("B")}
NARROW = 1.1
"""Prices closer than this are one price to a listener."""
NO_LEAST = 100
"""A least price this many times under the dearest is none: 1 dollar, typed because the form wanted something."""
FINE = 10 * THOUSAND
"""Under this many dollars a thousand is too coarse a step."""


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
    def area(self) -> str:
        """The ZIP code as it may be told: a ZIP+4 is a few houses, and so is a whole Canadian postal code."""
        return self.zip_code[:5] if self.zip_code[:1].isdigit() else self.zip_code[:3]

    @property
    def headline(self) -> str:
        """`Seller in Austin, 78704`."""
        words = BUYER_IN if self.kind is ReferralKind.BUYER else SELLER_IN
        return _(words, city=self.city, area=self.area)

    @property
    def place(self) -> str:
        """`Austin TX`."""
        return f"{self.city} {self.state}"

    @property
    def price(self) -> str:
        """`about $600k`, `up to $600k`, or `$450k to $2M` when the two ends are far apart."""
        return _said(self.price_min, self.price_max, short_price)

    @property
    def spoken_price(self) -> str:
        """The same for a voice: `about 600 thousand dollars`."""
        return _said(self.price_min, self.price_max, _spoken)


def _said(least: int, most: int, amount: Callable[[int], str]) -> str:
    if most <= least * NARROW:
        return _("about %(price)s", price=amount(middle_price(least, most))) if most else _("price open")
    if least * NO_LEAST <= most:
        return _("up to %(price)s", price=amount(most))
    return _("%(least)s to %(most)s", least=amount(least), most=amount(most))


def _in_units(dollars: int) -> tuple[str, str]:
    """Rounded first, then given its unit: 999,999 is a million, and no thousand thousand."""
    if dollars < THOUSAND:
        return str(dollars), ""
    if dollars < FINE:
        return f"{round(dollars / THOUSAND, 1):g}", "k"
    if round(dollars / THOUSAND) < THOUSAND:
        return str(round(dollars / THOUSAND)), "k"
    if round(dollars / MILLION, 2) < THOUSAND:
        return f"{round(dollars / MILLION, 2):g}", "M"
    return f"{round(dollars / BILLION, 2):g}", "B"


def middle_price(least: int, most: int) -> int:
    """What a home is taken to cost, in whole dollars."""
    return (least + most) // 2


def short_price(dollars: int) -> str:
    """Dollars as people write them: `$950`, `$600k`, `$1.25M`."""
    number, unit = _in_units(dollars)
    return f"${number}{_(UNITS[unit]) if unit else ''}"


def _spoken(dollars: int) -> str:
    number, unit = _in_units(dollars)
    count = 1 if number == "1" else 2  # as grammar counts: 1.25 is more than one
    match unit:
        case "k":
            return _("%(number)s thousand dollars", number=number)
        case "M":
            return ngettext("%(number)s million dollars", "%(number)s million dollars", count, number=number)
        case "B":
            return _("%(number)s billion dollars", number=number)
    return ngettext("%(number)s dollar", "%(number)s dollars", count, number=number)
