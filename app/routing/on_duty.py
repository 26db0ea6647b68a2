"""An agent comes back, or their hours begin: they are offered what is still open and fits."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.core.database.ids import first_id
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.announce import announce
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Until, Window, last_wave, send_wave
from app.offers.waves import offer_what_is_open as offer_what_the_team_has
from app.people.areas import areas_of, covers
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral
from app.routing.candidates import candidates, had_before, place_of, wanted_of
from app.routing.eligibility import Candidate
from app.routing.models import Routed
from app.routing.records import Records, records_of
from app.routing.versions import version_of
from app.routing.wave import judge, keep_verdicts

FRESH = timedelta(days=7)
"""Older ones are left to the admins."""
MOST = 50
"""So many referrals at once, the newest ones."""


def offer_what_is_open(session: Session, *, agent: Agent, window: Window, at: datetime) -> Outbox:
    """Offers what their team can still claim and what was routed, for as long as it stands; what nobody can claim any
    more, for a window of its own.

    To be called before the agent's own row is changed, in the same transaction: referrals are locked before agents.
    Raises LockTimeout.
    """
    if agent.left_at is not None:
        return NOTHING
    with lock_wait(session):
        routed = [lock_referral(session, referral_id) for referral_id in _routed_around(session, agent, at)]
    outbox = offer_what_the_team_has(session, agent=agent, at=at)
    still_open = [one for one in routed if one is not None and one.status is ReferralStatus.OPEN]
    if not still_open:
        return outbox
    (known,) = candidates(session, [agent.id], at=at, as_if_back=agent.id)
    records = records_of(session, [agent.id])
    for referral in still_open:
        before = had_before(session, [agent.id], referral).get(agent.id)
        outbox += _offer(session, referral, agent, replace(known, before=before), records, window, at)
    return outbox


def _routed_around(session: Session, agent: Agent, at: datetime) -> list[UUID]:
    """Fresh referrals in the agent's areas that they have had no offer of, ids ascending."""
    had = aliased(Offer)
    query = (
        select(Referral)
        .join(Routed, Routed.referral_id == Referral.id)
        .where(Referral.status == ReferralStatus.OPEN, Referral.id >= first_id(at - FRESH))
        .where(~select(had.id).where(had.referral_id == Referral.id, had.agent_id == agent.id).exists())
        .order_by(Referral.id.desc())
    )
    areas = areas_of(session, [agent.id])[agent.id]
    near = [one.id for one in session.scalars(query) if any(covers(area, place_of(one)) for area in areas)]
    return sorted(near[:MOST])


def _offer(  # noqa: PLR0917
    session: Session, referral: Referral, agent: Agent, known: Candidate, records: Records, window: Window, at: datetime
) -> Outbox:
    routed = session.get_one(Routed, referral.id)
    rules = version_of(session, routed.rules_id).rules
    judged = judge([known], wanted_of(referral), rules, records, seed=routed.seed, at=at)
    if not judged[0].is_eligible:
        return NOTHING
    standing = select(func.max(Offer.expires_at)).where(
        Offer.referral_id == referral.id, Offer.status == OfferStatus.SENT, Offer.expires_at > at
    )
    wave = max(1, last_wave(session, referral_id=referral.id))
    ends_at = session.scalar(standing)
    offers = send_wave(
        session,
        referral_id=referral.id,
        agents=[agent],
        window=Until(ends_at) if ends_at is not None else window,
        at=at,
        wave=wave,
    )
    keep_verdicts(session, referral_id=referral.id, wave=wave, judged=judged, asked=[agent.id], at=at)
    return Outbox(notifications=announce(session, offers=offers, at=at).at_once)
