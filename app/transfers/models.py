"""Live transfers: rows are kept."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.clients.gate import Refusal
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model
from app.transfers.rules import CODE_DIGITS, End, TransferStatus


class Transfer(Model):
    """One adviser with one client, waiting for an agent. At most one of a referral is going on."""

    __tablename__ = "transfer"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id")
    account_id: Mapped[UUID] = reference("account.id", index=False)
    """The admin who asked for it."""
    phone: Mapped[str] = mapped_column(String(16))
    """The adviser's."""
    code: Mapped[str | None] = mapped_column(String(CODE_DIGITS))
    """What the adviser types on that phone; None where we ring it."""
    status: Mapped[TransferStatus] = mapped_column(text_enum(TransferStatus))
    client_here: Mapped[bool] = mapped_column(default=False)
    """The client is on the adviser's own line: we ring only agents."""
    adviser_sid: Mapped[str | None] = mapped_column(String(34))
    client_sid: Mapped[str | None] = mapped_column(String(34))
    call_id: Mapped[UUID | None] = reference("call.id", index=False)
    """The call of the agent who claimed."""
    rung: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How many agents were rung, last time."""
    asked_at: Mapped[Moment]
    adviser_dialed_at: Mapped[Moment | None]
    client_dialed_at: Mapped[Moment | None]
    client_at: Mapped[Moment | None]
    """Since when the client has been on the line."""
    ring_until: Mapped[Moment | None]
    told_at: Mapped[Moment | None]
    """When the adviser, or a client left alone, was told that nobody took it."""
    claimed_at: Mapped[Moment | None]
    adviser_left_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    """When everybody still on the line had been told, or cut off."""
    ended_how: Mapped[End | None] = mapped_column(text_enum(End))
    refusal: Mapped[Refusal | None] = mapped_column(text_enum(Refusal))
    """Why the gate refused to ring the client."""

    __table_args__ = (
        Index("uq_transfer_live", "referral_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_transfer_live", "status", postgresql_where="closed_at IS NULL"),
        CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended_when_over"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_somehow"),
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_is_e164"),
    )

    @property
    def room(self) -> str:
        """What the carrier calls the conference: nobody can be told from it."""
        return f"transfer-{self.id}"
