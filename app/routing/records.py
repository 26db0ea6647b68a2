"""What each agent did in eight weeks, counted now and then: a wave reads one row an agent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from app.core.database.ids import first_id
from app.offers.models import Offer
from app.pipeline.stages import TALKED
from app.routing.models import AgentRecord
from app.routing.order import Record

COUNTED_OVER = timedelta(weeks=8)
COUNT_EVERY = timedelta(minutes=10)
COUNT = text("""
    WITH rung AS (
        SELECT agent_id,
               count(*) FILTER (WHERE status NOT IN ('failed', 'canceled')) AS rang,
               count(*) FILTER (WHERE status NOT IN ('failed', 'canceled')
                                  AND (answered_at IS NOT NULL OR status = 'lost')) AS answered
          FROM call
         WHERE id >= :first_id AND direction = 'outbound' AND dialing_at IS NOT NULL AND ended_at IS NOT NULL
         GROUP BY agent_id
    ), claimed AS (
        SELECT c.agent_id, count(*) AS claims, count(*) FILTER (WHERE d.stage = ANY(:talked)) AS talked,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.at - o.created_at)) AS claim_seconds
          FROM claim c
          JOIN offer o ON o.id = c.offer_id
          LEFT JOIN deal d ON d.referral_id = c.referral_id
         WHERE c.id >= :first_id AND c.via IN ('key', 'pin')
           AND NOT EXISTS (SELECT 1 FROM deal_event e WHERE e.referral_id = c.referral_id AND e.report IS NOT NULL)
         GROUP BY c.agent_id
    )
    INSERT INTO agent_record (agent_id, rang, answered, claims, talked, claim_seconds, counted_at)
    SELECT a.id, coalesce(r.rang, 0), coalesce(r.answered, 0), coalesce(c.claims, 0), coalesce(c.talked, 0),
           c.claim_seconds, :at
      FROM agent a LEFT JOIN rung r ON r.agent_id = a.id LEFT JOIN claimed c ON c.agent_id = a.id
     WHERE a.left_at IS NULL
    ON CONFLICT (agent_id) DO UPDATE
       SET rang = excluded.rang, answered = excluded.answered, claims = excluded.claims, talked = excluded.talked,
           claim_seconds = excluded.claim_seconds, counted_at = excluded.counted_at
""")
"""A call that was ours or the carrier's to fail says nothing of the agent, nor does a referral that was a bad one."""


@dataclass(frozen=True)
class Records:
    """Of some agents, and of the network as a whole."""

    own: Mapping[UUID, Record]
    network: Record


def records_of(session: Session, agent_ids: Sequence[UUID]) -> Records:
    """The records of these agents; all of them are in it."""
    rows = {row.agent_id: row for row in session.scalars(_rows(agent_ids))}
    last = (
        select(Offer.agent_id, func.max(Offer.created_at)).where(Offer.agent_id.in_(agent_ids)).group_by(Offer.agent_id)
    )
    offered = {row[0]: row[1] for row in session.execute(last)}
    own = {id_: _record(rows.get(id_), offered.get(id_)) for id_ in agent_ids}
    whole = session.execute(
        select(
            func.coalesce(func.sum(AgentRecord.rang), 0),
            func.coalesce(func.sum(AgentRecord.answered), 0),
            func.coalesce(func.sum(AgentRecord.claims), 0),
            func.coalesce(func.sum(AgentRecord.talked), 0),
            func.percentile_cont(0.5).within_group(AgentRecord.claim_seconds),
        )
    ).one()
    return Records(own, Record(*whole))


def count_records(session: Session, *, at: datetime) -> None:
    """Counts anew, unless that was done a short while ago."""
    last = session.scalar(select(func.max(AgentRecord.counted_at)))
    if last is None or at - last >= COUNT_EVERY:
        session.execute(
            COUNT, {"first_id": first_id(at - COUNTED_OVER), "talked": [stage.value for stage in TALKED], "at": at}
        )


def _rows(agent_ids: Sequence[UUID]) -> Select[AgentRecord]:
    return select(AgentRecord).where(AgentRecord.agent_id.in_(agent_ids))


def _record(row: AgentRecord | None, last_offer_at: datetime | None) -> Record:
    if row is None:
        return Record(last_offer_at=last_offer_at)
    return Record(row.rang, row.answered, row.claims, row.talked, row.claim_seconds, last_offer_at)
