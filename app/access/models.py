"""What lets somebody in: sign-in links, API keys, and the answers kept for an idempotency key."""

from uuid import UUID

from sqlalchemy import CheckConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.extensions import Model
from app.people.models import Account


class SignedIn(Model):
    """One browser that somebody is signed in on. Its cookie carries this row's id, signed.

    It ends when they sign out there, when the account's `session_key` changes, and by age.
    """

    __tablename__ = "signed_in"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id")
    session_key: Mapped[UUID]
    """The account's when they signed in."""
    device: Mapped[str] = mapped_column(String(60), server_default="", default="")
    """What its owner knows it by: `Safari on an iPhone`; empty for one from before it was kept."""
    created_at: Mapped[Moment] = mapped_column(default=now)
    ended_at: Mapped[Moment | None]


class SignInLink(Model):
    """One emailed link that signs an account in, once. The link is this row's id, signed."""

    __tablename__ = "sign_in_link"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id")
    next_path: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    session_key: Mapped[UUID | None]
    """The account's when it was made: once that changes, the link is worth nothing."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    account: Mapped[Account] = relationship()

    __table_args__ = (CheckConstraint("left(next_path, 1) = '/' AND left(next_path, 2) <> '//'", name="next_is_local"),)


class ApiKey(Model):
    """A key of the network's own software. Only its hash is kept."""

    __tablename__ = "api_key"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    revoked_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)


class IdempotentAnswer(Model):
    """What was answered to a POST that carried an Idempotency-Key, to be given again to the same request."""

    __tablename__ = "idempotent_answer"

    api_key_id: Mapped[UUID] = reference("api_key.id", primary_key=True, index=False)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    body: Mapped[str]
    created_at: Mapped[Moment] = mapped_column(default=now, server_default=text("now()"), index=True)
