"""Claimed and not worked: its agent is warned twice, and then the next agents are asked. Everybody is told."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.claims.models import Claim, ClaimEnd
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_admins, tell_agent
from app.offers.service import Window
from app.people.models import Agent
from app.pipeline.release import Held, lock_claim, take_away
from app.referrals.service import lock_referral
from app.routing.at_work import judge_work
from app.routing.going_on import go_on_after_claim
from app.routing.notices import NOT_WORKED, UNWORKED, WENT_ON
from app.routing.patience import Step

ON_THE_LINE = timedelta(minutes=5)
"""Until the next look at a claim whose agent is just talking with the client."""


def due_checks(session: Session, *, at: datetime, limit: int = 100) -> list[UUID]:
    """Claims to be looked at now."""
    query = select(Claim.id).where(Claim.check_at <= at)
    return list(session.scalars(query.order_by(Claim.check_at).limit(limit)))


def check_claim(session: Session, *, claim_id: UUID, window: Window, at: datetime) -> Outbox:
    """Warns the agent, or sends the referral on, or plans the next look. Raises LockTimeout."""
    claim = session.get_one(Claim, claim_id, populate_existing=True)
    planned = claim.check_at
    found = judge_work(session, claim, at)
    if found.step is Step.TAKE_AWAY:
        return _take_away(session, claim, window, at)
    moved: CursorResult[object] = session.execute(  # type: ignore[assignment]
        update(Claim)
        .where(Claim.id == claim_id, Claim.check_at == planned)
        .values(check_at=found.check_at, warnings=found.warnings)
        .execution_options(synchronize_session=False)
    )
    session.expire(claim)
    if found.step is not Step.WARN or moved.rowcount == 0:
        return NOTHING
    agent = session.get_one(Agent, claim.agent_id)
    return tell_agent(session, agent, kind=UNWORKED, offer_id=claim.offer_id, at=at)


def _take_away(session: Session, claim: Claim, window: Window, at: datetime) -> Outbox:
    agent = session.get_one(Agent, claim.agent_id)
    with lock_wait(session):
        lock_referral(session, claim.referral_id)
    if judge_work(session, claim, at).step is not Step.TAKE_AWAY:
        return NOTHING  # the next turn
    held = lock_claim(session, referral_id=claim.referral_id, agent_id=agent.id, at=at)
    if not isinstance(held, Held):
        claim.check_at = at + ON_THE_LINE
        session.flush()
        return NOTHING
    on = take_away(session, held=held, how=ClaimEnd.NOT_WORKED, words=None, window=window, at=at)
    outbox = on.outbox + go_on_after_claim(session, referral_id=claim.referral_id, window=window, at=at)
    told = tell_agent(session, agent, kind=WENT_ON, offer_id=claim.offer_id, at=at)
    return outbox + told + tell_admins(session, kind=NOT_WORKED, referral_id=claim.referral_id, at=at)
