"""Finds a known client or adds a new one, and stores their consent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clients.consent import Basis, Way
from app.clients.models import Client, Consent
from app.core.database.locks import for_update, lock_wait
from app.core.names import given_name


@dataclass(frozen=True)
class NewConsent:
    """A consent as the network tells it."""

    basis: Basis
    at: datetime
    ways: tuple[Way, ...]
    words: str | None = None
    url: str | None = None
    certificate: str | None = None


@dataclass(frozen=True)
class NewClient:
    """Who a referral is about, as the network tells it. Phone in E.164."""

    name: str
    phone: str
    email: str
    given_name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    prefers: Way | None = None
    consents: tuple[NewConsent, ...] = field(default=())


def find_or_add(session: Session, *, new: NewClient, at: datetime) -> Client:
    """Finds this person by phone, or adds them. The newest details win.

    Two people may share a phone: they are one client if their given names or their emails agree. Of two referrals with
    one phone that come at once, the second waits for the first. Raises LockTimeout.
    """
    with lock_wait(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"client {new.phone}", 0))))
    of_phone = session.scalars(select(Client).where(Client.phone == new.phone).order_by(Client.id.desc()))
    found = next((client for client in of_phone if _is_same(client, new)), None)
    if found is None:
        found = Client(phone=new.phone, name=new.name, email=new.email, created_at=at)
        session.add(found)
    if new.given_name is not None or found.name != new.name:
        found.given_name = new.given_name
    found.name, found.email = new.name, new.email
    found.language = new.language or found.language
    found.time_zone = new.time_zone or found.time_zone
    found.prefers = new.prefers or found.prefers
    session.flush()
    return found


def _is_same(client: Client, new: NewClient) -> bool:
    known, given = client.given_name or given_name(client.name), new.given_name or given_name(new.name)
    names_agree = client.name.casefold() == new.name.casefold() or (
        known is not None and given is not None and known.casefold() == given.casefold()
    )
    return names_agree or client.email.casefold() == new.email.casefold()


def lock_client(session: Session, client_id: UUID) -> Client:
    """The client, locked. After the offers in the order of locks, and before the calls."""
    return session.scalars(for_update(select(Client).where(Client.id == client_id), of=Client)).one()


def consents_of(session: Session, *, client_id: UUID) -> Sequence[Consent]:
    """This client's consents, oldest first."""
    return session.scalars(select(Consent).where(Consent.client_id == client_id).order_by(Consent.given_at)).all()


def add_consents(session: Session, *, client: Client, new: NewClient, referral_id: UUID, at: datetime) -> None:
    """Stores the consents that came with a referral."""
    for consent in new.consents:
        session.add(
            Consent(
                client_id=client.id,
                referral_id=referral_id,
                basis=consent.basis,
                given_at=consent.at,
                ways=list(consent.ways),
                words=consent.words,
                url=consent.url,
                certificate=consent.certificate,
                created_at=at,
            )
        )
    session.flush()
