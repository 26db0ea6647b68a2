"""The versions of a network's terms, and which agents have accepted which."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.extensions import Model


class TermsVersion(Model):
    """One version, with the text of its agreement; it is never changed. The newest holds."""

    __tablename__ = "terms"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(Integer, unique=True)
    agreement_number: Mapped[int] = mapped_column(Integer)
    """Of what is agreed to: the number of the first version that says the same."""
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    account_id: Mapped[UUID | None] = reference("account.id", index=False)
    """The admin who made it."""
    made_at: Mapped[Moment] = mapped_column(default=now)


class TermsAcceptance(Model):
    """An agent has accepted the agreement, in the words of this version."""

    __tablename__ = "terms_acceptance"

    agent_id: Mapped[UUID] = reference("agent.id", primary_key=True, index=False)
    agreement_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    terms_id: Mapped[UUID] = reference("terms.id", index=False)
    at: Mapped[Moment]
