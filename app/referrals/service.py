"""Taking in a referral, locking it, and keeping who saw the client."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.core.database.ids import new_id
from app.core.database.locks import for_update
from app.core.referral_kind import ReferralKind
from app.referrals.models import ClientView, Referral

MOST_OTHERS = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class NewReferral:
    """What the network tells of a client. Phone in E.164, prices in whole dollars, one of team and agent."""

    kind: ReferralKind
    client_name: str
    client_phone: str
    client_email: str
    city: str
    state: str
    zip_code: str
    time_zone: str
    price_min: int
    price_max: int
    notes: str | None
    team_id: UUID | None = None
    agent_id: UUID | None = None
    id: UUID | None = None
    """Chosen by the sender, so that sending twice is one referral; else made here."""


def add_referral(session: Session, *, new: NewReferral, at: datetime) -> Referral:
    """Writes the client and the referral."""
    client = Client(name=new.client_name, phone=new.client_phone, email=new.client_email, created_at=at)
    referral = Referral(
        id=new.id or new_id(),
        client=client,
        team_id=new.team_id,
        agent_id=new.agent_id,
        kind=new.kind,
        city=new.city,
        state=new.state,
        zip_code=new.zip_code,
        time_zone=new.time_zone,
        price_min=new.price_min,
        price_max=new.price_max,
        notes=new.notes,
        created_at=at,
    )
    session.add_all((client, referral))
    session.flush()
    return referral


def others_of_client(session: Session, *, referral: Referral) -> list[Referral]:
    """The newest other referrals of clients with the same phone, at most five: sent twice, or somebody came again."""
    query = select(Referral).join(Client).where(Client.phone == referral.client.phone, Referral.id != referral.id)
    return list(session.scalars(query.order_by(Referral.id.desc()).limit(MOST_OTHERS)))


def lock_referral(session: Session, referral_id: UUID) -> Referral | None:
    """The referral, locked. First in the order of locks."""
    return session.scalar(for_update(select(Referral).where(Referral.id == referral_id), of=Referral))


def record_view(session: Session, *, referral: Referral, account_id: UUID, where: str, at: datetime) -> None:
    """Keeps that this account was shown the client's details."""
    view = ClientView(client_id=referral.client_id, referral_id=referral.id, account_id=account_id, where=where, at=at)
    session.add(view)
    session.flush()


def record_read(session: Session, *, referral: Referral, api_key_id: UUID, at: datetime) -> bool:
    """Keeps that this API key was given the client's details, once a day: software asks often. Whether it was news."""
    lately = select(ClientView.id).where(
        ClientView.referral_id == referral.id, ClientView.api_key_id == api_key_id, ClientView.at > at - DAY
    )
    if session.scalar(lately.limit(1)) is not None:
        return False
    session.add(
        ClientView(client_id=referral.client_id, referral_id=referral.id, api_key_id=api_key_id, where="api", at=at)
    )
    session.flush()
    return True
