"""A client, and what they have agreed to."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.clients.consent import Basis, Given, Way
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.core.names import shown_client
from app.extensions import Model

WAYS = "'{call,text,email}'::varchar[]"


class Client(Model):
    """The person who is buying or selling. Read this row only where it may be shown."""

    __tablename__ = "client"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    given_name: Mapped[str | None] = mapped_column(String(60))
    """The given name, if the network sent it separately; else it is read from the name."""
    phone: Mapped[str] = mapped_column(String(16), index=True)
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str | None] = mapped_column(String(3))
    """Preferred language, an ISO 639 code."""
    time_zone: Mapped[str | None] = mapped_column(String(40))
    """Their own time zone, if the network knows it."""
    prefers: Mapped[Way | None] = mapped_column(text_enum(Way))
    on_line_until: Mapped[Moment | None]
    """While an adviser has them on the line, when that ends at the latest: until then nobody else rings them."""
    on_line_for: Mapped[UUID | None]
    """The referral that they are on the line about: an agent who claims it joins them."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_is_e164"),
        Index(
            "ix_client_search",
            *("name", "email", "phone"),
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(("name", "email", "phone"), "gin_trgm_ops"),
        ),
        Index("ix_client_last_digits", text('"right"(phone::text, 4)')),
    )

    @property
    def first_name(self) -> str:
        return shown_client(self.name, self.given_name)


class Consent(Model):
    """What a client agreed to, and the proof."""

    __tablename__ = "consent"

    id: Mapped[Id]
    client_id: Mapped[UUID] = reference("client.id")
    referral_id: Mapped[UUID | None] = reference("referral.id")
    """The referral it came with."""
    basis: Mapped[Basis] = mapped_column(text_enum(Basis))
    given_at: Mapped[Moment]
    ways: Mapped[list[str]] = mapped_column(ARRAY(String(5)))
    words: Mapped[str | None] = mapped_column(Text)
    """The wording they agreed to."""
    url: Mapped[str | None] = mapped_column(String(500))
    """The page they read it on."""
    certificate: Mapped[str | None] = mapped_column(String(500))
    """A third party's certificate of it."""
    created_at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (CheckConstraint(f"ways <> '{{}}' AND ways <@ {WAYS}", name="ways_known"),)

    @property
    def given(self) -> Given:
        return Given(self.basis, self.given_at, frozenset(Way(way) for way in self.ways))
