"""The network posts a referral: it is kept, offered, and everybody concerned is told; or held for an admin."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.core.database.locks import lock_wait
from app.core.errors import FieldError, InvalidInput
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_admins
from app.offers.admin_alert import alert_admins
from app.offers.announce import announce
from app.offers.models import Offer
from app.offers.notices import HELD
from app.offers.rules import OfferStatus
from app.offers.service import Until, Window, send_wave
from app.people.models import Agent, Team
from app.people.service import agent_for, members_for, takes
from app.referrals.intake_rules import IntakeRules
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.service import NewReferral, add_referral, close, lock_referral, reopen

NOTHING_HELD = IntakeRules()


@dataclass(frozen=True)
class Referred:
    """The referral and the offers of its first wave; none when it is held, or nobody who matches is available."""

    referral: Referral
    offers: tuple[Offer, ...]
    outbox: Outbox


def refer(
    session: Session, *, new: NewReferral, window: Window, at: datetime, rules: IntakeRules = NOTHING_HELD
) -> Referred:
    """Takes the referral in and sends its first wave. Raises InvalidInput for an unknown team or agent; LockTimeout.

    The same need of the same client, sent again within the time of `rules`, is offered to nobody: the admins decide.
    """
    _check_target(session, new)
    referral = add_referral(session, new=new, rules=rules, at=at)
    if referral.status is ReferralStatus.HELD:
        return Referred(referral, (), tell_admins(session, kind=HELD, referral_id=referral.id, at=at))
    return _offer(session, referral, _matching(session, referral), window=window, at=at)


def offer_on(session: Session, *, referral: Referral, but: Collection[UUID], window: Window, at: datetime) -> Referred:
    """Offers a locked referral that is open again to the others of its team, all but these agents. Raises LockTimeout.

    No offers, and nobody is told: there is nobody else.
    """
    wave = session.scalar(select(func.max(Offer.wave)).where(Offer.referral_id == referral.id)) or 0
    agents = [agent for agent in _matching(session, referral) if agent.id not in but]
    if not agents:
        return Referred(referral, (), NOTHING)
    return _offer(session, referral, agents, window=window, at=at, wave=wave + 1)


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


def release_held(session: Session, *, referral_id: UUID, window: Window, at: datetime) -> Outbox:
    """Offers a held referral. Does nothing if it is no longer held. Raises LockTimeout."""
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is None or referral.status is not ReferralStatus.HELD:
        return NOTHING
    reopen(referral)
    session.flush()
    return _offer(session, referral, _matching(session, referral), window=window, at=at).outbox


def close_held(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Closes a held referral. Does nothing if it is no longer held. Raises LockTimeout."""
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is not None and referral.status is ReferralStatus.HELD:
        close(referral, at=at)
        session.flush()


def _offer(
    session: Session, referral: Referral, agents: list[Agent], *, window: Window, at: datetime, wave: int = 1
) -> Referred:
    offers = send_wave(session, referral_id=referral.id, agents=agents, window=window, at=at, wave=wave)
    announced = announce(session, offers=offers, at=at)
    outbox = Outbox(notifications=announced.at_once)
    if announced.nobody:
        outbox += alert_admins(session, referral_id=referral.id, at=at)
    return Referred(referral, tuple(offers), outbox)


def _matching(session: Session, referral: Referral) -> list[Agent]:
    if referral.team_id is not None:
        return members_for(session, team_id=referral.team_id, kind=referral.kind)
    assert referral.agent_id is not None
    return agent_for(session, agent_id=referral.agent_id, kind=referral.kind)


def _check_target(session: Session, new: NewReferral) -> None:
    if (new.team_id is None) == (new.agent_id is None):
        raise InvalidInput(FieldError("team_id", "Give exactly one of team_id and agent_id."))
    if new.team_id is not None and session.get(Team, new.team_id) is None:
        raise InvalidInput(FieldError("team_id", "There is no such team."))
    if new.agent_id is not None and session.get(Agent, new.agent_id) is None:
        raise InvalidInput(FieldError("agent_id", "There is no such agent."))
