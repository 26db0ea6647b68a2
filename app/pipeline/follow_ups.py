"""Reminders of clients whom their agent has not talked with: twice a day for ten days, at the agent's own times."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.bookings.models import open_booking
from app.claims.models import Claim
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_agent
from app.people.models import Agent
from app.pipeline.deals import deal_of, touch
from app.pipeline.models import Deal
from app.pipeline.notices import FOLLOW_UP
from app.pipeline.stages import REACH_FOR, UNREACHED

CONTACT_IS_FRESH = timedelta(hours=2)
AHEAD = 3
"""Days in which an agent's next time surely lies, on whichever day the clocks change."""


class Move(StrEnum):
    """To when a reminder is moved with one tap."""

    IN_TWO_HOURS = "two_hours"
    TOMORROW = "tomorrow"
    IN_THREE_DAYS = "three_days"
    NEVER = "never"


MOVES = {Move.IN_TWO_HOURS: timedelta(hours=2), Move.TOMORROW: timedelta(days=1), Move.IN_THREE_DAYS: timedelta(days=3)}


def next_time(times: tuple[time, time], zone: str, *, after: datetime) -> datetime:
    """The first of the agent's times of day after a moment, by the clock where they are."""
    there = ZoneInfo(zone)
    day = after.astimezone(there).date()
    slots = (datetime.combine(day + timedelta(days=ahead), at, there) for ahead in range(AHEAD) for at in times)
    return next(slot for slot in slots if slot > after)


def due_follow_ups(session: Session, *, at: datetime, limit: int = 100) -> list[UUID]:
    """Claims whose agent may have to be reminded now."""
    query = select(Claim.id).where(Claim.follow_up_at <= at)
    return list(session.scalars(query.order_by(Claim.follow_up_at).limit(limit)))


def follow_up(session: Session, *, claim_id: UUID, at: datetime) -> Outbox:
    """Reminds the agent of a claim that is due, or does not, and plans when to look next."""
    claim = session.get_one(Claim, claim_id, populate_existing=True)
    agent, deal = session.get_one(Agent, claim.agent_id), deal_of(session, claim.referral_id)
    planned = claim.follow_up_at
    if planned is None or planned > at:
        return NOTHING
    is_over = _is_over(claim, deal, at)
    then = None if is_over else _next_look(claim, agent, deal, at)
    reminds = not is_over and claim.follow_ups is not None and not _is_needless(session, claim, agent, deal, at)
    moved: CursorResult[object] = session.execute(  # type: ignore[assignment]
        update(Claim)
        .where(Claim.id == claim_id, Claim.follow_up_at == planned)
        .values(follow_up_at=then, follow_ups=(claim.follow_ups or 0) + reminds)
        .execution_options(synchronize_session=False)
    )
    session.expire(claim)
    if not reminds or moved.rowcount == 0:
        return NOTHING
    return tell_agent(session, agent, kind=FOLLOW_UP, offer_id=claim.offer_id, at=at)


def next_follow_up(session: Session, *, claim: Claim, agent: Agent) -> datetime | None:
    """When the agent is reminded next, as things stand; None: not any more."""
    deal = deal_of(session, claim.referral_id)
    if claim.follow_up_at is None or (deal is not None and deal.stage not in UNREACHED):
        return None
    if claim.follow_ups is None:
        return next_time(_times(agent), agent.time_zone, after=claim.follow_up_at)
    return claim.follow_up_at


def move_follow_up(session: Session, *, claim: Claim, agent: Agent, to: Move, at: datetime) -> None:
    """Moves the next reminder: by hours, to the first time of a later day, or away for good."""
    if to is Move.NEVER:
        claim.follow_up_at = None
    elif to is Move.IN_TWO_HOURS:
        claim.follow_up_at = at + MOVES[to]
    else:
        day = (at + MOVES[to]).astimezone(ZoneInfo(agent.time_zone)).date()
        claim.follow_up_at = datetime.combine(day, agent.follow_up_first, ZoneInfo(agent.time_zone))
    claim.follow_ups = claim.follow_ups or 0
    touch(session, referral_id=claim.referral_id, at=at)


def _times(agent: Agent) -> tuple[time, time]:
    return agent.follow_up_first, agent.follow_up_second


def _is_over(claim: Claim, deal: Deal | None, at: datetime) -> bool:
    if claim.ended_at is not None or at >= claim.at + REACH_FOR:
        return True
    return deal is not None and deal.stage not in UNREACHED


def _next_look(claim: Claim, agent: Agent, deal: Deal | None, at: datetime) -> datetime | None:
    then = next_time(_times(agent), agent.time_zone, after=at)
    if deal is not None and deal.hold_until is not None:
        held = datetime.combine(deal.hold_until, agent.follow_up_first, ZoneInfo(agent.time_zone))
        then = max(then, held)
    return then if then < claim.at + REACH_FOR else None


def _is_needless(session: Session, claim: Claim, agent: Agent, deal: Deal | None, at: datetime) -> bool:
    """They have just had to do with each other, a call is booked anyway, or nothing is to be done yet."""
    if agent.paused_at is not None or open_booking(session, offer_id=claim.offer_id) is not None:
        return True
    if deal is None:
        return False
    on_hold = deal.hold_until is not None and deal.hold_until > at.astimezone(ZoneInfo(agent.time_zone)).date()
    return on_hold or (deal.contact_at is not None and at - deal.contact_at < CONTACT_IS_FRESH)
