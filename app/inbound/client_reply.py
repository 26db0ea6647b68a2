"""What an agent answers a client by text, and whether the client has written first."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.extensions import Model
from app.notifications.inbound_sms import InboundText
from app.offers.models import Offer

LONGEST_REPLY = 120
"""Characters: with the agent's name it is one segment."""
ANSWERED_WITHIN = timedelta(hours=24)
"""A client who texts us may be answered for this long without further consent."""


class ClientReply(Model):
    """One answer. Its message is queued with it, at the same moment."""

    __tablename__ = "client_reply"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id", index=False)
    agent_id: Mapped[UUID] = reference("agent.id", index=False)
    body: Mapped[str] = mapped_column(String(LONGEST_REPLY))
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("referral_id", "at"),)


def wrote_lately(session: Session, *, referral_id: UUID, at: datetime) -> bool:
    """Whether the client has texted us about this referral recently enough to be answered."""
    theirs = exists().where(
        Offer.referral_id == referral_id,
        InboundText.offer_id == Offer.id,
        InboundText.agent_id.is_(None),
        InboundText.received_at > at - ANSWERED_WITHIN,
    )
    return bool(session.scalar(select(theirs)))
