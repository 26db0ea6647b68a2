"""Sending offers out, and finding them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.database.columns import table_of
from app.core.database.ids import first_id
from app.core.database.locks import for_update, lock_wait
from app.offers.models import Offer
from app.offers.rules import TRANSITIONS, OfferStatus
from app.people.models import Agent
from app.people.service import lock_agents
from app.terms.service import TERMS_ARE_SET

LETTERS = ascii_uppercase
LOCK_OFFER = for_update(  # built once
    select(Offer)
    .where(Offer.id == bindparam("offer_id"))
    .options(joinedload(Offer.agent, innerjoin=True).lazyload(Agent.account)),
    of=Offer,
)
OFFER, AGENT = table_of(Offer), table_of(Agent)
LOCK_TO_RING: Select[Any] = for_update(  # past the ORM: somebody has tapped "Call me", and waits
    select(
        *OFFER.c["id", "agent_id", "status", "expires_at", "decline_at", "ended_at"],
        func.coalesce(OFFER.c.phone, AGENT.c.phone),
        OFFER.c.phone_at,
        AGENT.c.paused_at.is_not(None),
        TERMS_ARE_SET,
    )
    .join(AGENT, AGENT.c.id == OFFER.c.agent_id)
    .where(OFFER.c.id == bindparam("offer_id")),
    of=OFFER,
)


@dataclass(frozen=True)
class ToRing:
    """What it depends on whether an offer's agent is rung, and where: read under the offer's lock."""

    offer_id: UUID
    agent_id: UUID
    status: OfferStatus
    expires_at: datetime
    decline_at: datetime | None
    ended_at: datetime | None
    phone: str
    """The number that serves this offer, in E.164."""
    phone_at: datetime | None
    """Since when it has been another than the agent's own."""
    agent_paused: bool
    terms_are_set: bool
    """Whether the network has ever set any: only then they have to be looked at."""


def _live(at: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """`is_open`, for a query."""
    return (Offer.status == OfferStatus.SENT, Offer.expires_at > at, Offer.decline_at.is_(None))


OPEN_OFFERS_OF = select(Offer.agent_id, Offer.id).where(  # built once: each batch of messages asks it
    Offer.agent_id.in_(bindparam("agent_ids", expanding=True)), *_live(bindparam("at"))
)


@dataclass(frozen=True)
class Window:
    """How long offers stand."""

    minutes: int

    def ends(self, at: datetime) -> datetime:
        return at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Until:
    """The rest of a window in which others have an offer already."""

    ends_at: datetime

    def ends(self, _at: datetime) -> datetime:
        return self.ends_at


def send_wave(
    session: Session,
    *,
    referral_id: UUID,
    agents: Sequence[Agent],
    window: Window | Until,
    at: datetime,
    wave: int = 1,
) -> list[Offer]:
    """One offer for each of `agents`, all ending together, each with a letter that no other of its agent has.

    Waits for other waves to the same agents. Raises LockTimeout.
    """
    letters = _free_letters(session, [agent.id for agent in agents])
    offers = [
        Offer(
            referral_id=referral_id,
            agent=agent,
            wave=wave,
            expires_at=window.ends(at),
            letter=letters[agent.id],
            created_at=at,
        )
        for agent in agents
    ]
    session.add_all(offers)
    session.flush()
    return offers


def _free_letters(session: Session, agent_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The first letter of each agent that none of their open offers has; Z when all are taken."""
    with lock_wait(session):
        lock_agents(session, agent_ids)
    taken: dict[UUID, set[str]] = {id_: set() for id_ in agent_ids}
    query = select(Offer.agent_id, Offer.letter).where(Offer.agent_id.in_(agent_ids), Offer.status == OfferStatus.SENT)
    for agent_id, letter in session.execute(query):
        taken[agent_id].add(letter)
    return {id_: next((one for one in LETTERS if one not in taken[id_]), LETTERS[-1]) for id_ in agent_ids}


def live_offers(session: Session, *, agent_id: UUID, at: datetime) -> list[Offer]:
    """The offers on which this agent can act, newest first; not locked."""
    query = select(Offer).where(Offer.agent_id == agent_id, *_live(at)).order_by(Offer.id.desc())
    return list(session.scalars(query.execution_options(populate_existing=True)))


def newest_offer(session: Session, *, agent_id: UUID, since: datetime, letter: str | None = None) -> Offer | None:
    """The last offer this agent has had since then, whatever has become of it; not locked."""
    query = select(Offer).where(Offer.agent_id == agent_id, Offer.created_at > since, Offer.id >= first_id(since))
    if letter is not None:
        query = query.where(Offer.letter == letter)
    query = query.order_by(Offer.id.desc()).limit(1)
    return session.scalar(query.execution_options(populate_existing=True))


def open_offers_of(session: Session, agent_ids: Sequence[UUID], *, at: datetime) -> dict[UUID, set[UUID]]:
    """What each of these agents can act on; an agent who has nothing open is in it as well."""
    found: dict[UUID, set[UUID]] = {id_: set() for id_ in agent_ids}
    for agent_id, id_ in session.execute(OPEN_OFFERS_OF, {"agent_ids": agent_ids, "at": at}):
        found[agent_id].add(id_)
    return found


def lock_offers(session: Session, *, referral_id: UUID) -> list[Offer]:
    """All offers of a referral, locked, ids ascending. Lock the referral first."""
    query = select(Offer).where(Offer.referral_id == referral_id).order_by(Offer.id)
    return list(session.scalars(for_update(query, of=Offer)))


def lock_offer(session: Session, offer_id: UUID) -> Offer | None:
    """One offer, locked, and its agent, not locked."""
    return session.scalar(LOCK_OFFER, {"offer_id": offer_id})


def lock_to_ring(session: Session, offer_id: UUID) -> ToRing | None:
    """One offer, locked, and what its agent's phone needs; the agent is not locked."""
    row = session.execute(LOCK_TO_RING, {"offer_id": offer_id}).one_or_none()
    return ToRing(*row) if row is not None else None


def last_wave(session: Session, *, referral_id: UUID) -> int:
    """The number of the newest wave of a referral; 0 before the first."""
    return session.scalar(select(func.max(Offer.wave)).where(Offer.referral_id == referral_id)) or 0


def serves_another(session: Session, *, phone: str, agent_id: UUID, at: datetime) -> bool:
    """Whether this phone serves an open offer of another agent."""
    query = select(Offer.id).where(
        Offer.phone == phone, Offer.agent_id != agent_id, Offer.status == OfferStatus.SENT, Offer.expires_at > at
    )
    return session.scalar(query.limit(1)) is not None


def declining_due(session: Session, *, at: datetime, limit: int = 200) -> list[UUID]:
    """The referrals that have declines which can no longer be undone, and are not yet settled."""
    return _referrals_of_open_offers(session, Offer.decline_at <= at, limit)


def expired(session: Session, *, at: datetime, limit: int = 200) -> list[UUID]:
    """The referrals that have offers past their end and not yet marked so."""
    return _referrals_of_open_offers(session, Offer.expires_at <= at, limit)


def _referrals_of_open_offers(session: Session, are: ColumnElement[bool], limit: int) -> list[UUID]:
    query = select(Offer.referral_id).where(Offer.status == OfferStatus.SENT, are).distinct().limit(limit)
    return list(session.scalars(query))


def end_offer(offer: Offer, to: OfferStatus, *, at: datetime) -> None:
    """Ends a locked offer. Raises ForbiddenMove when it has ended already."""
    TRANSITIONS.require(offer.status, to)
    offer.status, offer.ended_at = to, at
