"""Texts that came in to our number."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model


class Meaning(StrEnum):
    """What a text to our number asks for."""

    CALL = "call"
    DECLINE = "decline"
    STOP = "stop"
    START = "start"
    HELP = "help"
    UNCLEAR = "unclear"


class InboundText(Model):
    """One text, kept once however often the carrier tells of it. `agent_id` is None for a number nobody here has."""

    __tablename__ = "inbound_text"

    id: Mapped[Id]
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    phone: Mapped[str] = mapped_column(String(20))
    agent_id: Mapped[UUID | None] = reference("agent.id", index=False)
    offer_id: Mapped[UUID | None] = reference("offer.id")
    body: Mapped[str] = mapped_column(String(1600))
    meaning: Mapped[Meaning] = mapped_column(text_enum(Meaning))
    answer: Mapped[str | None] = mapped_column(String(320))
    """What we said to it; None: nothing."""
    received_at: Mapped[Moment] = mapped_column(default=now)
    deferred: Mapped[bool] = mapped_column("put_off", server_default=false(), default=False)
    """A STOP or START that could not be done in time: the sweeper does it."""

    __table_args__ = (
        Index("ix_inbound_text_agent_id_received_at", "agent_id", "received_at"),
        Index("ix_inbound_text_switch", "phone", "received_at", postgresql_where="meaning IN ('stop', 'start')"),
        Index("ix_inbound_text_put_off", "received_at", postgresql_where="put_off"),
    )
