"""What is left when offers have ended without a claim."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.queue.outbox import NOTHING, Outbox
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus


@dataclass(frozen=True)
class Settled:
    """Offers that have ended; whoever ends them sends the referral on, in the same transaction."""

    outbox: Outbox = NOTHING
    left_alone: Referral | None = None
    """The referral, locked, if it was their last offers that ended: nobody can claim it now."""


def settled(referral: Referral, offers: Iterable[Offer], outbox: Outbox = NOTHING) -> Settled:
    """Of all offers of a locked referral, some of which have just ended."""
    nobody = all(offer.status is not OfferStatus.SENT for offer in offers)
    return Settled(outbox, referral if nobody and referral.status is ReferralStatus.OPEN else None)
