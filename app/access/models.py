"""What lets somebody in: sign-in links, API keys, and the answers kept for an idempotency key."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, String, text
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
    proven_at: Mapped[Moment | None]
    """When a second factor was given in it: a passkey, a code of an authenticator app, a recovery code."""


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


class Passkey(Model):
    """A key in somebody's device that signs them in. Only its public half is here.

    Good while the account's `session_key` is what it was then.
    """

    __tablename__ = "passkey"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id")
    session_key: Mapped[UUID]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    """What the device calls it."""
    public_key: Mapped[bytes]
    """COSE."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """How often the device says it has signed; 0 for the many that do not count."""
    device: Mapped[str] = mapped_column(String(60))
    """What its owner knows it by: the browser in which it was made."""
    answered_at: Mapped[Moment]
    """When the newest challenge was made that it has answered: an older one is no news."""
    created_at: Mapped[Moment] = mapped_column(default=now)
    used_at: Mapped[Moment | None]


class Authenticator(Model):
    """The authenticator app of an account: a second factor."""

    __tablename__ = "authenticator"

    account_id: Mapped[UUID] = reference("account.id", primary_key=True, index=False)
    secret: Mapped[str] = mapped_column(String(200))
    """Sealed: who reads the database cannot make codes of it."""
    used_step: Mapped[int] = mapped_column(BigInteger)
    """The time step of the newest code that was taken: none is taken twice."""
    created_at: Mapped[Moment] = mapped_column(default=now)


class RecoveryCode(Model):
    """A one-time code for somebody who has lost their other second factors. Only its hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id")
    salt: Mapped[bytes]
    code_hash: Mapped[bytes]
    used_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)


class Invitation(Model):
    """A link to join, made by a lead or an admin; its token is this row's id, signed.

    Anyone may use it until it ends.
    """

    __tablename__ = "invitation"

    id: Mapped[Id]
    team_id: Mapped[UUID | None] = reference("team.id")
    """The team to join; None for agents without a team."""
    agent_id: Mapped[UUID | None] = reference("agent.id", index=False)
    """The lead who made it; None if an admin did."""
    account_id: Mapped[UUID | None] = reference("account.id", index=False)
    """The admin who made it; None if a lead did."""
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("(agent_id IS NULL) <> (account_id IS NULL)", name="one_inviter"),
        CheckConstraint("agent_id IS NULL OR team_id IS NOT NULL", name="a_lead_has_a_team"),
    )


class JoinRequest(Model):
    """A request to join, sent through an invitation. The form requires consent to texts."""

    __tablename__ = "join_request"

    id: Mapped[Id]
    invitation_id: Mapped[UUID] = reference("invitation.id")
    team_id: Mapped[UUID | None] = reference("team.id")
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(16))
    time_zone: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    takes_buyers: Mapped[bool]
    takes_sellers: Mapped[bool]
    created_at: Mapped[Moment] = mapped_column(default=now)
    decided_at: Mapped[Moment | None]
    agent_id: Mapped[UUID | None] = reference("agent.id")
    """Who they are since they were let in; None once decided: they were not."""

    __table_args__ = (
        CheckConstraint("takes_buyers OR takes_sellers", name="takes_something"),
        CheckConstraint("agent_id IS NULL OR decided_at IS NOT NULL", name="let_in_is_decided"),
    )


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
