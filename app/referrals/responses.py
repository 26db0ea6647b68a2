"""What clients do on their page: each step once, as it was taken."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, text_enum
from app.extensions import Model

LOOKED_EVERY = timedelta(hours=1)
"""A page that is opened again within this time is looked at once."""


class Response(StrEnum):
    """A step on the page."""

    LOOKED = "looked"
    CALL_NOW = "call_now"
    CALL_AT = "call_at"
    RATHER_TEXT = "rather_text"
    WRONG_PERSON = "wrong_person"
    NO_CALLS = "no_calls"


class ClientResponse(Model):
    """One step a client took."""

    __tablename__ = "client_response"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = reference("referral.id")
    response: Mapped[Response] = mapped_column(text_enum(Response))
    call_at: Mapped[Moment | None]
    """The time they asked for."""
    at: Mapped[Moment] = mapped_column(default=now)


def keep_response(
    session: Session, *, referral_id: UUID, response: Response, at: datetime, call_at: datetime | None = None
) -> bool:
    """Stores a step, and returns whether it was news: a second look soon after the first is none."""
    if response is Response.LOOKED and _looked_since(session, referral_id, at - LOOKED_EVERY):
        return False
    session.add(ClientResponse(referral_id=referral_id, response=response, call_at=call_at, at=at))
    session.flush()
    return True


def last_request(session: Session, *, referral_id: UUID) -> ClientResponse | None:
    """The newest thing the client asked for."""
    query = select(ClientResponse).where(
        ClientResponse.referral_id == referral_id, ClientResponse.response != Response.LOOKED
    )
    return session.scalar(query.order_by(ClientResponse.id.desc()).limit(1))


def _looked_since(session: Session, referral_id: UUID, since: datetime) -> bool:
    query = select(ClientResponse.id).where(
        ClientResponse.referral_id == referral_id,
        ClientResponse.response == Response.LOOKED,
        ClientResponse.at > since,
    )
    return session.scalar(query.limit(1)) is not None
