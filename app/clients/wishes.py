"""Do-not-contact requests. They belong to a phone number, and only a new consent lifts them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.clients.consent import Way
from app.clients.contact_key import LENGTH, ContactKeys
from app.clients.models import Client
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.core.database.events import record_event
from app.core.database.ids import new_id
from app.core.database.locks import for_update, lock_wait
from app.extensions import Model

BY_PHONE = (Way.CALL, Way.TEXT)


class Source(StrEnum):
    """Where the request came from."""

    TEXT = "text"
    KEY = "key"
    PAGE = "page"
    AGENT = "agent"
    API = "api"
    DESK = "desk"
    FILE = "file"


class DoNotContact(Model):
    """A contact we must not call, or not text. It names no client, so it survives the client's erasure."""

    __tablename__ = "do_not_contact"

    id: Mapped[Id]
    contact_key: Mapped[str] = mapped_column(String(LENGTH))
    way: Mapped[Way] = mapped_column(text_enum(Way))
    source: Mapped[Source] = mapped_column(text_enum(Source))
    referral_id: Mapped[UUID | None] = reference("referral.id")
    """The referral they were talking about, if any."""
    at: Mapped[Moment] = mapped_column(default=now)
    lifted_at: Mapped[Moment | None]
    """When a newer consent lifted it."""

    __table_args__ = (
        Index("uq_do_not_contact", "contact_key", "way", unique=True, postgresql_where="lifted_at IS NULL"),
    )


@dataclass(frozen=True)
class Wish:
    """A request not to be contacted at this phone (E.164) in these ways."""

    phone: str
    source: Source
    ways: tuple[Way, ...] = BY_PHONE
    referral_id: UUID | None = None


def keep_wish(session: Session, *, wish: Wish, keys: ContactKeys, at: datetime) -> bool:
    """Stores a request, and returns whether it was new. Once committed, the gate refuses. Raises LockTimeout.

    The clients with this phone are locked first: a call that is about to ring them is decided before or after.
    """
    with lock_wait(session):
        clients = lock_clients_with(session, wish.phone)
        known = set(
            session.scalars(
                select(DoNotContact.way).where(
                    DoNotContact.contact_key.in_(keys.all_of(wish.phone)), DoNotContact.lifted_at.is_(None)
                )
            )
        )
        rows = [
            {
                "id": new_id(),
                "contact_key": keys.of(wish.phone),
                "way": way,
                "source": wish.source,
                "referral_id": wish.referral_id,
                "at": at,
            }
            for way in wish.ways
            if way not in known
        ]
        if not rows:
            return False
        added = insert(DoNotContact).values(rows).on_conflict_do_nothing().returning(DoNotContact.way)
        ways = sorted(session.scalars(added))
        if ways and clients:
            about = [str(client.id) for client in clients]
            referral = str(wish.referral_id) if wish.referral_id else None
            facts = {"client_ids": about, "channels": ways, "source": wish.source, "referral_id": referral}
            record_event(session, "client.do_not_contact", **facts)
        return bool(ways)


def lock_clients_with(session: Session, phone: str) -> list[Client]:
    """The clients with this phone, locked, ids ascending. After offers in the order of locks."""
    query = select(Client).where(Client.phone == phone).order_by(Client.id)
    return list(session.scalars(for_update(query, of=Client)))


def lift_wishes(session: Session, *, phone: str, ways: Iterable[Way], keys: ContactKeys, given_at: datetime) -> None:
    """Lifts the requests that are older than a consent, for the ways it covers."""
    lifted = session.scalars(
        update(DoNotContact)
        .where(
            DoNotContact.contact_key.in_(keys.all_of(phone)),
            DoNotContact.way.in_(list(ways)),
            DoNotContact.lifted_at.is_(None),
            DoNotContact.at < given_at,
        )
        .values(lifted_at=given_at)
        .returning(DoNotContact.way)
        .execution_options(synchronize_session=False)
    )
    if again := sorted(lifted):
        about = session.scalars(select(Client.id).where(Client.phone == phone).order_by(Client.id))
        record_event(session, "client.contact_again", client_ids=[str(id_) for id_ in about], channels=again)


def wishes_of(session: Session, *, phone: str, keys: ContactKeys) -> list[DoNotContact]:
    """The requests in force for this phone, oldest first."""
    query = select(DoNotContact).where(
        DoNotContact.contact_key.in_(keys.all_of(phone)), DoNotContact.lifted_at.is_(None)
    )
    return list(session.scalars(query.order_by(DoNotContact.at, DoNotContact.id)))


def unreadable(session: Session, *, keys: ContactKeys) -> int:
    """The number of requests hashed with a key we no longer have: they no longer match anyone."""
    query = select(func.count()).where(
        func.left(DoNotContact.contact_key, 2).not_in(keys.names), DoNotContact.lifted_at.is_(None)
    )
    return session.scalar(query) or 0
