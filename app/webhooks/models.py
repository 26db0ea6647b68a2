"""The endpoints of the network's software, the events, and the deliveries of each event to each endpoint."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.config.webhook_hosts import LONGEST
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model
from app.webhooks.rules import DeliveryStatus


class OffReason(StrEnum):
    """Why nothing is sent to an endpoint."""

    ADMIN = "admin"
    FAILING = "failing"
    GONE = "gone"
    """It answered 410."""


class Endpoint(Model):
    """An address of the network's software. While it is off, its events wait."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[Id]
    url: Mapped[str] = mapped_column(String(LONGEST))
    topics: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    secret: Mapped[str] = mapped_column(Text)
    """Sealed."""
    old_secret: Mapped[str | None] = mapped_column(Text)
    """Sealed. Requests are signed with it, too, until `old_secret_until`."""
    old_secret_until: Mapped[Moment | None]
    failing_since: Mapped[Moment | None]
    """Since when every attempt has failed."""
    told_at: Mapped[Moment | None]
    """When the admins were told."""
    off_at: Mapped[Moment | None]
    off_reason: Mapped[OffReason | None] = mapped_column(text_enum(OffReason))
    removed_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (CheckConstraint("(off_at IS NULL) = (off_reason IS NULL)", name="off_for_a_reason"),)


class Event(Model):
    """Something that happened. `data` holds ids and states, and nothing about a person."""

    __tablename__ = "webhook_event"

    id: Mapped[Id]
    type: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[Moment] = mapped_column(default=now)


class Delivery(Model):
    """One event to one endpoint. The row is the outbox."""

    __tablename__ = "webhook_delivery"

    id: Mapped[Id]
    event_id: Mapped[UUID] = reference("webhook_event.id", index=False)
    endpoint_id: Mapped[UUID] = reference("webhook_endpoint.id", index=False)
    status: Mapped[DeliveryStatus] = mapped_column(text_enum(DeliveryStatus), default=DeliveryStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Since it was queued, or queued again by an admin."""
    due_at: Mapped[Moment] = mapped_column(default=now)
    taken_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    answer: Mapped[str | None] = mapped_column(String(60))
    """Of the last attempt: the HTTP status, or why there was none."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    event: Mapped[Event] = relationship(lazy="raise")
    endpoint: Mapped[Endpoint] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        Index("ix_webhook_delivery_endpoint", "endpoint_id", "id"),
        Index("ix_webhook_delivery_due", "endpoint_id", "due_at", postgresql_where="status = 'queued'"),
        Index("ix_webhook_delivery_taken", "endpoint_id", "taken_at", postgresql_where="status = 'sending'"),
        Index("ix_webhook_delivery_failed", "endpoint_id", "id", postgresql_where="status = 'failed'"),
        CheckConstraint("(status IN ('queued', 'sending')) = (ended_at IS NULL)", name="ended_when_over"),
    )
