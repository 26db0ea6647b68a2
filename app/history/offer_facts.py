"""One row for each offer with all that figures ask about: kept up by the sweeper, so that figures read one table."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Float, Index, Integer, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.calls.reached import Reached
from app.core.database.columns import Moment, reference
from app.core.database.ids import first_id
from app.extensions import Model
from app.history.figures import NOT_THEIRS

EVERY = timedelta(minutes=5)
YOUNG = timedelta(days=3)
"""Younger offers may still change, and are counted again each time; older ones are counted once."""
PAST = timedelta(days=400)
AT_ONCE = 20_000


class OfferFact(Model):
    """What became of one offer. `city` to `source` are its referral's, `team_id` is its agent's of the time."""

    __tablename__ = "offer_fact"

    offer_id: Mapped[UUID] = reference("offer.id", primary_key=True, index=False)
    referral_id: Mapped[UUID]
    agent_id: Mapped[UUID]
    team_id: Mapped[UUID | None]
    came_at: Mapped[Moment]
    time_zone: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(80))
    source: Mapped[str | None] = mapped_column(String(80))
    channel: Mapped[str | None] = mapped_column(String(10))
    """The channel of the first message that went out; None: no message did."""
    looked: Mapped[bool]
    rang: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    claimed: Mapped[bool]
    claim_seconds: Mapped[float | None] = mapped_column(Float)
    """From the offer to the claim."""
    talked: Mapped[bool]
    bad: Mapped[bool]
    """Its agent has reported the referral."""
    ours: Mapped[bool]
    """A call for it could not be placed, by no fault of its agent."""
    counted_at: Mapped[Moment]

    __table_args__ = (Index("ix_offer_fact_came_at", "came_at"), Index("ix_offer_fact_agent", "agent_id", "came_at"))


_ENDS = ", ".join(f"'{status}'" for status in sorted(NOT_THEIRS))
COUNT = text(
    """
INSERT INTO offer_fact
SELECT o.id, o.referral_id, o.agent_id, a.team_id, o.created_at, r.time_zone, r.state, r.city, r.source,
       (SELECT n.channel FROM notification n
         WHERE n.offer_id = o.id AND n.kind = 'offer' AND n.sent_at IS NOT NULL ORDER BY n.sent_at LIMIT 1),
       EXISTS (SELECT 1 FROM offer_look l WHERE l.offer_id = o.id),
       coalesce(c.rang, 0), coalesce(c.answered, 0),
       k.id IS NOT NULL, extract(epoch FROM k.at - o.created_at), coalesce(c.talked, false),
       EXISTS (SELECT 1 FROM deal_event e WHERE e.referral_id = o.referral_id AND e.agent_id = o.agent_id
                  AND e.report IS NOT NULL),
       coalesce(c.failed, false), :at
  FROM offer o
  JOIN referral r ON r.id = o.referral_id
  JOIN agent a ON a.id = o.agent_id
  LEFT JOIN claim k ON k.offer_id = o.id AND k.via IN ('key', 'pin')
  LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE status NOT IN (ENDS)) AS rang,
               count(*) FILTER (WHERE status NOT IN (ENDS) AND answered_at IS NOT NULL) AS answered,
               bool_or(status = 'failed') AS failed, bool_or(reached = 'PERSON') AS talked
          FROM call WHERE call.offer_id = o.id AND direction = 'outbound') c ON true
 WHERE o.id >= :since AND (o.id >= :young OR NOT EXISTS (SELECT 1 FROM offer_fact f WHERE f.offer_id = o.id))
 ORDER BY o.id DESC LIMIT :most
ON CONFLICT (offer_id) DO UPDATE SET
       team_id = EXCLUDED.team_id, channel = EXCLUDED.channel, looked = EXCLUDED.looked, rang = EXCLUDED.rang,
       answered = EXCLUDED.answered, claimed = EXCLUDED.claimed, claim_seconds = EXCLUDED.claim_seconds,
       talked = EXCLUDED.talked, bad = EXCLUDED.bad, ours = EXCLUDED.ours, counted_at = EXCLUDED.counted_at
""".replace("ENDS", _ENDS).replace("PERSON", Reached.PERSON)
)


def count_facts(session: Session, *, at: datetime) -> None:
    """Brings the rows up to date, if that has not been done for five minutes."""
    last = session.scalar(
        text("SELECT max(counted_at) FROM offer_fact WHERE came_at > :lately"), {"lately": at - YOUNG}
    )
    if last is not None and at - last < EVERY:
        return
    ids = {"since": first_id(at - PAST), "young": first_id(at - YOUNG)}
    session.execute(COUNT, {**ids, "at": at, "most": AT_ONCE})
