"""The deal that a claimed referral is to its agent, what happened to it, and the agent's notes."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.core.database.transitions import Transitions
from app.extensions import Model
from app.pipeline.stages import Stage

LONGEST_NOTE = 4000
LONGEST_REASON = 500


class Report(StrEnum):
    """What is wrong with a referral, in its agent's eyes."""

    WRONG_NUMBER = "wrong_number"
    ALREADY_MINE = "already_mine"
    FAKE = "fake"


class EventKind(StrEnum):
    """What happened to a deal."""

    STAGE = "stage"
    HOLD = "hold"
    REPORT = "report"


class HandoverStatus(StrEnum):
    """`asked` -> one of the others."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Taken back, or the agent had the referral no more."""


HANDOVER_MOVES: Transitions[HandoverStatus] = Transitions(
    {
        HandoverStatus.ASKED: frozenset(HandoverStatus) - {HandoverStatus.ASKED},
        HandoverStatus.ACCEPTED: frozenset(),
        HandoverStatus.REFUSED: frozenset(),
        HandoverStatus.WITHDRAWN: frozenset(),
    }
)


class Deal(Model):
    """Where a claimed referral stands. It has no row until something happens to it."""

    __tablename__ = "deal"

    referral_id: Mapped[UUID] = reference("referral.id", primary_key=True, index=False)
    stage: Mapped[Stage | None] = mapped_column(text_enum(Stage))
    stage_at: Mapped[Moment | None]
    stage_by_call: Mapped[bool] = mapped_column(default=False)
    """A call moved it to its stage, and a better word about that call may move it back."""
    hold_until: Mapped[date | None] = mapped_column(Date)
    """Until this day, the agent's own, nothing is to be done."""
    contact_at: Mapped[Moment | None]
    """When agent and client last had to do with each other: a call that was picked up, a text."""
    touched_at: Mapped[Moment] = mapped_column(default=now)
    """When anything was last done."""

    __table_args__ = (CheckConstraint("(stage IS NULL) = (stage_at IS NULL)", name="stage_has_time"),)


class DealEvent(Model):
    """One thing that happened to a deal; `agent_id` is NULL for a stage that a call brought."""

    __tablename__ = "deal_event"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id", index=False)
    agent_id: Mapped[UUID | None] = reference("agent.id", index=False)
    kind: Mapped[EventKind] = mapped_column(text_enum(EventKind))
    stage: Mapped[Stage | None] = mapped_column(text_enum(Stage))
    until: Mapped[date | None] = mapped_column(Date)
    """Of a hold; NULL: it was lifted."""
    report: Mapped[Report | None] = mapped_column(text_enum(Report))
    words: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        Index("ix_deal_event_referral", "referral_id", "id"),
        Index("uq_deal_event_report", "referral_id", "agent_id", unique=True, postgresql_where="report IS NOT NULL"),
        CheckConstraint("(kind = 'report') = (report IS NOT NULL)", name="report_named"),
    )


class Handover(Model):
    """An agent wants to hand a client over to a teammate."""

    __tablename__ = "handover"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id", index=False)
    from_agent_id: Mapped[UUID] = reference("agent.id", index=False)
    to_agent_id: Mapped[UUID] = reference("agent.id", index=False)
    status: Mapped[HandoverStatus] = mapped_column(text_enum(HandoverStatus), default=HandoverStatus.ASKED)
    words: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    asked_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]

    __table_args__ = (
        Index("ix_handover_referral", "referral_id", "id"),
        Index("uq_handover_one_open", "referral_id", unique=True, postgresql_where="status = 'asked'"),
        Index("ix_handover_to", "to_agent_id", postgresql_where="status = 'asked'"),
        CheckConstraint("(status = 'asked') = (ended_at IS NULL)", name="ended_when_over"),
    )


class Note(Model):
    """What an agent wrote down about a client. Its id is chosen by the page, so that saving twice is one note."""

    __tablename__ = "note"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id", index=False)
    agent_id: Mapped[UUID] = reference("agent.id", index=False)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment] = mapped_column(default=now)
    edited_at: Mapped[Moment | None]

    __table_args__ = (Index("ix_note_referral", "referral_id", "id"),)
