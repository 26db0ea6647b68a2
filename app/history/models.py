"""Who changed what: a row for each change of an agent, team, account or API key, and for each referral sent."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import ApiKey
from app.core.actor import Via
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model
from app.people.models import Account


class Change(Model):
    """`before` is NULL for a row that was made. Values are as the columns hold them, or as text."""

    __tablename__ = "change"

    id: Mapped[Id]
    at: Mapped[Moment] = mapped_column(default=now)
    via: Mapped[Via] = mapped_column(text_enum(Via))
    account_id: Mapped[UUID | None] = reference("account.id", index=False)
    api_key_id: Mapped[UUID | None] = reference("api_key.id", index=False)
    noun: Mapped[str] = mapped_column(String(20))
    """The table of the row that was changed."""
    row_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)

    account: Mapped[Account | None] = relationship(foreign_keys=account_id)
    api_key: Mapped[ApiKey | None] = relationship()

    __table_args__ = (Index("ix_change_row_id", "row_id", "id"),)
