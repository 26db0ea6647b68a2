"""A referral is taken in, and offered to whom it names; waves of its own it gets in app/routing/."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.core.database.locks import lock_wait
from app.core.errors import FieldError, InvalidInput
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.announce import announce
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Until, Window, send_wave
from app.people.models import Agent, Team
from app.people.service import agent_for, members_for, takes
from app.referrals.intake_rules import IntakeRules
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.schemas import ONE_OR_NEITHER
from app.referrals.service import NewReferral, add_referral, close, lock_referral, reopen


@dataclass(frozen=True)
class Offered:
    """The offers of a wave; none where nobody who matches is available."""

    offers: tuple[Offer, ...] = ()
    outbox: Outbox = NOTHING
    nobody: bool = True
    """Not one agent hears of it while it stands."""


def take_in(session: Session, *, new: NewReferral, rules: IntakeRules, at: datetime) -> Referral:
    """Adds a referral, open or held. Raises InvalidInput for an unknown team or agent."""
    _check_target(session, new)
    return add_referral(session, new=new, rules=rules, at=at)


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
    wave = session.scalar(select(func.max(Offer.wave)).where(Offer.referral_id == referral.id)) or 0
    offers = send_wave(session, referral_id=referral.id, agents=agents, window=window, at=at, wave=wave + 1)
    told_at = [at + place * head_start for place in range(len(offers))]
    announced = announce(session, offers=offers, at=at, told_at=told_at)
    return Offered(tuple(offers), Outbox(notifications=announced.at_once), announced.nobody)


def offer_on(session: Session, *, referral: Referral, but: Collection[UUID], window: Window, at: datetime) -> Offered:
    """Offers a locked referral that is open again to the others of its team, all but these agents. Raises LockTimeout.

    No offers, and nobody is told: there is nobody else.
    """
    agents = [agent for agent in named_agents(session, referral) if agent.id not in but]
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


def reopen_held(session: Session, *, referral_id: UUID) -> Referral | None:
    """Opens a held referral, locked; None if it is no longer held. Raises LockTimeout."""
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is None or referral.status is not ReferralStatus.HELD:
        return None
    reopen(referral)
    session.flush()
    return referral


def close_held(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Closes a held referral. Does nothing if it is no longer held. Raises LockTimeout."""
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is not None and referral.status is ReferralStatus.HELD:
        close(referral, at=at)
        session.flush()


def named_agents(session: Session, referral: Referral) -> list[Agent]:
    """Those of the agent or team it names who take its kind and are not paused; empty where it names nobody."""
    if referral.team_id is not None:
        return members_for(session, team_id=referral.team_id, kind=referral.kind)
    if referral.agent_id is not None:
        return agent_for(session, agent_id=referral.agent_id, kind=referral.kind)
    return []


def _check_target(session: Session, new: NewReferral) -> None:
    if new.team_id is not None and new.agent_id is not None:
        raise InvalidInput(FieldError("team_id", ONE_OR_NEITHER))
    if new.team_id is not None and session.get(Team, new.team_id) is None:
        raise InvalidInput(FieldError("team_id", "There is no such team."))
    if new.agent_id is not None and session.get(Agent, new.agent_id) is None:
        raise InvalidInput(FieldError("agent_id", "There is no such agent."))
