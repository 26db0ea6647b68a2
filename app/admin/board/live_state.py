"""Where a referral stands right now, in a few words. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.calls.models import Call
from app.calls.rules import CallStatus
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus


class Shade(StrEnum):
    """How urgent a state looks."""

    LIVE = "live"
    WAITING = "waiting"
    STALLED = "stalled"
    DONE = "done"


@dataclass(frozen=True)
class LiveState:
    """Where a referral stands right now. `until` is when its offers end."""

    shade: Shade
    words: str
    until: datetime | None = None


def live_state(referral: Referral, offers: list[Offer], calls: list[Call], at: datetime) -> LiveState:
    """Pure: what the rows say at `at`."""
    if referral.status is ReferralStatus.HELD:
        return LiveState(Shade.STALLED, "held: sent twice")
    if referral.status is ReferralStatus.CLOSED:
        return LiveState(Shade.DONE, "closed")
    if referral.status is ReferralStatus.CLAIMED:
        who = next((o.agent.first_name for o in offers if o.status is OfferStatus.CLAIMED), "somebody")
        talking = any(call.status is CallStatus.CONNECTED for call in calls)
        return LiveState(Shade.LIVE, f"{who} is talking to them") if talking else LiveState(Shade.DONE, f"{who} has it")
    standing = [o for o in offers if o.status is OfferStatus.SENT and o.expires_at > at]
    until = max((o.expires_at for o in standing), default=None)
    if calls:
        rung = {call.offer_id for call in calls}
        who = " and ".join(sorted({offer.agent.first_name for offer in offers if offer.id in rung}))
        in_menu = any(call.status is CallStatus.ANSWERED for call in calls)
        return LiveState(Shade.LIVE, f"{who} on the line" if in_menu else f"calling {who}", until)
    if standing:
        word = standing[0].agent.first_name if len(standing) == 1 else f"{len(standing)} agents"
        return LiveState(Shade.WAITING, f"offered to {word}", until)
    return LiveState(Shade.STALLED, "nobody has it")
