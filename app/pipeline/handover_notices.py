"""Messages about a handover: the request to a teammate, and the answer to the agent who asked."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notifications.cast import NOBODY
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.notices import NeedValues, need_values
from app.people.models import Agent
from app.pipeline.models import Handover, HandoverStatus
from app.referrals.models import Referral

ANSWERS = (HandoverStatus.ACCEPTED, HandoverStatus.REFUSED)


class HandoverValues(NeedValues):
    """Of a client whom an agent wants to hand over."""

    agent_first_name: str
    teammate_first_name: str
    words: str
    link: str


class AnsweredValues(NeedValues):
    """Of the teammate's answer."""

    agent_first_name: str
    teammate_first_name: str
    client_first_name: str
    accepted: bool
    link: str


def _asked(draft: Draft) -> HandoverValues:
    handover = _newest_handover(draft)
    referral = draft.session.get_one(Referral, handover.referral_id)
    return HandoverValues(
        **need_values(referral.need),
        agent_first_name=draft.session.get_one(Agent, handover.to_agent_id).first_name,
        teammate_first_name=draft.session.get_one(Agent, handover.from_agent_id).first_name,
        words=handover.words or "",
        link=draft.links.portal(referral.id),
    )


def _asked_sample(sample: Sample) -> HandoverValues:
    return HandoverValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        teammate_first_name=sample.cast.winner_first_name,
        words="They look near your office.",
        link=sample.links.portal(NOBODY),
    )


def _answered(draft: Draft) -> AnsweredValues:
    handover = _newest_handover(draft)
    referral = draft.session.get_one(Referral, handover.referral_id)
    return AnsweredValues(
        **need_values(referral.need),
        agent_first_name=draft.session.get_one(Agent, handover.from_agent_id).first_name,
        teammate_first_name=draft.session.get_one(Agent, handover.to_agent_id).first_name,
        client_first_name=referral.client.first_name,
        accepted=handover.status is HandoverStatus.ACCEPTED,
        link=draft.links.portal(referral.id),
    )


def _answered_sample(sample: Sample) -> AnsweredValues:
    return AnsweredValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        teammate_first_name=sample.cast.winner_first_name,
        client_first_name=sample.cast.client.first_name,
        accepted=True,
        link=sample.links.portal(NOBODY),
    )


def _newest_handover(draft: Draft) -> Handover:
    """The one that this message is about: asked or answered when it was queued."""
    of = draft.notification
    query = select(Handover).where(Handover.referral_id == of.referral_id)
    if of.kind is HANDOVER_ASKED:
        query = query.where(Handover.asked_at == of.created_at)
    else:
        query = query.where(Handover.ended_at == of.created_at, Handover.status.in_(ANSWERS))
    return draft.session.scalars(query).one()


def _why_not_asked(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    query = select(Handover.id).join(Agent, Agent.id == Handover.to_agent_id)
    query = query.where(
        Handover.referral_id == notification.referral_id,
        Handover.status == HandoverStatus.ASKED,
        Agent.account_id == notification.account_id,
    )
    return None if session.scalar(query) is not None else Suppression.OVER


HANDOVER_ASKED = KINDS.declare(
    Kind(
        name="handover_asked",
        subject=Subject.REFERRAL,
        channels=ON_THREE,
        title="A client to take over",
        when="To a teammate, when an agent wants to hand a client over.",
        place=26,
        values=_asked,
        sample=_asked_sample,
        line="whether they take the client over",
        over="the question did not stand any more",
        carried=Carried.WHILE_ON,
        repeats=True,
        why_drop=_why_not_asked,
    )
)
HANDOVER_ANSWERED = KINDS.declare(
    Kind(
        name="handover_answered",
        subject=Subject.REFERRAL,
        channels=ON_THREE,
        title="Handover answered",
        when="To the agent who asked, when the teammate has said yes or no.",
        place=27,
        values=_answered,
        sample=_answered_sample,
        line="what the teammate said",
        carried=Carried.WHILE_ON,
        repeats=True,
    )
)
