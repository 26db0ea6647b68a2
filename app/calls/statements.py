"""What is asked with each tap and each key, built once: building a statement costs more than sending it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.calls.models import Call, Direction, Pin
from app.calls.rules import LIVE, MISSES, CallStatus
from app.core.database.columns import table_of
from app.core.database.locks import for_update
from app.offers.models import Offer
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus

S = CallStatus
CALL, PIN = table_of(Call), table_of(Pin)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
THIS_OFFER: BindParameter[UUID] = bindparam("this_offer")
REQUEST = insert(CALL).values(
    id=bindparam("new"),
    offer_id=THIS_OFFER,
    agent_id=bindparam("agent"),
    direction=Direction.OUTBOUND,
    attempt=select(func.count() + 1)
    .where(
        CALL.c.offer_id == THIS_OFFER,
        CALL.c.status.in_(MISSES | LIVE),
        CALL.c.requested_at >= bindparam("since"),
    )
    .scalar_subquery(),
    phone=bindparam("to"),
    status=S.REQUESTED,
    requested_at=bindparam("now"),
    ring_deadline_at=bindparam("deadline"),
)
PIN_GIVEN = (
    insert(PIN)
    .values(id=bindparam("new_pin"), offer_id=THIS_OFFER, digits=bindparam("digits"), created_at=bindparam("now"))
    .on_conflict_do_nothing()
    .returning(PIN.c.id)
    .cte("pin_given")
)
REQUEST_WITH_PIN = REQUEST.add_cte(PIN_GIVEN).returning(
    or_(select(PIN_GIVEN.c.id).exists(), exists().where(PIN.c.offer_id == THIS_OFFER))
)
"""The call, and a PIN for its offer unless it has one. False: those digits are another offer's; draw again."""
REF = (
    select(
        Call.id,
        Call.offer_id,
        Offer.referral_id,
        Call.agent_id,
        Call.sid,
        Call.answered_at,
        Call.direction == Direction.INBOUND,
        Agent.language,
    )
    .join(Offer, Offer.id == Call.offer_id)
    .join(Agent, Agent.id == Call.agent_id)
    .where(Call.id == bindparam("call_id"))
)
FIND = REF.add_columns(Referral.status == ReferralStatus.CLAIMED).join(Referral, Referral.id == Offer.referral_id)
LOCKED = (
    for_update(select(Referral.status), of=Referral)
    .where(Referral.id == Offer.referral_id, Referral.status == ReferralStatus.OPEN)
    .correlate(Offer)
    .lateral("locked")
)
FIND_TO_CLAIM = REF.add_columns(LOCKED.c.status.is_(None), LOCKED.c.status.is_not(None)).join(
    LOCKED, true(), isouter=True
)
"""FIND, with a lock on the referral if it is open. If somebody else claims it while we wait, we get no lock."""
ASKED_FOR = select(func.count(), func.count().filter(CALL.c.requested_at > bindparam("lately"))).where(
    CALL.c.offer_id == THIS_OFFER, CALL.c.direction == Direction.OUTBOUND
)
"""How many calls were asked for by one offer: ever, and lately."""
LOCK_OF_AGENT = for_update(
    select(Call).where(Call.agent_id == bindparam("agent_id"), Call.ended_at.is_(None)).order_by(Call.id), of=Call
)
EARLIER = aliased(Call)
TAKE = (
    update(CALL)
    .where(
        CALL.c.id == bindparam("call_id"),
        CALL.c.status == S.REQUESTED,
        CALL.c.requested_at > bindparam("oldest"),
        ~exists().where(
            EARLIER.agent_id == CALL.c.agent_id,
            EARLIER.status == S.CANCELING,
            EARLIER.ended_at.is_(None),  # says nothing new, but to the planner: ix_call_live
        ),
    )
    .values(status=S.DIALING, dialing_at=bindparam("now"))
    .returning(CALL.c.id, CALL.c.phone)
)


def waits_for(call: Any, agent: BindParameter[UUID]) -> ColumnElement[bool]:
    """Whether a call (the model or its columns) is waiting for this agent's phone to be free."""
    return and_(call.agent_id == agent, call.status == S.REQUESTED, call.direction == Direction.OUTBOUND)


LOCK_LIVE = for_update(
    select(Call)
    .where(
        Call.offer_id.in_(bindparam("offer_ids", expanding=True)) | waits_for(Call, bindparam("waiting_for")),
        Call.ended_at.is_(None),
    )
    .order_by(Call.id),
    of=Call,
)
