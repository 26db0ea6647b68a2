"""What an agent sees at home: what is open to them, their clients by what to do, and what has moved on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, not_, select
from sqlalchemy.orm import Session, joinedload

from app.claims.models import Claim
from app.core.database.ids import first_id
from app.core.language import gettext as _
from app.core.language import mark
from app.offers.models import Offer
from app.offers.rules import STATUS_WORDS, OfferStatus
from app.offers.service import live_offers
from app.people.models import Agent
from app.pipeline.handover import Asked, asked_of
from app.pipeline.worklist import Place, Todo, Worklist, parse_place, worklist
from app.referrals.models import Referral

PAST_WORDS = {OfferStatus.SENT: mark("moved on"), OfferStatus.LOST: mark("a teammate was first")}
PAST = timedelta(days=30)
PAST_FOLDED = 10
"""So many are shown in the list itself; the others have a page."""
PAST_PAGE = 50
LONGEST_SEARCH = 80


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: which clients, found by which words, from where on."""

    only: Todo | None = None
    words: str = ""
    after: Place | None = None

    @property
    def query(self) -> str:
        """The same, for an address: with its question mark, or empty."""
        return self.with_only(self.only, self.after)

    def with_only(self, only: Todo | None, after: Place | None = None) -> str:
        """The query of another filter over the same search."""
        given = {"show": only, "q": self.words, "after": after}
        found = urlencode({name: str(value) for name, value in given.items() if value})
        return f"?{found}" if found else ""


def wanted_by(args: dict[str, str]) -> Wanted:
    """Reads an address. What is not known in it is left out."""
    only = next((todo for todo in Todo if todo == args.get("show")), None)
    return Wanted(only, args.get("q", "").strip()[:LONGEST_SEARCH], parse_place(args.get("after", "")))


@dataclass(frozen=True)
class Past:
    """An offer that came to nothing."""

    offer: Offer

    @property
    def state(self) -> str:
        """In a word or two."""
        if self.offer.status is OfferStatus.LOST and self.offer.referral.team_id is None:
            return _("another agent was first")
        return _(PAST_WORDS.get(self.offer.status) or STATUS_WORDS[self.offer.status])


@dataclass(frozen=True)
class Home:
    """The agent's list. No client is ever left out of it: its pages lead on to each."""

    live: list[Offer]
    to_take: list[Asked]
    """Clients whom a teammate wants to hand over."""
    work: Worklist
    past: list[Past]
    past_count: int
    """How many moved on in 30 days."""
    today: date

    @property
    def is_empty(self) -> bool:
        """Whether this agent has never had anything."""
        return not (self.live or self.to_take or self.past or sum(self.work.counts.values()))


def home_of(session: Session, *, agent: Agent, wanted: Wanted, at: datetime) -> Home:
    """What the address asks for, of this agent."""
    live, today = live_offers(session, agent_id=agent.id, at=at), at.astimezone(ZoneInfo(agent.time_zone)).date()
    work = worklist(
        session, agent_id=agent.id, at=at, today=today, only=wanted.only, words=wanted.words, after=wanted.after
    )
    past = past_offers(session, agent_id=agent.id, at=at, limit=PAST_FOLDED)
    count = session.scalar(select(func.count()).select_from(_past(agent.id, at).subquery())) or 0
    return Home(live, asked_of(session, agent_id=agent.id), work, past, count, today)


def past_offers(
    session: Session, *, agent_id: UUID, at: datetime, limit: int = PAST_PAGE, before: UUID | None = None
) -> list[Past]:
    """Offers of the last 30 days that came to nothing, newest first."""
    query = _past(agent_id, at).options(joinedload(Offer.referral)).order_by(Offer.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Offer.id < before)
    return [Past(offer) for offer in session.scalars(query)]


def claimed_referral(session: Session, *, agent_id: UUID, referral_id: UUID) -> Referral | None:
    """A referral that this agent has; None for everybody else."""
    query = (
        select(Referral)
        .join(Claim, Claim.referral_id == Referral.id)
        .where(Referral.id == referral_id, Claim.agent_id == agent_id, Claim.ended_at.is_(None))
    )
    return session.scalar(query)


def _past(agent_id: UUID, at: datetime) -> Select[Any]:
    is_live = and_(Offer.status == OfferStatus.SENT, Offer.expires_at > at, Offer.decline_at.is_(None))
    return select(Offer).where(
        Offer.agent_id == agent_id,
        Offer.id >= first_id(at - PAST),
        Offer.status != OfferStatus.CLAIMED,
        not_(is_live),
    )
