"""Who uses Dibs: accounts that sign in, agents and the teams they work in."""

from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, Index, String, false, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.columns import Id, Moment, reference
from app.core.ids import new_id
from app.extensions import Model


class Team(Model):
    """Agents who share referrals: an offer goes to all of them, the first claims."""

    __tablename__ = "team"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    paused_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)

    agents: Mapped[list["Agent"]] = relationship(back_populates="team", order_by="Agent.name")

    __table_args__ = (Index("uq_team_name", func.lower(name), unique=True),)


class Account(UserMixin, Model):
    """What signs in, known by its email address. An agent has one; an admin is one with `is_admin`.

    `session_key` is what a session cookie carries: changing it signs the account out everywhere.
    """

    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254))
    is_admin: Mapped[bool] = mapped_column(server_default=false(), default=False)
    session_key: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    created_at: Mapped[Moment] = mapped_column(default=now)

    agent: Mapped["Agent | None"] = relationship(back_populates="account")

    __table_args__ = (
        Index("uq_account_email", func.lower(email), unique=True),
        CheckConstraint("strpos(email, '@') > 1", name="email_has_host"),
    )

    def get_id(self) -> str:
        """What flask-login puts into the session."""
        return str(self.session_key)


class Agent(Model):
    """A real-estate agent, with one phone that no other agent has."""

    __tablename__ = "agent"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id", unique=True, index=False)
    team_id: Mapped[UUID | None] = reference("team.id")
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(16), unique=True)
    time_zone: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5), server_default="en", default="en")
    takes_buyers: Mapped[bool]
    takes_sellers: Mapped[bool]
    paused_at: Mapped[Moment | None]
    sms_consent_at: Mapped[Moment | None]
    sms_consent_source: Mapped[str | None] = mapped_column(String(40))
    reach_checked_at: Mapped[Moment | None]
    """When they went through the reachability check."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    account: Mapped[Account] = relationship(back_populates="agent", lazy="joined", innerjoin=True)
    team: Mapped[Team | None] = relationship(back_populates="agents")

    __table_args__ = (
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_is_e164"),
        CheckConstraint("takes_buyers OR takes_sellers", name="takes_something"),
        CheckConstraint("(sms_consent_at IS NULL) = (sms_consent_source IS NULL)", name="consent_has_source"),
    )

    @property
    def email(self) -> str:
        return self.account.email

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


class SignInLink(Model):
    """One emailed link that signs an account in, once. The link is this row's id, signed."""

    __tablename__ = "sign_in_link"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id")
    next_path: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
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
    created_at: Mapped[Moment] = mapped_column(default=now, server_default=text("now()"))
