"""Messages about a client whose agent has not been at work: two warnings, and that the client went on."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.claims.models import Claim, ClaimEnd
from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.models import Offer
from app.offers.notices import NeedValues, need_values, offer_of, read_offers
from app.people.models import Agent
from app.referrals.models import Referral
from app.routing.at_work import goes_on


class UnworkedValues(NeedValues):
    """Of a warning: when the client goes to another agent, unless something is done."""

    agent_first_name: str
    client_first_name: str
    goes_on_at: datetime
    time_zone: str
    link: str


class WentOnValues(NeedValues):
    """For the agent whose client went on."""

    agent_first_name: str
    client_first_name: str
    hours: int
    link: str


class NotWorkedValues(NeedValues):
    """For the admins. `others`: how many agents it was offered to then."""

    agent_name: str
    hours: int
    others: int
    link: str


def _unworked(draft: Draft) -> UnworkedValues:
    offer = offer_of(draft.session, draft.notification)
    claim = _claim_of(draft.session, draft.notification)
    return UnworkedValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        goes_on_at=goes_on(draft.session, claim, draft.at) or draft.at,
        time_zone=offer.agent.time_zone,
        link=draft.links.portal(offer.referral_id),
    )


def _unworked_sample(sample: Sample) -> UnworkedValues:
    return UnworkedValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        goes_on_at=sample.at + timedelta(hours=24),
        time_zone="America/Chicago",
        link=sample.links.portal(NOBODY),
    )


def _went_on(draft: Draft) -> WentOnValues:
    offer, claim = offer_of(draft.session, draft.notification), _claim_of(draft.session, draft.notification)
    return WentOnValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        hours=_hours(claim),
        link=draft.links.portal(offer.referral_id),
    )


def _went_on_sample(sample: Sample) -> WentOnValues:
    return WentOnValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        hours=48,
        link=sample.links.portal(NOBODY),
    )


def _not_worked(draft: Draft) -> NotWorkedValues:
    referral = draft.session.get_one(Referral, draft.notification.referral_id)
    query = select(Claim, Agent.name).join(Agent, Agent.id == Claim.agent_id)
    query = query.where(Claim.referral_id == referral.id, Claim.ended_how == ClaimEnd.NOT_WORKED)
    claim, name = draft.session.execute(query.order_by(Claim.ended_at.desc()).limit(1)).one()
    offered = select(func.count()).where(Offer.referral_id == referral.id, Offer.created_at >= claim.ended_at)
    return NotWorkedValues(
        **need_values(referral.need),
        agent_name=name,
        hours=_hours(claim),
        others=draft.session.scalar(offered) or 0,
        link=draft.links.admin(referral.id),
    )


def _not_worked_sample(sample: Sample) -> NotWorkedValues:
    return NotWorkedValues(
        **need_values(sample.cast.need),
        agent_name=sample.cast.agent_first_name,
        hours=48,
        others=2,
        link=sample.links.admin(NOBODY),
    )


def _hours(claim: Claim) -> int:
    """Since the claim, when it ended."""
    return round((claim.ended_at - claim.at) / timedelta(hours=1)) if claim.ended_at is not None else 0


def _claim_of(session: Session, notification: Notification) -> Claim:
    return session.scalars(select(Claim).where(Claim.offer_id == notification.offer_id)).one()


def _why_not_warned(session: Session, notification: Notification, at: datetime) -> Suppression | None:
    """They have done something since."""
    return None if goes_on(session, _claim_of(session, notification), at) is not None else Suppression.OVER


UNWORKED = KINDS.declare(
    Kind(
        name="unworked",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Waiting for a word",
        when="To the agent, twice, when their client has heard nothing from them for as long as routing allows.",
        place=32,
        values=_unworked,
        sample=_unworked_sample,
        line="that the client will go to another agent",
        over="they had been at work by then",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        repeats=True,
        prefetch=read_offers,
        why_drop=_why_not_warned,
    )
)
WENT_ON = KINDS.declare(
    Kind(
        name="went_on",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Gone to another agent",
        when="To the agent, when their client goes to another because they have done nothing.",
        place=33,
        values=_went_on,
        sample=_went_on_sample,
        line="that it went to another agent",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        prefetch=read_offers,
    )
)
NOT_WORKED = KINDS.declare(
    Kind(
        name="not_worked",
        subject=Subject.REFERRAL,
        channels=(Channel.EMAIL,),
        title="Not worked",
        when="To admins, when a referral goes on because its agent did nothing after two warnings.",
        place=34,
        values=_not_worked,
        sample=_not_worked_sample,
        line="that its agent did nothing, and it went on",
        repeats=True,
    )
)
