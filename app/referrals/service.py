"""Taking in a referral, locking it, and keeping who saw the client."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clients.consent import Given
from app.clients.models import Client
from app.clients.service import NewClient, add_consents, find_or_add
from app.clients.wishes import lift_wishes
from app.clients.zones import time_zone_of
from app.core.database.ids import new_id
from app.core.database.locks import for_update
from app.core.referral_kind import ReferralKind
from app.referrals.intake_rules import IntakeRules
from app.referrals.models import ClientView, Referral
from app.referrals.rules import TRANSITIONS, ReferralStatus

DAY = timedelta(days=1)


@dataclass(frozen=True)
class NewReferral:
    """What the network tells. Prices in whole dollars; a team, an agent, or neither."""

    kind: ReferralKind
    client: NewClient
    city: str
    state: str
    zip_code: str
    price_min: int
    price_max: int
    notes: str | None
    team_id: UUID | None = None
    agent_id: UUID | None = None
    id: UUID | None = None
    """Chosen by the sender, so that sending twice is one referral; else made here."""
    address: str | None = None
    source: str | None = None
    timeline: str | None = None
    best_time: str | None = None
    external_id: str | None = None


def add_referral(session: Session, *, new: NewReferral, rules: IntakeRules, at: datetime) -> Referral:
    """Adds the referral, and its client if new. A recent duplicate is held."""
    client = find_or_add(session, new=new.client, at=at)
    same = _same_need(session, client=client, new=new, since=at - rules.held_within)
    referral = Referral(
        id=new.id or new_id(),
        client=client,
        team_id=new.team_id,
        agent_id=new.agent_id,
        kind=new.kind,
        city=new.city,
        state=new.state,
        zip_code=new.zip_code,
        time_zone=time_zone_of(new.state, new.zip_code),
        price_min=new.price_min,
        price_max=new.price_max,
        notes=new.notes,
        address=new.address,
        source=new.source,
        timeline=new.timeline,
        best_time=new.best_time,
        external_id=new.external_id,
        status=ReferralStatus.OPEN if same is None else ReferralStatus.HELD,
        duplicate_of=same,
        created_at=at,
    )
    session.add(referral)
    session.flush()
    add_consents(session, client=client, new=new.client, referral_id=referral.id, at=at)
    if rules.keys is not None:
        for consent in new.client.consents:
            ways = [
                way for way in consent.ways if Given(consent.basis, consent.at, frozenset(consent.ways)).covers(way)
            ]
            lift_wishes(session, phone=client.phone, ways=ways, keys=rules.keys, given_at=consent.at)
    return referral


def _same_need(session: Session, *, client: Client, new: NewReferral, since: datetime) -> UUID | None:
    """The client's newest referral with the same need in the same place."""
    query = select(Referral.id).where(
        Referral.client_id == client.id,
        Referral.created_at > since,
        Referral.kind == new.kind,
        Referral.state == new.state,
        (Referral.zip_code == new.zip_code) | (func.lower(Referral.city) == new.city.lower()),
    )
    return session.scalar(query.order_by(Referral.id.desc()).limit(1))


def reopen(referral: Referral) -> None:
    """Opens a locked referral that was held, or given back. Raises ForbiddenMove."""
    TRANSITIONS.require(referral.status, ReferralStatus.OPEN)
    referral.status, referral.claimed_at = ReferralStatus.OPEN, None


def close(referral: Referral, *, at: datetime) -> None:
    """Closes a locked referral. Raises ForbiddenMove."""
    TRANSITIONS.require(referral.status, ReferralStatus.CLOSED)
    referral.status, referral.closed_at = ReferralStatus.CLOSED, at


def lock_referral(session: Session, referral_id: UUID) -> Referral | None:
    """The referral, locked. First in the order of locks."""
    return session.scalar(for_update(select(Referral).where(Referral.id == referral_id), of=Referral))


def record_view(session: Session, *, referral: Referral, account_id: UUID, where: str, at: datetime) -> None:
    """Keeps that this account was shown the client's details."""
    view = ClientView(client_id=referral.client_id, referral_id=referral.id, account_id=account_id, where=where, at=at)
    session.add(view)
    session.flush()


def was_shown(session: Session, *, referral_id: UUID, account_id: UUID, since: datetime) -> bool:
    """Whether this account was shown the client's details since then."""
    query = select(ClientView.id).where(
        ClientView.referral_id == referral_id, ClientView.account_id == account_id, ClientView.at >= since
    )
    return session.scalar(query.limit(1)) is not None


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
