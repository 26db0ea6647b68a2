"""An offer: one referral shown to one agent, with its own signed link."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model
from app.offers.rules import DeclineReason, OfferStatus
from app.people.models import Agent
from app.referrals.models import Referral


class Offer(Model):
    """The offers of one referral with the same `wave` went out together."""

    __tablename__ = "offer"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id", index=False)
    agent_id: Mapped[UUID] = reference("agent.id", index=False)
    wave: Mapped[int] = mapped_column(SmallInteger, default=1)
    status: Mapped[OfferStatus] = mapped_column(text_enum(OfferStatus), default=OfferStatus.SENT)
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    decline_at: Mapped[Moment | None]
    """When a decline takes effect; until then it can be undone."""
    decline_reason: Mapped[DeclineReason | None] = mapped_column(text_enum(DeclineReason))
    decline_words: Mapped[str | None] = mapped_column(String(500))
    phone: Mapped[str | None] = mapped_column(String(16))
    """The phone that serves this offer only; None: the agent's own."""
    phone_at: Mapped[Moment | None]
    """Since when another phone is rung than before: calls from before that are history."""
    letter: Mapped[str] = mapped_column(String(1), server_default="A", default="A")
    """Tells this offer from the others the agent has open, in texts."""
    ring_at: Mapped[Moment | None]
    """When its agent is to be rung without having asked; None: not, or not any more."""
    rings: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    """How often they have been."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    referral: Mapped[Referral] = relationship()
    agent: Mapped[Agent] = relationship()

    __table_args__ = (
        UniqueConstraint("referral_id", "agent_id", "wave"),
        # The last line of defence: should the row lock ever be missed, the second claim fails loudly.
        Index(
            "uq_offer_one_claimed",
            "referral_id",
            unique=True,
            postgresql_where="status = 'claimed'",
        ),
        Index("ix_offer_agent", "agent_id", "id"),
        Index("ix_offer_open", "agent_id", "expires_at", postgresql_where="status = 'sent'"),
        Index("ix_offer_expiring", "expires_at", postgresql_where="status = 'sent'"),
        CheckConstraint("(status = 'sent') = (ended_at IS NULL)", name="ended_when_over"),
        Index("ix_offer_ring", "ring_at", postgresql_where="status = 'sent' AND ring_at IS NOT NULL"),
        Index("ix_offer_declining", "decline_at", postgresql_where="status = 'sent' AND decline_at IS NOT NULL"),
        CheckConstraint("(decline_reason IS NULL) = (decline_at IS NULL)", name="reason_when_declined"),
        CheckConstraint("status <> 'declined' OR decline_at IS NOT NULL", name="declined_has_time"),
        Index("ix_offer_phone", "phone", postgresql_where="phone IS NOT NULL"),
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_is_e164"),
        CheckConstraint("letter ~ '^[A-Z]$'", name="letter_is_one"),
        CheckConstraint("phone IS NULL OR phone_at IS NOT NULL", name="phone_has_time"),
    )


class OfferLook(Model):
    """When an offer's page was first looked at: a row of its own, so that looking holds up no claim."""

    __tablename__ = "offer_look"

    offer_id: Mapped[UUID] = reference("offer.id", primary_key=True, index=False)
    at: Mapped[Moment]
