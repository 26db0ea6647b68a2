"""A change of number: a phone that was typed on an offer's page, and what became of it."""

from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.extensions import Model


class NumberChange(Model):
    """`code` is gone once it is proven or void. `confirmed_at` is when the phone became the agent's own.

    `offer_id` is the offer whose link was used: a code proves the phone, not the person, so that is the offer the phone
    serves. `old_phone` was the agent's own then: it is told, and it is what a revert goes back to.
    """

    __tablename__ = "number_change"

    id: Mapped[Id]
    agent_id: Mapped[UUID] = reference("agent.id")
    offer_id: Mapped[UUID] = reference("offer.id")
    old_phone: Mapped[str] = mapped_column(String(16))
    new_phone: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(6))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Wrong codes so far."""
    sent_at: Mapped[Moment]
    """When the code last went out by SMS."""
    called_at: Mapped[Moment | None]
    """When it was last read out by a call."""
    expires_at: Mapped[Moment]
    proven_at: Mapped[Moment | None]
    confirmed_at: Mapped[Moment | None]
    reverted_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("old_phone ~ '^\\+[1-9][0-9]{6,14}$'", name="old_phone_is_e164"),
        CheckConstraint("new_phone ~ '^\\+[1-9][0-9]{6,14}$'", name="new_phone_is_e164"),
        CheckConstraint("new_phone <> old_phone", name="changes_something"),
        CheckConstraint("code ~ '^[0-9]{6}$'", name="six_digits"),
        CheckConstraint("code IS NULL OR proven_at IS NULL", name="code_is_forgotten"),
        CheckConstraint(
            "proven_at IS NOT NULL OR (confirmed_at IS NULL AND reverted_at IS NULL)", name="proven_before_the_rest"
        ),
    )
