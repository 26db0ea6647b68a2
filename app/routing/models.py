"""The versions of a network's rules, which referrals they have routed, and what they said of each agent."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, Integer, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.extensions import Model


class RulesVersion(Model):
    """One version; it is never changed. The newest routes what comes in."""

    __tablename__ = "routing_rules"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(Integer, unique=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    account_id: Mapped[UUID | None] = reference("account.id", index=False)
    """The admin who made it; NULL: the defaults, as they were when the first referral was routed."""
    made_at: Mapped[Moment] = mapped_column(default=now)


class Routed(Model):
    """A referral that is routed, from its first wave on: by which version, and with which lots."""

    __tablename__ = "routed"

    referral_id: Mapped[UUID] = reference("referral.id", primary_key=True, index=False)
    rules_id: Mapped[UUID] = reference("routing_rules.id", index=False)
    seed: Mapped[int] = mapped_column(Integer)
    waves: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    """How many have gone out."""
    pooled_at: Mapped[Moment | None]
    """When everybody else was asked."""
    at: Mapped[Moment] = mapped_column(default=now)


class Verdict(Model):
    """What the rules said of one agent as a wave was put together, with the values they saw."""

    __tablename__ = "routing_verdict"

    referral_id: Mapped[UUID] = reference("referral.id", primary_key=True, index=False)
    wave: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    """As of its offers."""
    agent_id: Mapped[UUID] = reference("agent.id", primary_key=True, index=False)
    is_eligible: Mapped[bool]
    is_asked: Mapped[bool]
    """Whether they are in the wave."""
    place: Mapped[int | None] = mapped_column(SmallInteger)
    """Among those who fit, from 1."""
    score: Mapped[float | None] = mapped_column(Float)
    parts: Mapped[dict[str, float] | None] = mapped_column(JSONB)
    """Of the score, by name."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("is_eligible = (place IS NOT NULL) AND is_eligible = (score IS NOT NULL)", name="placed"),
        CheckConstraint("is_asked <= is_eligible", name="nobody_else_is_asked"),
        Index("ix_routing_verdict_agent", "agent_id", "referral_id"),
    )


class AgentRecord(Model):
    """What an agent did in the last eight weeks: kept up by the sweeper, for the order of waves."""

    __tablename__ = "agent_record"

    agent_id: Mapped[UUID] = reference("agent.id", primary_key=True, index=False)
    rang: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    claims: Mapped[int] = mapped_column(Integer)
    talked: Mapped[int] = mapped_column(Integer)
    claim_seconds: Mapped[float | None] = mapped_column(Float)
    counted_at: Mapped[Moment]
