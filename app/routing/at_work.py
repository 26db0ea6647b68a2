"""Whether the agent of a claim is at work with the client: what they last said or did, and what follows if nothing."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bookings.models import open_booking
from app.calls.models import Call
from app.claims.models import Claim
from app.people.models import Agent
from app.pipeline.deals import deal_of, report_of
from app.pipeline.models import Deal, Handover
from app.pipeline.stages import UNREACHED
from app.routing.patience import Check, Step, check, goes_on_at
from app.routing.versions import rules_of


def judge_work(session: Session, claim: Claim, at: datetime) -> Check:
    """What is to be done about this claim now."""
    hours = rules_of(session, claim.referral_id).work_within_hours
    deal = deal_of(session, claim.referral_id)
    if hours is None or claim.ended_at is not None or _is_reported(session, claim):
        return Check(Step.WAIT, 0, None)
    within = timedelta(hours=hours)
    if deal is not None and deal.stage not in UNREACHED:  # a call's word for it may be corrected yet
        return Check(Step.WAIT, 0, at + within if deal.stage_by_call else None)
    last_word, planned = _last_word(session, claim, deal), claim.check_at or at
    return check(within=within, last_word=last_word, warnings=claim.warnings, planned=planned, at=at)


def _last_word(session: Session, claim: Claim, deal: Deal | None) -> datetime:
    """When the agent last did or said something about the client, or had to do with them; or will, as planned."""
    agent = session.get_one(Agent, claim.agent_id)
    calls = select(func.max(func.greatest(Call.requested_at, Call.outcome_at))).where(Call.offer_id == claim.offer_id)
    handed = select(func.max(Handover.asked_at)).where(
        Handover.referral_id == claim.referral_id, Handover.from_agent_id == claim.agent_id
    )
    booking = open_booking(session, offer_id=claim.offer_id)
    moments: list[datetime | None] = [
        claim.at,
        session.scalar(calls),
        session.scalar(handed),
        booking.due_at if booking is not None else None,
        deal.touched_at if deal is not None else None,
    ]
    if deal is not None and deal.hold_until is not None:
        moments.append(datetime.combine(deal.hold_until, time(), ZoneInfo(agent.time_zone)))
    return max(moment for moment in moments if moment is not None)


def _is_reported(session: Session, claim: Claim) -> bool:
    """The admins have it in hand: it is a wrong number, or nobody's client."""
    return report_of(session, referral_id=claim.referral_id, agent_id=claim.agent_id) is not None


def goes_on(session: Session, claim: Claim, at: datetime) -> datetime | None:
    """When the client goes to another agent unless this one does something; None: they have not been warned of it."""
    hours = rules_of(session, claim.referral_id).work_within_hours
    if hours is None or claim.check_at is None or not claim.warnings or not judge_work(session, claim, at).warnings:
        return None
    return goes_on_at(within=timedelta(hours=hours), warnings=claim.warnings, check_at=claim.check_at)
