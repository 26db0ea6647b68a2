"""Offers a referral: to the agents of a wave, on to the others of its team, to a member who comes back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.announce import announce
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Until, Window, last_wave, send_wave
from app.people.models import Agent
from app.people.service import named_agents, takes
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral


@dataclass(frozen=True)
class Offered:
    """The offers of a wave; none where nobody who matches is available."""

    offers: tuple[Offer, ...] = ()
    outbox: Outbox = NOTHING
    nobody: bool = True
    """Not one agent hears of it while it stands."""


def offer_to(
    session: Session,
    *,
    referral: Referral,
    agents: Sequence[Agent],
    window: Window,
    at: datetime,
    head_start: timedelta = timedelta(0),
) -> Offered:
    """Sends the next wave of an open referral; each agent is told `head_start` before the one after them.

    Raises LockTimeout.
    """
    wave = last_wave(session, referral_id=referral.id)
    offers = send_wave(session, referral_id=referral.id, agents=agents, window=window, at=at, wave=wave + 1)
    told_at = [at + place * head_start for place in range(len(offers))]
    announced = announce(session, offers=offers, at=at, told_at=told_at)
    return Offered(tuple(offers), Outbox(notifications=announced.at_once), announced.nobody)


def offer_on(session: Session, *, referral: Referral, but: Collection[UUID], window: Window, at: datetime) -> Offered:
    """Offers a locked referral that is open again to the others of its team, all but these agents. Raises LockTimeout.

    No offers, and nobody is told: there is nobody else.
    """
    agents = [agent for agent in _named(session, referral) if agent.id not in but]
    return offer_to(session, referral=referral, agents=agents, window=window, at=at) if agents else Offered()


def offer_what_is_open(session: Session, *, agent: Agent, at: datetime) -> Outbox:
    """Offers an agent who comes back what their team can still claim, for as long as it stands.

    To be called before the agent's own row is changed, in the same transaction: referrals are locked before agents.
    Raises LockTimeout.
    """
    outbox = NOTHING
    if agent.team_id is None or agent.left_at is not None:
        return outbox
    had = aliased(Offer)
    theirs = select(had.id).where(had.referral_id == Referral.id, had.agent_id == agent.id)
    standing = (
        select(Referral.id, func.max(Offer.wave), func.max(Offer.expires_at))
        .join(Offer, Offer.referral_id == Referral.id)
        .where(Referral.team_id == agent.team_id, Offer.status == OfferStatus.SENT, Offer.expires_at > at)
        .where(~theirs.exists())
        .group_by(Referral.id)
        .order_by(Referral.id)
    )
    found = session.execute(standing).all()
    with lock_wait(session):
        locked = {referral_id: lock_referral(session, referral_id) for referral_id, _, _ in found}
    for referral_id, wave, ends_at in found:
        referral = locked[referral_id]
        if referral is None or referral.status is not ReferralStatus.OPEN or not takes(agent, referral.kind):
            continue
        rest = Until(ends_at)
        offers = send_wave(session, referral_id=referral_id, agents=[agent], window=rest, at=at, wave=wave)
        outbox += Outbox(notifications=announce(session, offers=offers, at=at).at_once)
    return outbox


def _named(session: Session, referral: Referral) -> list[Agent]:
    return named_agents(session, team_id=referral.team_id, agent_id=referral.agent_id, kind=referral.kind)
