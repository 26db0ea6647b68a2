"""Referrals to race for: each offered to a whole team, whose members have all picked up and hear the menu."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

import app.models  # noqa: F401  (all of them: their tables refer to each other)
from app.calls.models import Call
from app.calls.rules import CallStatus
from app.clients.service import NewClient
from app.core.clock import now
from app.core.database.ids import new_id
from app.core.referral_kind import ReferralKind
from app.offers.models import Offer
from app.offers.service import Window
from app.people.models import Account, Agent, Team
from app.referrals.service import NewReferral
from app.routing.intake import refer

FIRST_NAMES = ("Ana", "Ben", "Cleo", "Dev", "Eva", "Finn", "Gus", "Hana", "Ivan", "Jo")
"""One for each member of a team, so that a loser's answer shows whom it takes for the winner."""
CLIENT = "Maria"
OFFER_MINUTES = 60
TOLD = """
    UPDATE notification SET taken_at = now(), sent_at = now(), attempts = 1, provider_id = id::text,
           status = CASE channel WHEN 'sms' THEN 'delivered' ELSE 'sent' END,
           ended_at = CASE channel WHEN 'sms' THEN now() END
    WHERE kind = 'offer' AND status = 'queued'
"""


@dataclass(frozen=True)
class Member:
    """One agent of the team, on the phone."""

    first_name: str
    phone: str
    offer_id: UUID
    call_id: UUID
    sid: str


@dataclass(frozen=True)
class Race:
    """One referral, and everybody who is after it."""

    referral_id: UUID
    client_phone: str
    members: tuple[Member, ...]


def make_races(database_url: str, count: int) -> list[Race]:
    """So many races in an empty database; their offers went out by SMS (delivered) and by email (sent)."""
    engine = create_engine(database_url)
    with Session(engine) as session:
        races = [_race(session, number, now()) for number in range(count)]
        session.execute(text(TOLD))
        session.commit()
    engine.dispose()
    return races


def _race(session: Session, number: int, at: datetime) -> Race:
    team = _team(session, number, at)
    client_phone = f"+1713{5550000 + number}"
    new = NewReferral(
        ReferralKind.SELLER, NewClient(f"{CLIENT} Delgado", client_phone, "maria@mail.example"),
        "Austin", "TX", "78704",
        590_000, 610_000, None, team_id=team.id,
    )  # fmt: skip
    referred = refer(session, new=new, window=Window(OFFER_MINUTES), at=at)
    race = Race(referred.referral.id, client_phone, _members(session, referred.offers, at))
    session.flush()
    session.expunge_all()  # thousands of them would make every flush slower
    return race


def _team(session: Session, number: int, at: datetime) -> Team:
    team = Team(id=new_id(), name=f"Team {number}")
    session.add(team)
    session.flush()
    for place, name in enumerate(FIRST_NAMES):
        many = number * len(FIRST_NAMES) + place
        agent = Agent(
            id=new_id(), account=Account(id=new_id(), email=f"{name.lower()}{many}@agents.example"), team_id=team.id,
            name=f"{name} Agent", phone=f"+1512{5550000 + many}", time_zone="America/Chicago", takes_buyers=True,
            takes_sellers=True, sms_consent_at=at, sms_consent_source="race",
        )  # fmt: skip
        session.add(agent)
    session.flush()
    return team


def _members(session: Session, offers: Sequence[Offer], at: datetime) -> tuple[Member, ...]:
    members = []
    for offer in offers:
        id_ = new_id()
        sid = f"CA{id_.hex}"
        call = Call(
            id=id_, offer_id=offer.id, agent_id=offer.agent_id, attempt=1, phone=offer.agent.phone, sid=sid,
            status=CallStatus.ANSWERED, requested_at=at, answered_at=at, ring_deadline_at=at,
        )  # fmt: skip
        session.add(call)
        members.append(Member(offer.agent.first_name, offer.agent.phone, offer.id, id_, sid))
    return tuple(members)
