"""What an agent answers a client by text."""

from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.extensions import Model

LONGEST_REPLY = 120
"""Characters: with the agent's name it is one segment."""


class ClientReply(Model):
    """One answer. Its message is queued with it, at the same moment."""

    __tablename__ = "client_reply"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id", index=False)
    agent_id: Mapped[UUID] = reference("agent.id", index=False)
    body: Mapped[str] = mapped_column(String(LONGEST_REPLY))
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("referral_id", "at"),)
