"""A small network to try: a team of three, a solo agent, an admin, a dozen clients. For development only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import SignInLink
from app.clients.service import NewClient
from app.core.clock import now
from app.core.queue.outbox import NOTHING, Outbox
from app.core.referral_kind import ReferralKind
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.offers.service import Window
from app.people.accounts import add_admin
from app.people.areas import Area, keep_areas
from app.people.models import Account, Agent, Team
from app.people.service import AgentDetails, add_agent, add_team
from app.referrals.service import NewReferral
from app.routing.intake import refer

ADMIN = "admin@dibs.example"
TEAM = "Lakeline Homes"
ZONE = "America/Chicago"
DAY_LONG = Window(minutes=24 * 60)
BUYER, SELLER = ReferralKind.BUYER, ReferralKind.SELLER


@dataclass(frozen=True)
class _Agent:
    name: str
    phone: str
    in_team: bool
    takes: tuple[ReferralKind, ...] = (BUYER, SELLER)
    leads: bool = False

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@lakeline.example"


@dataclass(frozen=True)
class _Client:
    name: str
    kind: ReferralKind
    place: tuple[str, str, str]
    price: tuple[int, int]
    notes: str | None = None


AGENTS = (
    _Agent("Sam Ortiz", "+15125551001", in_team=True, leads=True),
    _Agent("Priya Raman", "+15125551002", in_team=True),
    _Agent("Dale Whitcomb", "+15125551003", in_team=True, takes=(SELLER,)),
    _Agent("Noor Haddad", "+15125551004", in_team=False),
)
AUSTIN, ROUND_ROCK, HOUSTON = (
    ("Austin", "TX", "78704"),
    ("Round Rock", "TX", "78664"),
    ("Houston", "TX", "77008"),
)
CLIENTS = (
    _Client(
        "Maria Delgado",
        SELLER,
        AUSTIN,
        (590_000, 610_000),
        "Moving for a job in March, would like to list soon.",
    ),
    _Client("Tom Brandt", BUYER, AUSTIN, (420_000, 480_000), "Preapproved. Wants a yard for two dogs."),
    _Client("Aisha Bello", BUYER, ROUND_ROCK, (350_000, 400_000)),
    _Client("Ken Sato", SELLER, ROUND_ROCK, (515_000, 515_000), "Inherited the house, lives in Denver."),
    _Client("Lucia Ferreira", BUYER, HOUSTON, (280_000, 330_000)),
    _Client("Grace Lindqvist", SELLER, HOUSTON, (1_150_000, 1_250_000)),
    _Client("Marcus Webb", BUYER, AUSTIN, (700_000, 850_000)),
    _Client("Elena Petrova", SELLER, AUSTIN, (445_000, 455_000)),
    _Client("Victor Hugo Reyes", BUYER, ROUND_ROCK, (310_000, 340_000)),
    _Client("Hannah Cole", SELLER, AUSTIN, (875_000, 900_000)),
    _Client("Omar Farouk", BUYER, HOUSTON, (240_000, 260_000)),
    _Client("June Park", SELLER, ROUND_ROCK, (560_000, 580_000)),
)
TO_SOLO = 3
"""Every third client goes to the solo agent, the others to the team."""


def seed(*, link_lifetime: timedelta) -> Iterator[str]:
    """Fills an empty database and yields the lines to print: who can sign in, and with which link."""
    session = db.session()
    if session.scalar(select(Team.id).limit(1)) is None:
        outbox = _fill(session)
        session.commit()
        outbox.enqueue(runtime().queue)
    for account in session.scalars(select(Account).order_by(Account.is_admin.desc(), Account.email)):
        yield f"{_role(account):<6} {account.email:<28} {_sign_in(session, account, link_lifetime)}"
    session.commit()


def _fill(session: Session) -> Outbox:
    at = now()
    add_admin(session, email=ADMIN)
    team = add_team(session, name=TEAM)
    agents = [_add(session, agent, team) for agent in AGENTS]
    solo = next(agent for agent in agents if agent.team_id is None)
    outbox = NOTHING
    for number, client in enumerate(CLIENTS):
        to_solo = number % TO_SOLO == TO_SOLO - 1
        new = _referral(number, client, team=None if to_solo else team, agent=solo if to_solo else None)
        outbox += refer(session, new=new, window=DAY_LONG, at=at).outbox
    return outbox


def _add(session: Session, agent: _Agent, team: Team) -> Agent:
    details = AgentDetails(
        name=agent.name,
        email=agent.email,
        phone=agent.phone,
        time_zone=ZONE,
        takes_buyers=BUYER in agent.takes,
        takes_sellers=SELLER in agent.takes,
        team_id=team.id if agent.in_team else None,
        is_lead=agent.leads,
    )
    added = add_agent(session, details=details, consent_source="seed", at=now())
    keep_areas(session, agent_id=added.id, areas=[Area(state="TX", city="Houston"), Area(zip_code="78704", miles=40)])
    return added


def _referral(number: int, client: _Client, *, team: Team | None, agent: Agent | None) -> NewReferral:
    city, state, zip_code = client.place
    return NewReferral(
        kind=client.kind,
        client=NewClient(client.name, f"+1512555{2001 + number}", f"{client.name.split()[0].lower()}@mail.example"),
        city=city,
        state=state,
        zip_code=zip_code,
        price_min=client.price[0],
        price_max=client.price[1],
        notes=client.notes,
        team_id=team.id if team else None,
        agent_id=agent.id if agent else None,
    )


def _role(account: Account) -> str:
    return "admin" if account.is_admin else "agent"


def _sign_in(session: Session, account: Account, lifetime: timedelta) -> str:
    home = "/admin/" if account.is_admin else "/referrals"
    link = SignInLink(account=account, next_path=home, expires_at=now() + lifetime)
    session.add(link)
    session.flush()
    return runtime().link(f"/sign-in/{runtime().signer.sign(Purpose.SIGN_IN, link.id)}")
