"""How a claim comes out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.clients.gate import Answer, Matter
from app.offers.rules import OfferStatus
from app.terms.rules import Lack


@dataclass(frozen=True)
class ToRing:
    """What it takes to ring the client."""

    first_name: str
    matter: Matter


@dataclass(frozen=True)
class Claimed:
    """This offer has the referral. `fresh` is False when it already had: a second press, a repeated callback."""

    fresh: bool
    client: ToRing
    answer: Answer | None = None
    """Whether the client may be rung in this call; None where that was not decided with the claim."""
    call_accepted: bool = False
    """The call was accepted together with the claim: no other call was in its way."""
    client_waits: bool = False
    """The client is on the line about this referral, with an adviser: there is nobody to ring."""
    lost_offer_ids: tuple[UUID, ...] = ()
    notification_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class AlreadyClaimed:
    """Another offer was first, by `behind`."""

    by_agent_id: UUID
    behind: timedelta


@dataclass(frozen=True)
class NotOpen:
    """The offer has ended in another way, or its time is over."""

    status: OfferStatus


@dataclass(frozen=True)
class NotEligible:
    """The agent lacks what the network asks for before a claim. It stays open."""

    lacks: tuple[Lack, ...]


ClaimResult = Claimed | AlreadyClaimed | NotOpen | NotEligible
