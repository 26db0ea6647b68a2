"""Endpoints: added, changed, turned off and on, removed; their secrets."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.database.ids import new_id
from app.core.database.locks import for_update
from app.core.errors import FieldError, InvalidInput, NotFound
from app.core.sealed import Sealer
from app.webhooks.models import Delivery, Endpoint, Event, OffReason
from app.webhooks.rules import MOST_ENDPOINTS, OLD_SECRET_FOR, TEST, Topic

SECRET_BYTES = 32
PREFIX = "whsec_"


def add_endpoint(
    session: Session, *, url: str, topics: Sequence[Topic], vault: Sealer, at: datetime
) -> tuple[Endpoint, str]:
    """Adds an endpoint. Returns it with its secret. Raises InvalidInput when there are too many."""
    if len(endpoints(session)) >= MOST_ENDPOINTS:
        raise InvalidInput(FieldError("url", f"At most {MOST_ENDPOINTS} endpoints. Remove one first."))
    secret = _new_secret()
    endpoint = Endpoint(id=new_id(), url=url, topics=list(topics), secret=vault.seal(secret), created_at=at)
    session.add(endpoint)
    session.flush()
    return endpoint, secret


def endpoints(session: Session) -> list[Endpoint]:
    """All endpoints, oldest first."""
    return list(session.scalars(select(Endpoint).where(Endpoint.removed_at.is_(None)).order_by(Endpoint.id)))


def get_endpoint(session: Session, endpoint_id: UUID, *, locked: bool = False) -> Endpoint:
    """One of them. Raises NotFound."""
    query = select(Endpoint).where(Endpoint.id == endpoint_id, Endpoint.removed_at.is_(None))
    found = session.scalar(for_update(query, of=Endpoint) if locked else query)
    if found is None:
        raise NotFound
    return found


def change_endpoint(session: Session, *, endpoint_id: UUID, url: str, topics: Sequence[Topic]) -> None:
    """Changes its address and topics. Waiting events go to the new address."""
    endpoint = get_endpoint(session, endpoint_id, locked=True)
    endpoint.url, endpoint.topics = url, list(topics)
    session.flush()


def renew_secret(session: Session, *, endpoint_id: UUID, vault: Sealer, at: datetime) -> str:
    """Makes a new secret and returns it. For a day, requests are signed with the old one as well."""
    endpoint, secret = get_endpoint(session, endpoint_id, locked=True), _new_secret()
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, at + OLD_SECRET_FOR
    endpoint.secret = vault.seal(secret)
    session.flush()
    return secret


def secrets_of(endpoint: Endpoint, *, vault: Sealer, at: datetime) -> list[str]:
    """The secrets its requests are signed with, newest first. One sealed with a key we no longer have is left out."""
    is_old_good = endpoint.old_secret_until is not None and at < endpoint.old_secret_until
    sealed = [endpoint.secret, *([endpoint.old_secret] if endpoint.old_secret and is_old_good else [])]
    return [secret for one in sealed if (secret := vault.open(one)) is not None]


def turn_off(session: Session, *, endpoint_id: UUID, reason: OffReason, at: datetime) -> None:
    """Stops sending to it; its events wait."""
    endpoint = get_endpoint(session, endpoint_id, locked=True)
    if endpoint.off_at is None:
        endpoint.off_at, endpoint.off_reason = at, reason
    session.flush()


def turn_on(session: Session, *, endpoint_id: UUID) -> None:
    """Resumes sending, beginning with what has waited."""
    endpoint = get_endpoint(session, endpoint_id, locked=True)
    endpoint.off_at = endpoint.off_reason = endpoint.failing_since = endpoint.told_at = None
    session.flush()


def remove_endpoint(session: Session, *, endpoint_id: UUID, at: datetime) -> None:
    """Removes it for good; what is waiting for it is never sent."""
    get_endpoint(session, endpoint_id, locked=True).removed_at = at
    session.flush()


def send_test(session: Session, *, endpoint_id: UUID, at: datetime) -> None:
    """Queues an event without data, for this endpoint alone."""
    endpoint = get_endpoint(session, endpoint_id)
    event = Event(id=new_id(), type=TEST, data={}, at=at)
    session.add(event)
    session.flush()
    session.add(Delivery(id=new_id(), event_id=event.id, endpoint_id=endpoint.id, due_at=at, created_at=at))
    session.flush()


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
