"""What a network asks of an agent before a claim, and what an agent still lacks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.people.licences import Licence


class Lack(StrEnum):
    """What stands between an agent and a claim, in the order in which it is told."""

    AGREEMENT = "agreement"
    """They have not accepted the agreement as it stands."""
    BROKERAGE = "brokerage"
    """Nobody has said for whom they work."""
    LICENCE = "licence"
    """They have no licence with a number in the state."""
    EXPIRED = "expired"
    """They had one."""


@dataclass(frozen=True)
class Step:
    """Of a fee: `percent` of the commission, for homes of up to `up_to` dollars; None: for all others."""

    percent: Decimal
    up_to: int | None = None


@dataclass(frozen=True)
class Terms:
    """What the network asks for. The default asks for nothing."""

    agreement: str = ""
    """Its text, as agents read it; empty: there is none to accept."""
    fee: tuple[Step, ...] = ()
    """In order of price, the last for all others; empty: nothing is said about one."""
    needs_brokerage: bool = False
    needs_licence: bool = False

    @property
    def agreed(self) -> tuple[str, tuple[Step, ...]]:
        """What an agent accepts. After a change they have to accept again."""
        return self.agreement, self.fee

    def percent_for(self, price: int) -> Decimal | None:
        """The fee for a home of this price, in per cent of the commission."""
        steps = (step.percent for step in self.fee if step.up_to is None or price <= step.up_to)
        return next(steps, None)


@dataclass(frozen=True)
class Standing:
    """What is known of an agent that terms ask about."""

    brokerage: str | None
    licences: Sequence[Licence]
    has_agreed: bool
    """To what they would agree to now."""


NOTHING_ASKED = Terms()


def lacking(terms: Terms, agent: Standing, *, state: str, today: date) -> tuple[Lack, ...]:
    """What keeps this agent from claiming a referral in this state."""
    return tuple(_lacking(terms, agent, state, today))


def _lacking(terms: Terms, agent: Standing, state: str, today: date) -> Sequence[Lack]:
    found = []
    if terms.agreement and not agent.has_agreed:
        found.append(Lack.AGREEMENT)
    if terms.needs_brokerage and not agent.brokerage:
        found.append(Lack.BROKERAGE)
    if terms.needs_licence:
        there = [one for one in agent.licences if one.state == state and one.number]
        if not there:
            found.append(Lack.LICENCE)
        elif not any(one.holds(today) for one in there):
            found.append(Lack.EXPIRED)
    return found


def written(terms: Terms) -> dict[str, Any]:
    """As they are kept."""
    return {
        "agreement": terms.agreement,
        "fee": [{"percent": str(step.percent), "up_to": step.up_to} for step in terms.fee],
        "needs_brokerage": terms.needs_brokerage,
        "needs_licence": terms.needs_licence,
    }


def read(kept: dict[str, Any]) -> Terms:
    """As they were kept."""
    fee = tuple(Step(Decimal(step["percent"]), step["up_to"]) for step in kept["fee"])
    return Terms(kept["agreement"], fee, kept["needs_brokerage"], kept["needs_licence"])
