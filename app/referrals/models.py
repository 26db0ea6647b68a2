"""A referral, and who has seen its client's details."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clients.gate import Matter
from app.clients.models import Client
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.core.referral_kind import ReferralKind
from app.extensions import Model
from app.referrals.rules import Need, ReferralStatus


class Referral(Model):
    """A client with a need, sent to one agent, to one team, or to any matching agent."""

    __tablename__ = "referral"

    id: Mapped[Id]
    client_id: Mapped[UUID] = reference("client.id")
    team_id: Mapped[UUID | None] = reference("team.id")
    agent_id: Mapped[UUID | None] = reference("agent.id")
    kind: Mapped[ReferralKind] = mapped_column(text_enum(ReferralKind))
    status: Mapped[ReferralStatus] = mapped_column(text_enum(ReferralStatus), default=ReferralStatus.OPEN)
    city: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(2))
    zip_code: Mapped[str] = mapped_column(String(10))
    time_zone: Mapped[str] = mapped_column(String(40))
    price_min: Mapped[int] = mapped_column(Integer)
    price_max: Mapped[int] = mapped_column(Integer)
    notes: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(200))
    """Street address; shown only after the claim."""
    source: Mapped[str | None] = mapped_column(String(80))
    timeline: Mapped[str | None] = mapped_column(String(80))
    best_time: Mapped[str | None] = mapped_column(String(80))
    external_id: Mapped[str | None] = mapped_column(String(120))
    """The id in the network's own software."""
    duplicate_of: Mapped[UUID | None] = reference("referral.id", index=False)
    """The earlier referral it duplicates; this is why it was held."""
    claimed_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)

    client: Mapped[Client] = relationship()

    __table_args__ = (
        CheckConstraint("team_id IS NULL OR agent_id IS NULL", name="one_target"),
        CheckConstraint("0 <= price_min AND price_min <= price_max", name="price_in_order"),
        CheckConstraint("(status = 'claimed') <= (claimed_at IS NOT NULL)", name="claimed_has_time"),
        CheckConstraint("status <> 'held' OR duplicate_of IS NOT NULL", name="held_for_a_reason"),
        Index("ix_referral_held", "id", postgresql_where="status = 'held'"),
        Index("ix_referral_open", "id", postgresql_where="status = 'open'"),
        Index("ix_referral_claimed", "id", postgresql_where="status = 'claimed'"),
        Index("ix_referral_claimed_at", "claimed_at", postgresql_where="status = 'claimed'"),
        Index(
            "ix_referral_search",
            *("city", "zip_code", "external_id"),
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(("city", "zip_code", "external_id"), "gin_trgm_ops"),
        ),
    )

    @property
    def need(self) -> Need:
        return Need(self.kind, self.city, self.state, self.zip_code, self.price_min, self.price_max)

    @property
    def matter(self) -> Matter:
        """What the gate asks about."""
        of = self.client
        return Matter(of.id, self.id, of.phone, of.email, self.time_zone, self.state, of.time_zone, of.prefers)


class ClientView(Model):
    """A person, or the network's own software, was shown a client's details: who, whose, when and where."""

    __tablename__ = "client_view"

    id: Mapped[Id]
    client_id: Mapped[UUID] = reference("client.id")
    referral_id: Mapped[UUID] = reference("referral.id")
    account_id: Mapped[UUID | None] = reference("account.id")
    api_key_id: Mapped[UUID | None] = reference("api_key.id", index=False)
    where: Mapped[str] = mapped_column(String(20))
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("\"where\" IN ('portal', 'email', 'admin', 'api')", name="where_known"),
        CheckConstraint("(account_id IS NULL) <> (api_key_id IS NULL)", name="one_reader"),
    )
