"""The channels of an agent: what they want, when they want peace, what has died; and the browsers that take push."""

from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Time, true
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model
from app.notifications.channels.rules import Channel, OffReason, SubscriptionEnd


class AgentChannel(Model):
    """One channel of one agent. No row: wanted, at any hour, and it works as far as anybody knows.

    `off_at` is set by what happened (a STOP, a bounce); `wanted` and the quiet hours by the agent. Quiet hours are in
    the agent's own zone and may span midnight.
    """

    __tablename__ = "agent_channel"

    agent_id: Mapped[UUID] = reference("agent.id", primary_key=True, index=False)
    channel: Mapped[Channel] = mapped_column(text_enum(Channel), primary_key=True)
    wanted: Mapped[bool] = mapped_column(server_default=true(), default=True)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    off_at: Mapped[Moment | None]
    off_reason: Mapped[OffReason | None] = mapped_column(text_enum(OffReason))
    off_code: Mapped[str | None] = mapped_column(String(60))
    """What the provider said, if it was the provider."""

    __table_args__ = (
        CheckConstraint("channel <> 'voice'", name="channel_carries_messages"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_from_until"),
        CheckConstraint("quiet_from <> quiet_until", name="quiet_ends"),
        CheckConstraint("(off_at IS NULL) = (off_reason IS NULL)", name="off_has_reason"),
        CheckConstraint("off_code IS NULL OR off_at IS NOT NULL", name="code_when_off"),
    )


class PushSubscription(Model):
    """A browser that takes push messages for an account, until it is gone. A browser has one account at a time."""

    __tablename__ = "push_subscription"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id")
    endpoint: Mapped[str] = mapped_column(String(1000))
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    device: Mapped[str] = mapped_column(String(60))
    """What its owner knows it by: "Chrome on Android"."""
    created_at: Mapped[Moment] = mapped_column(default=now)
    seen_at: Mapped[Moment] = mapped_column(default=now)
    ended_at: Mapped[Moment | None]
    end_reason: Mapped[SubscriptionEnd | None] = mapped_column(text_enum(SubscriptionEnd))

    __table_args__ = (
        Index("uq_push_subscription_live", "endpoint", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_push_subscription_gone", "endpoint", postgresql_where="end_reason = 'gone'"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
    )
