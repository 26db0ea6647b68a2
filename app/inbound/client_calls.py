"""A client rings our number: their agent first, then the team at once, then the desk. The first key 1 takes it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import String, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.core.database.ids import new_id
from app.extensions import Model
from app.offers.models import Offer
from app.people.models import Agent
from app.pipeline.deals import note_talk

MOST_AT_ONCE = 10
"""Phones that one Dial may ring. https://www.twilio.com/docs/voice/twiml/number"""


class Step(StrEnum):
    """Who is rung, in this order."""

    AGENT = "agent"
    TEAM = "team"
    DESK = "desk"


class ClientCall(Model):
    """A client's call to our number about a referral that somebody has claimed."""

    __tablename__ = "client_call"

    id: Mapped[Id]
    offer_id: Mapped[UUID] = reference("offer.id")
    """The offer by which their agent has claimed."""
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    attested: Mapped[bool]
    """The carrier vouches for the number: it is really them."""
    taken_by: Mapped[UUID | None] = reference("agent.id", index=False)
    taken_at: Mapped[Moment | None]
    at: Mapped[Moment] = mapped_column(default=now)


def open_client_call(session: Session, *, offer_id: UUID, sid: str, attested: bool, at: datetime) -> ClientCall:
    """The row of this call; asked again, the same one."""
    row = {"id": new_id(), "offer_id": offer_id, "sid": sid, "attested": attested, "at": at}
    session.execute(insert(ClientCall).values(row).on_conflict_do_nothing())
    return session.scalars(select(ClientCall).where(ClientCall.sid == sid)).one()


def find_client_call(session: Session, *, sid: str) -> ClientCall | None:
    """The call with this SID."""
    return session.scalar(select(ClientCall).where(ClientCall.sid == sid))


def take_client_call(session: Session, *, call_id: UUID, agent_id: UUID, at: datetime) -> bool:
    """Takes the call for this agent, and returns whether it is theirs: the first key wins. Raises LockTimeout."""
    session.execute(
        update(ClientCall)
        .where(ClientCall.id == call_id, ClientCall.taken_at.is_(None))
        .values(taken_by=agent_id, taken_at=at)
        .execution_options(synchronize_session=False)
    )
    call = session.get_one(ClientCall, call_id, populate_existing=True)
    offer = session.get_one(Offer, call.offer_id)
    if call.taken_by == agent_id == offer.agent_id:
        note_talk(session, referral_id=offer.referral_id, at=at)
    return call.taken_by == agent_id


def colleagues(session: Session, *, offer: Offer) -> Sequence[Agent]:
    """The others in the agent's team who can be rung."""
    if offer.agent.team_id is None:
        return []
    query = select(Agent).where(
        Agent.team_id == offer.agent.team_id,
        Agent.id != offer.agent_id,
        Agent.paused_at.is_(None),
        Agent.left_at.is_(None),
    )
    return session.scalars(query.order_by(Agent.id).limit(MOST_AT_ONCE)).all()
