"""What admins did about referrals, also what they undid: rows are kept."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database.columns import Id, Moment, reference, text_enum
from app.desk.rules import Action, Failure
from app.extensions import Model

LONGEST_WHY = 500


class DeskAction(Model):
    """One action on one referral. It takes effect at `due_at`, unless it is undone before."""

    __tablename__ = "desk_action"

    id: Mapped[Id]
    batch_id: Mapped[UUID]
    """Shared by what was done to many referrals at once."""
    referral_id: Mapped[UUID] = reference("referral.id")
    account_id: Mapped[UUID] = reference("account.id", index=False)
    action: Mapped[Action] = mapped_column(text_enum(Action))
    agent_id: Mapped[UUID | None] = reference("agent.id", index=False)
    call_at: Mapped[Moment | None]
    """The time of a call that is booked."""
    why: Mapped[str] = mapped_column(String(LONGEST_WHY))
    asked_at: Mapped[Moment]
    due_at: Mapped[Moment]
    undone_at: Mapped[Moment | None]
    done_at: Mapped[Moment | None]
    failed: Mapped[Failure | None] = mapped_column(text_enum(Failure))
    """Why it came to nothing."""

    __table_args__ = (
        Index("ix_desk_action_due", "due_at", postgresql_where="done_at IS NULL AND undone_at IS NULL"),
        Index("ix_desk_action_batch", "batch_id"),
        CheckConstraint("undone_at IS NULL OR done_at IS NULL", name="one_end"),
        CheckConstraint("failed IS NULL OR done_at IS NOT NULL", name="failed_is_over"),
    )
