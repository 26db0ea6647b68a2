"""The claim: the first key 1 wins, under the referral's row lock.

A partial unique index on offers, and another on claims, make a mistake here loud instead of double.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, case, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.calls.gate import ask_to_call
from app.calls.models import Call
from app.calls.rules import TRANSITIONS as CALL_MOVES
from app.calls.rules import CallStatus
from app.calls.statements import waits_for
from app.claims.losers import tell_lost
from app.claims.models import FIRST_CHECK, FIRST_LOOK, Claim, LateClaim, Via
from app.claims.prepare import PREPARE
from app.claims.results import AlreadyClaimed, Claimed, ClaimResult, NotEligible, NotOpen, ToRing
from app.clients.asking import KEEP, answered
from app.clients.consent import Way
from app.clients.gate import Act, Answer, Gate, Matter
from app.clients.models import Client
from app.core.database.columns import table_of
from app.core.database.ids import new_id
from app.core.database.locks import for_update
from app.core.names import shown_client
from app.offers.messages import DROP
from app.offers.models import Offer
from app.offers.rules import TRANSITIONS as OFFER_MOVES
from app.offers.rules import OfferStatus, ends_for
from app.referrals.models import Referral
from app.referrals.rules import TRANSITIONS as REFERRAL_MOVES
from app.referrals.rules import ReferralStatus, middle_price
from app.terms.service import TERMS_ARE_SET, Verdict, may_claim

# Tables and not models, built once: what everybody waits for reads and writes rows, past the ORM (docs/bench.md).
REFERRAL, OFFER, CLAIM = table_of(Referral), table_of(Offer), table_of(Claim)
CLIENT, CALL = table_of(Client), table_of(Call)
OTHER_CALL = CALL.alias("other_call")
THIS_REFERRAL: BindParameter[UUID] = bindparam("this_referral")
THIS_OFFER: BindParameter[UUID] = bindparam("this_offer")
THIS_CALL: BindParameter[UUID] = bindparam("this_call")
OFFER_IDS: BindParameter[UUID] = bindparam("offer_ids", expanding=True)
NOW: BindParameter[datetime] = bindparam("now")

LOCK_REFERRAL = for_update(select(REFERRAL.c.status).where(REFERRAL.c.id == THIS_REFERRAL), of=REFERRAL)
OFFERS = (
    select(
        *OFFER.c["id", "agent_id", "status", "expires_at", "ended_at", "decline_at"],
        CLIENT.c.name.label("client_name"),
        *CLIENT.c["given_name", "time_zone", "prefers", "on_line_until", "on_line_for"],
        CLIENT.c.id.label("client_id"),
        CLIENT.c.email.label("client_email"),
        CLIENT.c.phone.label("client_phone"),
        REFERRAL.c.time_zone.label("area_zone"),
        *REFERRAL.c["state", "price_min", "price_max"],
        TERMS_ARE_SET.label("terms_are_set"),
    )
    .join(REFERRAL, REFERRAL.c.id == OFFER.c.referral_id)
    .join(CLIENT, CLIENT.c.id == REFERRAL.c.client_id)
    .where(OFFER.c.referral_id == THIS_REFERRAL)
    .order_by(OFFER.c.id)
)
LOCK_OFFERS = for_update(OFFERS, of=(OFFER, CLIENT))
"""And their client: whether they may be rung is decided with the claim, and holds until it is committed."""
ACCEPT = (
    update(CALL)
    .where(
        CALL.c.id == THIS_CALL,
        bindparam("is_allowed"),
        CALL_MOVES.guard(CALL.c.status, CallStatus.ACCEPTED),
        ~exists().where(
            OTHER_CALL.c.id != THIS_CALL,
            OTHER_CALL.c.ended_at.is_(None),
            OTHER_CALL.c.offer_id.in_(OFFER_IDS) | waits_for(OTHER_CALL.c, bindparam("agent")),
        ),
    )
    .values(status=CallStatus.ACCEPTED, accepted_at=NOW, client_phone=bindparam("client_phone"))
    .returning(CALL.c.id)
    .cte("call_accepted")
)
"""Accepts the call in which 1 was pressed, unless its client may not be rung, or other calls have to end first."""
PREPARED = PREPARE.cte("client_prepared")
WIN = (
    insert(CLAIM)
    .values(
        id=bindparam("new"),
        referral_id=THIS_REFERRAL,
        offer_id=THIS_OFFER,
        agent_id=bindparam("agent"),
        via=bindparam("how"),
        at=NOW,
        follow_up_at=bindparam("first_look"),
        check_at=bindparam("first_check"),
        terms_id=bindparam("terms"),
        fee_percent=bindparam("fee"),
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
        KEEP.cte("gate_answered"),
    )
    .returning(select(ACCEPT.c.id).exists(), select(func.array_agg(PREPARED.c.id)).scalar_subquery())
)
"""Writes the claim, loses every other open offer, drops what is still queued for any of them, keeps what the gate said,
tells the client who their agent is, and accepts the call if no other is in its way: one statement. Returns whether the
call was accepted, and the messages to the client."""


def claim(
    session: Session,
    *,
    offer_id: UUID,
    referral_id: UUID,
    call_id: UUID,
    via: Via,
    gate: Gate,
    at: datetime,
    on_line_since: datetime | None = None,
    taken: bool = False,
    locked: bool = False,
) -> ClaimResult:
    """Decides whether this offer's agent has the referral. The same question gets the same answer.

    An agent in the menu, `on_line_since` before the window closed, may finish. `taken` says that the referral was seen
    claimed: then there is nothing left to decide, and a late press neither waits nor holds anybody up. `locked` says
    that the caller already holds the referral's lock, and that it is open.
    The gate is not asked about a client who is on the line already.
    Raises LockTimeout through `lock_wait`, which the caller has around it.
    """
    status, offers = _read(session, referral_id) if taken else _lock(session, referral_id, locked)
    offer = next(o for o in offers if o.id == offer_id)
    if offer.status is OfferStatus.CLAIMED:
        return Claimed(fresh=False, client=_client(offer, referral_id), client_waits=_waits(offer, referral_id, at))
    winner = next((o for o in offers if o.status is OfferStatus.CLAIMED), None)
    if winner is not None:
        return _too_late(session, offer_id=offer_id, winner=winner, at=at)
    over = _why_over(offer, status, on_line_since, at)
    if over is not None:
        return NotOpen(over)
    terms = _terms(session, offer, at)
    if terms.lacks:
        return NotEligible(terms.lacks)

    lost = [o for o in offers if o.status is OfferStatus.SENT and o is not offer]
    ended = [offer.id, *(o.id for o in lost)]
    client = _client(offer, referral_id)
    waits = _waits(offer, referral_id, at)
    act = Act.JOIN if waits else Act.BRIDGE
    answer = Answer() if waits else ask_to_call(session, gate=gate, matter=client.matter, call_id=call_id, at=at)
    this: dict[str, Any] = {
        **answered(answer, way=Way.CALL, matter=client.matter, act=act, call_id=call_id, at=at),
        "client_phone": client.matter.phone,
        "this_referral": referral_id,
        "this_offer": offer.id,
        "this_call": call_id,
        "offer_ids": ended,
        "agent": offer.agent_id,
        "new": new_id(),
        "how": via,
        "now": at,
        "first_look": at + FIRST_LOOK,
        "first_check": at + FIRST_CHECK,
        "terms": terms.terms_id,
        "fee": terms.fee_percent,
    }
    accepted, prepared = session.execute(WIN, this).one()
    to_tell = [o.id for o in lost if o.decline_at is None]  # an agent who has just declined wants to hear nothing more
    told = tell_lost(session, offer_ids=to_tell, at=at) if to_tell else []
    return Claimed(
        fresh=True,
        client=client,
        answer=answer,
        call_accepted=accepted,
        client_waits=waits,
        lost_offer_ids=tuple(o.id for o in lost),
        notification_ids=(*told, *(prepared or ())),
    )


def _why_over(
    offer: Row[Any], status: ReferralStatus, on_line_since: datetime | None, at: datetime
) -> OfferStatus | None:
    """What has become of an offer that cannot be claimed any more."""
    if offer.status is not OfferStatus.SENT:
        return OfferStatus(offer.status)
    if status is not ReferralStatus.OPEN:
        return OfferStatus.WITHDRAWN
    if offer.decline_at is not None:
        return OfferStatus.DECLINED
    return OfferStatus.EXPIRED if at >= ends_for(offer.expires_at, on_line_since) else None


def _terms(session: Session, offer: Row[Any], at: datetime) -> Verdict:
    if not offer.terms_are_set:
        return Verdict()
    price = middle_price(offer.price_min, offer.price_max)
    return may_claim(session, agent_id=offer.agent_id, state=offer.state, price=price, time_zone=offer.area_zone, at=at)


def _waits(offer: Row[Any], referral_id: UUID, at: datetime) -> bool:
    return bool(offer.on_line_for == referral_id and offer.on_line_until > at)


def _client(offer: Row[Any], referral_id: UUID) -> ToRing:
    matter = Matter(
        offer.client_id,
        referral_id,
        offer.client_phone,
        offer.client_email,
        offer.area_zone,
        offer.state,
        offer.time_zone,
        offer.prefers,
    )
    return ToRing(shown_client(offer.client_name, offer.given_name), matter)


def _lock(session: Session, referral_id: UUID, locked: bool) -> tuple[ReferralStatus, Sequence[Row[Any]]]:
    """Everybody who wants this referral waits here. First it, then its offers, ids ascending, and its client."""
    this = {"this_referral": referral_id}
    status = ReferralStatus.OPEN if locked else session.execute(LOCK_REFERRAL, this).scalar_one()
    offers: Sequence[Any] = session.execute(LOCK_OFFERS if status is ReferralStatus.OPEN else OFFERS, this).all()
    return status, offers


def _read(session: Session, referral_id: UUID) -> tuple[ReferralStatus, Sequence[Row[Any]]]:
    offers: Sequence[Any] = session.execute(OFFERS, {"this_referral": referral_id}).all()
    return ReferralStatus.CLAIMED, offers


def _too_late(session: Session, *, offer_id: UUID, winner: Row[Any], at: datetime) -> AlreadyClaimed:
    """Keeps by how much; the first press counts when there are several."""
    behind = max(at - winner.ended_at, timedelta(0))
    row = {"id": new_id(), "offer_id": offer_id, "at": at, "behind_ms": int(behind.total_seconds() * 1000)}
    session.execute(pg_insert(LateClaim).values(row).on_conflict_do_nothing())
    first = session.scalar(select(LateClaim.behind_ms).where(LateClaim.offer_id == offer_id))
    assert first is not None
    return AlreadyClaimed(by_agent_id=winner.agent_id, behind=timedelta(milliseconds=first))
