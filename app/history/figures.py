"""How fast an agent answers, claims and gets to talk, beside their team: from rows, over eight weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.calls.models import Call, Direction
from app.calls.rules import CallStatus
from app.claims.models import Claim, Via
from app.offers.models import Offer
from app.people.models import Agent
from app.pipeline.models import Deal, DealEvent
from app.pipeline.stages import TALKED

Counted = Row[tuple[object, ...]]
WEEKS = 8
WEEK = timedelta(weeks=1)
NOT_THEIRS = frozenset({CallStatus.FAILED, CallStatus.CANCELED, CallStatus.LOST})
"""Ends of calls that say nothing of the agent: ours, the carrier's, or somebody else was first."""


@dataclass(frozen=True)
class Figure:
    """One figure; None while there is nothing to count."""

    value: float | None
    counted: int
    weeks: tuple[float | None, ...] = ()
    """The same for each week, oldest first."""


@dataclass(frozen=True)
class Figures:
    """Of one agent, or of a team. Seconds are medians; shares run from 0 to 1."""

    answer_seconds: Figure
    answered: Figure
    claim_seconds: Figure
    talked: Figure


def figures_of(session: Session, *, agent_ids: Sequence[UUID], at: datetime) -> Figures:
    """The figures of these agents together."""
    since = at - WEEKS * WEEK
    calls, claims = _calls(agent_ids, since), _claims(agent_ids, since)
    by_week = _weeks(session, calls, at), _weeks(session, claims, at)
    call, claim = session.execute(calls).one(), session.execute(claims).one()
    return Figures(
        answer_seconds=_figure(call.answer_seconds, call.answered, [row and row.answer_seconds for row in by_week[0]]),
        answered=_share(call, "answered", "counted", by_week[0]),
        claim_seconds=_figure(claim.claim_seconds, claim.counted, [row and row.claim_seconds for row in by_week[1]]),
        talked=_share(claim, "talked", "counted", by_week[1]),
    )


def team_of(session: Session, *, agent: Agent) -> list[UUID]:
    """The agent's team, with them in it."""
    if agent.team_id is None:
        return [agent.id]
    return list(session.scalars(select(Agent.id).where(Agent.team_id == agent.team_id, Agent.left_at.is_(None))))


def _calls(agent_ids: Sequence[UUID], since: datetime) -> Select[tuple[object, ...]]:
    """Calls that rang an agent: from the dialing until they picked up."""
    took = func.extract("epoch", Call.answered_at - Call.dialing_at)
    return select(
        func.count().label("counted"),
        func.count(Call.answered_at).label("answered"),
        func.percentile_cont(0.5).within_group(took).label("answer_seconds"),
    ).where(
        Call.agent_id.in_(agent_ids),
        Call.direction == Direction.OUTBOUND,
        Call.dialing_at >= since,
        Call.status.not_in(NOT_THEIRS),
    )


def _claims(agent_ids: Sequence[UUID], since: datetime) -> Select[tuple[object, ...]]:
    """Claims of offers that were good: none by handover or by an admin, none that its agent has reported."""
    took = func.extract("epoch", Claim.at - Offer.created_at)
    reported = select(DealEvent.id).where(DealEvent.referral_id == Claim.referral_id, DealEvent.report.is_not(None))
    return (
        select(
            func.count().label("counted"),
            func.count().filter(Deal.stage.in_(TALKED)).label("talked"),
            func.percentile_cont(0.5).within_group(took).label("claim_seconds"),
        )
        .join(Offer, Offer.id == Claim.offer_id)
        .outerjoin(Deal, Deal.referral_id == Claim.referral_id)
        .where(Claim.agent_id.in_(agent_ids), Claim.at >= since, Claim.via.in_((Via.KEY, Via.PIN)), ~reported.exists())
    )


def _weeks(session: Session, query: Select[tuple[object, ...]], at: datetime) -> list[Counted | None]:
    moment = Call.dialing_at if "answered" in query.selected_columns else Claim.at
    week = func.floor(func.extract("epoch", at - moment) / WEEK.total_seconds()).label("week")
    found = {int(row.week): row for row in session.execute(query.add_columns(week).group_by(week))}
    return [found.get(ago) for ago in reversed(range(WEEKS))]


def _figure(value: float | None, counted: int, weeks: Sequence[float | None]) -> Figure:
    return Figure(None if value is None else float(value), counted, tuple(w if w is None else float(w) for w in weeks))


def _share(row: Counted, part: str, whole: str, weeks: Sequence[Counted | None]) -> Figure:
    def share(of: Counted | None) -> float | None:
        return getattr(of, part) / getattr(of, whole) if of is not None and getattr(of, whole) else None

    return Figure(share(row), getattr(row, whole), tuple(share(week) for week in weeks))
