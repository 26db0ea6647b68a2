"""A call: one attempt to reach an agent by phone for an offer, and what the carrier said of it."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.calls.reached import Outcome, Reached
from app.calls.rules import LIVE, WITH_CLIENT, CallStatus
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model
from app.offers.models import Offer


class Direction(StrEnum):
    """Who rang whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


_ONE_AT_A_TIME = ", ".join(f"'{state}'" for state in sorted(LIVE - {CallStatus.CANCELING}))
ONE_CALL_PER_CLIENT = "uq_call_one_live_per_client"
_WITH_CLIENT = ", ".join(f"'{state}'" for state in sorted(WITH_CLIENT))
_ENDED = ", ".join(f"'{state}'" for state in sorted(set(CallStatus) - LIVE))


class Call(Model):
    """The bridge to the client is part of the call that was accepted, from `client_phone` to `outcome`."""

    __tablename__ = "call"

    id: Mapped[Id]
    offer_id: Mapped[UUID] = reference("offer.id")
    agent_id: Mapped[UUID] = reference("agent.id", index=False)
    direction: Mapped[Direction] = mapped_column(text_enum(Direction), default=Direction.OUTBOUND)
    attempt: Mapped[int] = mapped_column(SmallInteger)
    phone: Mapped[str] = mapped_column(String(16))
    status: Mapped[CallStatus] = mapped_column(text_enum(CallStatus), default=CallStatus.REQUESTED)
    reason: Mapped[str | None] = mapped_column(String(60))
    sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    client_phone: Mapped[str | None] = mapped_column(String(16))
    """The client's phone, set once the gate has allowed this call to ring it."""
    client_sid: Mapped[str | None] = mapped_column(String(34))
    picked_up_at: Mapped[Moment | None]
    """When the client's phone was picked up, by a person or a machine."""
    heard: Mapped[Reached | None] = mapped_column(text_enum(Reached, name="heard"))
    """What the carrier's machine detection says."""
    client_seconds: Mapped[int | None]
    """How long the client's leg lasted."""
    reached: Mapped[Reached | None] = mapped_column(text_enum(Reached))
    """Who was reached: the agent's word, or what was heard and how long it lasted. None: nobody picked up."""
    outcome: Mapped[Outcome | None] = mapped_column(text_enum(Outcome))
    """What the agent says came of it."""
    outcome_at: Mapped[Moment | None]
    requested_at: Mapped[Moment] = mapped_column(default=now)
    dialing_at: Mapped[Moment | None]
    ring_deadline_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    accepted_at: Mapped[Moment | None]
    connected_at: Mapped[Moment | None]
    """Since when the agent and the client in person have been on the line; None unless a person was reached."""
    ended_at: Mapped[Moment | None]
    checked_at: Mapped[Moment | None]

    offer: Mapped[Offer] = relationship()

    __table_args__ = (
        # Two offers never ring one phone at once, and a call found at the carrier has one possible owner.
        Index(
            "uq_call_one_live_per_agent",
            "agent_id",
            unique=True,
            postgresql_where=f"status IN ({_ONE_AT_A_TIME}) AND direction = 'outbound'",
        ),
        # Nor do two calls ring one client.
        Index(
            ONE_CALL_PER_CLIENT,
            "client_phone",
            unique=True,
            postgresql_where=f"status IN ({_WITH_CLIENT})",
        ),
        Index("ix_call_unheard", "ended_at", postgresql_where="picked_up_at IS NOT NULL AND heard IS NULL"),
        Index("ix_call_live", "status", "requested_at", postgresql_where="ended_at IS NULL"),
        CheckConstraint(f"(status IN ({_ENDED})) = (ended_at IS NOT NULL)", name="ended_when_over"),
        CheckConstraint("status <> 'connected' OR connected_at IS NOT NULL", name="connected_has_time"),
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_is_e164"),
    )


class Pin(Model):
    """Six digits that claim an offer by a call to our number, as the key 1 does. Gone with the offer."""

    __tablename__ = "pin"

    id: Mapped[Id]
    offer_id: Mapped[UUID] = reference("offer.id", unique=True, index=False)
    digits: Mapped[str] = mapped_column(String(6), unique=True)
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (CheckConstraint("digits ~ '^[0-9]{6}$'", name="six_digits"),)


class CallEvent(Model):
    """A callback of the carrier, kept once: `key` is SID, event and sequence, or the carrier's own token."""

    __tablename__ = "call_event"

    id: Mapped[Id]
    call_id: Mapped[UUID] = reference("call.id")
    key: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(30))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("key"),)
