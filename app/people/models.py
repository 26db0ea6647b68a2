"""Who uses Dibs: accounts that sign in, agents and the teams they work in."""

from datetime import time
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, Integer, SmallInteger, String, Time, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.core.database.ids import new_id
from app.core.names import shown_agent
from app.extensions import Model
from app.people.licences import LONGEST_LICENCE


class Team(Model):
    """Agents who share referrals: an offer goes to all of them, the first claims."""

    __tablename__ = "team"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    paused_at: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(default=now)

    agents: Mapped[list["Agent"]] = relationship(back_populates="team", order_by="Agent.name")

    __table_args__ = (Index("uq_team_name", func.lower(name), unique=True),)


class Account(Model):
    """What signs in, known by its email address. An agent has one; so has who runs the network, or looks on.

    Changing `session_key` signs the account out everywhere, and makes every link to sign in worthless.
    """

    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254))
    is_admin: Mapped[bool] = mapped_column(server_default=false(), default=False)
    is_viewer: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """May look at the desk, and change nothing there."""
    session_key: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    created_at: Mapped[Moment] = mapped_column(default=now)

    agent: Mapped["Agent | None"] = relationship(back_populates="account")

    __table_args__ = (
        Index("uq_account_email", func.lower(email), unique=True),
        Index("ix_account_admin", "id", postgresql_where="is_admin"),
        Index("ix_account_viewer", "id", postgresql_where="is_viewer"),
        CheckConstraint("NOT (is_admin AND is_viewer)", name="one_role"),
        CheckConstraint("strpos(email, '@') > 1", name="email_has_host"),
    )

    # What flask-login asks of a user; its UserMixin would bring Flask into the domain.
    is_authenticated: ClassVar = True
    is_active: ClassVar = True
    is_anonymous: ClassVar = False

    signed_in_id = None  # type: UUID | None
    """The browser that this account was loaded for, while it was."""
    is_proven = False  # type: bool
    """Whether a second factor was given in that browser."""

    @property
    def sees_desk(self) -> bool:
        """An admin, or somebody who may look on."""
        return self.is_admin or self.is_viewer

    def get_id(self) -> str:
        """What flask-login puts into the session."""
        return str(self.signed_in_id)


