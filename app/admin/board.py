"""What the admins' desk lists: each referral with its live state, in a few words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, joinedload

from app.calls.models import Call
from app.calls.rules import CallStatus
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus

PAGE = 50


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


@dataclass(frozen=True)
class DeskLine:
    """One referral on the desk."""

    referral: Referral
    state: LiveState


def desk(session: Session, *, show: str, before: UUID | None, at: datetime) -> list[DeskLine]:
    """The newest referrals older than `before`; `show` is all, open, claimed or held."""
    query = select(Referral).options(joinedload(Referral.client)).order_by(Referral.id.desc()).limit(PAGE)
    if show in (ReferralStatus.OPEN, ReferralStatus.CLAIMED, ReferralStatus.HELD):
        query = query.where(Referral.status == literal(show, literal_execute=True))  # so that a partial index fits
    if before is not None:
        query = query.where(Referral.id < before)
    found = list(session.scalars(query))
    offers = _offers(session, [referral.id for referral in found])
    calls = _live_calls(session, [referral.id for referral in found])
    return [
        DeskLine(referral, live_state(referral, offers.get(referral.id, []), calls.get(referral.id, []), at))
        for referral in found
    ]


def live_state(referral: Referral, offers: list[Offer], calls: list[Call], at: datetime) -> LiveState:
    """Pure: what the rows say at `at`."""
    names = {offer.id: offer.agent.first_name for offer in offers}
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
        who = " and ".join(sorted({names[call.offer_id] for call in calls}))
        in_menu = any(call.status is CallStatus.ANSWERED for call in calls)
        return LiveState(Shade.LIVE, f"{who} on the line" if in_menu else f"calling {who}", until)
    if standing:
        word = standing[0].agent.first_name if len(standing) == 1 else f"{len(standing)} agents"
        return LiveState(Shade.WAITING, f"offered to {word}", until)
    return LiveState(Shade.STALLED, "nobody has it")


def _offers(session: Session, referral_ids: list[UUID]) -> dict[UUID, list[Offer]]:
    query = (
        select(Offer)
        .options(joinedload(Offer.agent).lazyload(Agent.account))
        .where(Offer.referral_id.in_(referral_ids))
    )
    grouped: dict[UUID, list[Offer]] = {}
    for offer in session.scalars(query.order_by(Offer.id)):
        grouped.setdefault(offer.referral_id, []).append(offer)
    return grouped


def _live_calls(session: Session, referral_ids: list[UUID]) -> dict[UUID, list[Call]]:
    query = (
        select(Call, Offer.referral_id)
        .join(Offer, Offer.id == Call.offer_id)
        .where(Offer.referral_id.in_(referral_ids), Call.ended_at.is_(None))
    )
    grouped: dict[UUID, list[Call]] = {}
    for call, referral_id in session.execute(query):
        grouped.setdefault(referral_id, []).append(call)
    return grouped
