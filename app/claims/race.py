"""The claim: the first key 1 wins, under the referral's row lock.

A partial unique index on offers, and another on claims, make a mistake here loud instead of double.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, case, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.claims.losers import tell_lost
from app.claims.models import Claim, LateClaim, Via
from app.core.database.columns import table_of
from app.core.database.ids import new_id
from app.core.database.locks import for_update
from app.offers.messages import DROP
from app.offers.models import Offer
from app.offers.rules import TRANSITIONS as OFFER_MOVES
from app.offers.rules import OfferStatus, ends_for
from app.referrals.models import Referral
from app.referrals.rules import TRANSITIONS as REFERRAL_MOVES
from app.referrals.rules import ReferralStatus

# Tables and not models, built once: what everybody waits for reads and writes rows, past the ORM (docs/bench.md).
REFERRAL, OFFER, CLAIM = table_of(Referral), table_of(Offer), table_of(Claim)
THIS_REFERRAL: BindParameter[UUID] = bindparam("this_referral")
THIS_OFFER: BindParameter[UUID] = bindparam("this_offer")
NOW: BindParameter[datetime] = bindparam("now")

LOCK_REFERRAL = for_update(select(REFERRAL.c.status).where(REFERRAL.c.id == THIS_REFERRAL), of=REFERRAL)
OFFERS = (
    select(*OFFER.c["id", "agent_id", "status", "expires_at", "ended_at", "decline_at"])
    .where(OFFER.c.referral_id == THIS_REFERRAL)
    .order_by(OFFER.c.id)
)
LOCK_OFFERS = for_update(OFFERS, of=OFFER)
WIN = (
    insert(CLAIM)
    .values(
        id=bindparam("new"),
        referral_id=THIS_REFERRAL,
        offer_id=THIS_OFFER,
        agent_id=bindparam("agent"),
        via=bindparam("how"),
        at=NOW,
    )
    .add_cte(
        update(REFERRAL)
        .where(REFERRAL.c.id == THIS_REFERRAL, REFERRAL_MOVES.guard(REFERRAL.c.status, ReferralStatus.CLAIMED))
        .values(status=ReferralStatus.CLAIMED, claimed_at=NOW)
        .cte("referral_claimed"),
        update(OFFER)
        .where(
            OFFER.c.referral_id == THIS_REFERRAL,
            OFFER_MOVES.guard(OFFER.c.status, OfferStatus.CLAIMED, OfferStatus.LOST),
        )
        .values(status=case((OFFER.c.id == THIS_OFFER, OfferStatus.CLAIMED), else_=OfferStatus.LOST), ended_at=NOW)
        .cte("offers_ended"),
        DROP.cte("messages_dropped"),
    )
)
"""The claim stands, every other open offer is lost, and nobody is told of them any more: in one statement."""


@dataclass(frozen=True)
class Claimed:
    """This offer has the referral. `fresh` is False when it already had: a second press, a repeated callback."""

    fresh: bool
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


ClaimResult = Claimed | AlreadyClaimed | NotOpen


def claim(
    session: Session,
    *,
    offer_id: UUID,
    referral_id: UUID,
    via: Via,
    at: datetime,
    on_line_since: datetime | None = None,
    taken: bool = False,
) -> ClaimResult:
    """Decides whether this offer's agent has the referral. The same question gets the same answer.

    An agent in the menu, `on_line_since` before the window closed, may finish. `taken` says that the referral was seen
    claimed: then there is nothing left to decide, and a late press neither waits nor holds anybody up.
    Raises LockTimeout through `lock_wait`, which the caller has around it.
    """
    status, offers = _read(session, referral_id) if taken else _lock(session, referral_id)
    offer = next(o for o in offers if o.id == offer_id)
    if offer.status is OfferStatus.CLAIMED:
        return Claimed(fresh=False)
    winner = next((o for o in offers if o.status is OfferStatus.CLAIMED), None)
    if winner is not None:
        return _too_late(session, offer_id=offer_id, winner=winner, at=at)
    if offer.status is not OfferStatus.SENT or status is not ReferralStatus.OPEN:
        return NotOpen(offer.status if offer.status is not OfferStatus.SENT else OfferStatus.WITHDRAWN)
    if offer.decline_at is not None:
        return NotOpen(OfferStatus.DECLINED)
    if at >= ends_for(offer.expires_at, on_line_since):
        return NotOpen(OfferStatus.EXPIRED)

    lost = [o for o in offers if o.status is OfferStatus.SENT and o is not offer]
    over = [offer.id, *(o.id for o in lost)]
    this = {"this_referral": referral_id, "this_offer": offer.id, "offer_ids": over, "agent": offer.agent_id}
    session.execute(WIN, {**this, "new": new_id(), "how": via, "now": at})
    to_tell = [o.id for o in lost if o.decline_at is None]  # an agent who has just declined wants to hear nothing more
    told = tell_lost(session, offer_ids=to_tell, at=at) if to_tell else []
    return Claimed(fresh=True, lost_offer_ids=tuple(o.id for o in lost), notification_ids=tuple(told))


def _lock(session: Session, referral_id: UUID) -> tuple[ReferralStatus, Sequence[Row[Any]]]:
    """Everybody who wants this referral waits here. First it, then its offers, ids ascending."""
    this = {"this_referral": referral_id}
    status = session.execute(LOCK_REFERRAL, this).scalar_one()
    return status, session.execute(LOCK_OFFERS if status is ReferralStatus.OPEN else OFFERS, this).all()


def _read(session: Session, referral_id: UUID) -> tuple[ReferralStatus, Sequence[Row[Any]]]:
    return ReferralStatus.CLAIMED, session.execute(OFFERS, {"this_referral": referral_id}).all()


def _too_late(session: Session, *, offer_id: UUID, winner: Row[Any], at: datetime) -> AlreadyClaimed:
    """Keeps by how much; the first press counts when there are several."""
    behind = max(at - winner.ended_at, timedelta(0))
    row = {"id": new_id(), "offer_id": offer_id, "at": at, "behind_ms": int(behind.total_seconds() * 1000)}
    session.execute(pg_insert(LateClaim).values(row).on_conflict_do_nothing())
    first = session.scalar(select(LateClaim.behind_ms).where(LateClaim.offer_id == offer_id))
    assert first is not None
    return AlreadyClaimed(by_agent_id=winner.agent_id, behind=timedelta(milliseconds=first))
