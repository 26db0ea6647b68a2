"""Claims that were won, and those that came too late."""

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Numeric, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model


class Via(StrEnum):
    """How an agent claimed."""

    KEY = "key"
    PIN = "pin"
    HANDOVER = "handover"
    """A teammate handed it over."""
    DESK = "desk"
    """An admin gave it to them."""


class ClaimEnd(StrEnum):
    """Why an agent has a referral no more."""

    RELEASED = "released"
    HANDED_OVER = "handed_over"
    BY_DESK = "by_desk"
    """An admin gave it to another, or closed it."""
    NOT_WORKED = "not_worked"
    """The client heard nothing from them for longer than the network allows."""


FIRST_LOOK = timedelta(hours=2)
"""How long after the claim the first reminder is planned: until then they are at it."""
FIRST_CHECK = timedelta(hours=1)
"""How long after the claim it is first looked whether its agent is at work with the client."""


class Claim(Model):
    """This agent has this referral, from `at` until `ended_at`, if ever."""

    __tablename__ = "claim"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id")
    offer_id: Mapped[UUID] = reference("offer.id", index=False)
    agent_id: Mapped[UUID] = reference("agent.id", index=False)
    via: Mapped[Via] = mapped_column(text_enum(Via))
    at: Mapped[Moment]
    follow_up_at: Mapped[Moment | None]
    """When to look next whether the agent is to be reminded; None: no more."""
    follow_ups: Mapped[int | None] = mapped_column(SmallInteger)
    """How many reminders have gone out; None: none has been planned yet."""
    check_at: Mapped[Moment | None]
    """When to look next whether its agent is at work with the client; None: no more."""
    warnings: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """How often they have been told since they last did something that the client will go to another agent."""
    terms_id: Mapped[UUID | None] = reference("terms.id", index=False)
    """The terms that held; None: the network had set none."""
    fee_percent: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    """Of the commission, as the terms have it for a home of about the price that the referral gives."""
    ended_at: Mapped[Moment | None]
    ended_how: Mapped[ClaimEnd | None] = mapped_column(text_enum(ClaimEnd))
    end_words: Mapped[str | None] = mapped_column(String(500))
    """Why, in the agent's words."""

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_how"),
        UniqueConstraint("offer_id"),
        Index("ix_claim_follow_up", "follow_up_at", postgresql_where="follow_up_at IS NOT NULL"),
        Index("ix_claim_check", "check_at", postgresql_where="check_at IS NOT NULL"),
        Index("ix_claim_agent", "agent_id", "id"),
        Index("uq_claim_one_standing", "referral_id", unique=True, postgresql_where="ended_at IS NULL"),
    )


class LateClaim(Model):
    """Somebody pressed 1 after the referral was gone: by how much the winner was ahead, in milliseconds."""

    __tablename__ = "late_claim"

    id: Mapped[Id]
    offer_id: Mapped[UUID] = reference("offer.id", unique=True, index=False)
    at: Mapped[Moment]
    behind_ms: Mapped[int] = mapped_column(Integer)