class Agent(Model):
    """A real-estate agent, with one phone that no other agent has."""

    __tablename__ = "agent"

    id: Mapped[Id]
    account_id: Mapped[UUID] = reference("account.id", unique=True, index=False)
    team_id: Mapped[UUID | None] = reference("team.id")
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(16), unique=True)
    time_zone: Mapped[str] = mapped_column(String(40))
    brokerage: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(5), server_default="en", default="en")
    takes_buyers: Mapped[bool]
    takes_sellers: Mapped[bool]
    price_min: Mapped[int | None] = mapped_column(Integer)
    price_max: Mapped[int | None] = mapped_column(Integer)
    """Whole dollars, both or neither; None: at any price."""
    speaks: Mapped[list[str]] = mapped_column(ARRAY(String(3)), server_default="{}", default=list)
    """With clients, beside English and their own: ISO 639 codes."""
    licences: Mapped[list[str]] = mapped_column(ARRAY(String(LONGEST_LICENCE)), server_default="{}", default=list)
    """See app/people/licences.py for what each says."""
    most_clients: Mapped[int | None] = mapped_column(SmallInteger)
    """With so many open ones they are not routed more; None: as the network has it."""
    most_a_day: Mapped[int | None] = mapped_column(SmallInteger)
    paused_at: Mapped[Moment | None]
    sms_consent_at: Mapped[Moment | None]
    sms_consent_source: Mapped[str | None] = mapped_column(String(40))
    ring_first: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """They want to be rung for a new offer, and have agreed to it."""
    ring_again: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """And once more soon after: a phone that does not disturb lets the second call through."""
    ring_from: Mapped[time] = mapped_column(Time, server_default="08:00", default=time(8))
    ring_until: Mapped[time] = mapped_column(Time, server_default="21:00", default=time(21))
    """By their own clock."""
    call_consent_at: Mapped[Moment | None]
    call_consent_source: Mapped[str | None] = mapped_column(String(40))
    reach_checked_at: Mapped[Moment | None]
    """When they went through the reachability check."""
    paused_until: Mapped[Moment | None]
    """When a pause ends by itself."""
    off_at: Mapped[Moment | None]
    """When their hours end next; None: they keep none."""
    is_lead: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """Of their team: set by an admin."""
    follow_up_first: Mapped[time] = mapped_column(Time, server_default="09:00", default=time(9))
    follow_up_second: Mapped[time] = mapped_column(Time, server_default="17:00", default=time(17))
    """When they want to be reminded of clients they have not reached, by their own clock."""
    left_at: Mapped[Moment | None]
    """Since when they are not of the network any more."""
    merged_into_id: Mapped[UUID | None] = reference("agent.id")
    """The agent's other row, if they were here twice: that one is used, and this one is kept for its history."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    account: Mapped[Account] = relationship(back_populates="agent", lazy="joined", innerjoin=True)
    team: Mapped[Team | None] = relationship(back_populates="agents")

    __table_args__ = (
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_is_e164"),
        CheckConstraint("takes_buyers OR takes_sellers", name="takes_something"),
        Index("ix_agent_off_at", "off_at", postgresql_where="off_at IS NOT NULL"),
        Index("ix_agent_paused_until", "paused_until", postgresql_where="paused_until IS NOT NULL"),
        CheckConstraint("(price_min IS NULL) = (price_max IS NULL)", name="price_is_a_range"),
        CheckConstraint("0 <= price_min AND price_min <= price_max", name="price_in_order"),
        CheckConstraint("most_clients > 0 AND most_a_day > 0", name="most_is_some"),
        CheckConstraint("follow_up_first < follow_up_second", name="follow_ups_in_order"),
        CheckConstraint("paused_until IS NULL OR paused_at IS NOT NULL", name="until_needs_pause"),
        CheckConstraint("NOT ring_first OR call_consent_at IS NOT NULL", name="rung_by_consent"),
        CheckConstraint("ring_from < ring_until", name="ring_hours_in_order"),
        CheckConstraint("(sms_consent_at IS NULL) = (sms_consent_source IS NULL)", name="consent_has_source"),
    )

    @property
    def email(self) -> str:
        return self.account.email

    @property
    def first_name(self) -> str:
        return shown_agent(self.name)


class AgentHours(Model):
    """The hours of one weekday, 0 for Monday, in which an agent takes referrals, by their own clock."""

    __tablename__ = "agent_hours"

    agent_id: Mapped[UUID] = reference("agent.id", primary_key=True, index=False)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    begins: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("begins < ends", name="in_order"),
    )


class AgentArea(Model):
    """Where an agent works: see app/people/areas.py for what its columns say together."""

    __tablename__ = "agent_area"

    id: Mapped[Id]
    agent_id: Mapped[UUID] = reference("agent.id")
    state: Mapped[str | None] = mapped_column(String(2))
    city: Mapped[str | None] = mapped_column(String(80))
    zip_code: Mapped[str | None] = mapped_column(String(10))
    miles: Mapped[int | None] = mapped_column(SmallInteger)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    """Of the middle of its ZIP code, in degrees: only where `miles` are counted from it."""

    __table_args__ = (
        Index("ix_agent_area_state", "state", func.lower(city)),
        Index("ix_agent_area_zip", "zip_code", postgresql_where="miles IS NULL AND zip_code IS NOT NULL"),
        Index("ix_agent_area_around", "latitude", postgresql_where="miles IS NOT NULL"),
        CheckConstraint("(state IS NULL) <> (zip_code IS NULL)", name="state_or_zip"),
        CheckConstraint("city IS NULL OR state IS NOT NULL", name="city_of_state"),
        CheckConstraint("miles IS NULL OR (miles > 0 AND zip_code IS NOT NULL)", name="miles_around_a_zip"),
        CheckConstraint(
            "(miles IS NULL) = (latitude IS NULL) AND (miles IS NULL) = (longitude IS NULL)", name="around_has_middle"
        ),
    )
