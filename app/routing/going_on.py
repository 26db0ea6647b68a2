"""A referral that nobody can claim goes on: to the next agents who fit, or to the admins. Nothing waits in silence."""

from datetime import datetime, timedelta
from secrets import randbits
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.queue.outbox import NOTHING, Outbox
from app.offers.admin_alert import alert_admins
from app.offers.announce import is_rung_at
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Window, last_wave
from app.offers.waves import Offered, offer_to
from app.people.models import Agent
from app.people.service import members_for
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral
from app.routing.models import Routed
from app.routing.plan import next_wave
from app.routing.rules import Rules, Then
from app.routing.versions import current, newest, version_of
from app.routing.wave import judge_all, keep_verdicts

SEED_BITS = 31


def go_on(session: Session, *, referral: Referral, window: Window, at: datetime) -> Outbox:
    """Asks the next agents, or tells the admins that there are none. The caller has locked the referral, or made it.

    Raises LockTimeout.
    """
    if referral.status is not ReferralStatus.OPEN:
        return NOTHING
    offered = _next(session, referral, window, at)
    if offered.nobody:
        return offered.outbox + alert_admins(session, referral_id=referral.id, at=at)
    return offered.outbox


def go_on_after_claim(session: Session, *, referral_id: UUID, window: Window, at: datetime) -> Outbox:
    """The same for a referral that its agent has no more, unless its team has been asked: the admins have been told.

    Raises LockTimeout.
    """
    referral = lock_referral(session, referral_id)
    if referral is None or _stands(session, referral_id):
        return NOTHING
    return _next(session, referral, window, at).outbox if referral.status is ReferralStatus.OPEN else NOTHING


def go_on_unless_asked(session: Session, *, referral: Referral, window: Window, at: datetime) -> Outbox:
    """Asks the next agents, unless some are asked already. An admin is on the line, and knows. Raises LockTimeout.

    The caller has locked the referral.
    """
    if referral.status is not ReferralStatus.OPEN or _stands(session, referral.id):
        return NOTHING
    return _next(session, referral, window, at).outbox


def ask_now(session: Session, *, referral: Referral, window: Window, at: datetime, most: int) -> Outbox:
    """Asks the next agents who can be rung at this moment, `most` of them and all at once, as a wave of its own.

    Nobody is asked where the referral names who it is for. The caller has locked the referral. Raises LockTimeout.
    """
    routed = session.get(Routed, referral.id)
    if routed is None and (referral.agent_id is not None or referral.team_id is not None):
        return NOTHING
    routed = routed or _routed(session, referral, at)
    rules = version_of(session, routed.rules_id).rules
    judged = judge_all(session, referral, rules=rules, seed=routed.seed, at=at)
    fit = _in_this_order(session, [one.agent_id for one in judged if one.is_eligible])
    asked = [agent for agent in fit if is_rung_at(agent, at)][:most]
    if not asked:
        return NOTHING
    number = last_wave(session, referral_id=referral.id) + 1
    keep_verdicts(
        session, referral_id=referral.id, wave=number, judged=judged, asked=[agent.id for agent in asked], at=at
    )
    routed.waves = min(routed.waves + 1, rules.waves)
    return offer_to(session, referral=referral, agents=asked, window=_window(rules, window), at=at).outbox


def _next(session: Session, referral: Referral, window: Window, at: datetime) -> Offered:
    routed = session.get(Routed, referral.id)
    if routed is None:
        then, rules = _after_the_named(session, referral)
        team = _others_of_team(session, referral) if then is Then.TEAM else []
        if team:
            return offer_to(session, referral=referral, agents=team, window=window, at=at)
        if then is Then.TEAM:
            then = rules.after_team
        if then is not Then.WAVES:
            return Offered()
        routed = _routed(session, referral, at)
    return _routed_wave(session, referral, routed, window, at)


def _routed_wave(session: Session, referral: Referral, routed: Routed, window: Window, at: datetime) -> Offered:
    rules = version_of(session, routed.rules_id).rules
    judged = judge_all(session, referral, rules=rules, seed=routed.seed, at=at)
    fit = [one.agent_id for one in judged if one.is_eligible]
    asked = next_wave(fit, sent=routed.waves, pooled=routed.pooled_at is not None, rules=rules)
    number = last_wave(session, referral_id=referral.id) + 1
    keep_verdicts(session, referral_id=referral.id, wave=number, judged=judged, asked=asked, at=at)
    if not asked:
        return Offered()
    if routed.waves < rules.waves:
        routed.waves += 1
    else:
        routed.pooled_at = at
    return offer_to(
        session,
        referral=referral,
        agents=_in_this_order(session, asked),
        window=_window(rules, window),
        at=at,
        head_start=timedelta(seconds=rules.head_start_seconds),
    )


def _routed(session: Session, referral: Referral, at: datetime) -> Routed:
    """Begins to route it, by the rules of the moment."""
    routed = Routed(referral_id=referral.id, rules_id=newest(session, at=at).id, seed=randbits(SEED_BITS), at=at)
    session.add(routed)
    session.flush()
    return routed


def _window(rules: Rules, window: Window) -> Window:
    return Window(rules.window_minutes) if rules.window_minutes is not None else window


def _after_the_named(session: Session, referral: Referral) -> tuple[Then, Rules]:
    """What follows an agent or a team by name; who names nobody is routed from the start."""
    rules = current(session)
    if referral.agent_id is not None:
        return rules.after_agent, rules
    return (rules.after_team if referral.team_id is not None else Then.WAVES), rules


def _others_of_team(session: Session, referral: Referral) -> list[Agent]:
    named = session.get(Agent, referral.agent_id) if referral.agent_id is not None else None
    if named is None or named.team_id is None:
        return []
    had = set(session.scalars(select(Offer.agent_id).where(Offer.referral_id == referral.id)))
    members = members_for(session, team_id=named.team_id, kind=referral.kind)
    return [agent for agent in members if agent.id not in had and agent.id != named.id]


def _stands(session: Session, referral_id: UUID) -> bool:
    query = select(Offer.id).where(Offer.referral_id == referral_id, Offer.status == OfferStatus.SENT)
    return session.scalar(query.limit(1)) is not None


def _in_this_order(session: Session, agent_ids: list[UUID]) -> list[Agent]:
    found = {agent.id: agent for agent in session.scalars(select(Agent).where(Agent.id.in_(agent_ids)))}
    return [found[id_] for id_ in agent_ids]
