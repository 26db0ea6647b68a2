"""Messages about a client whose agent has not been at work: two warnings, and that the client went on."""

from datetime import datetime, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.claims.models import Claim, ClaimEnd
from app.core.language import ngettext
from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, ON_THREE, Carried, Digest, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.notices import (
    NeedValues,
    OfClientValues,
    need_values,
    of_client,
    of_client_sample,
    offer_of,
    read_offers,
)
from app.pipeline.notices import ended_claim
from app.referrals.models import Referral
from app.routing.at_work import goes_on


class UnworkedValues(OfClientValues):
    """Of a warning: when the client goes to another agent, unless something is done."""

    goes_on_at: datetime
    time_zone: str


class WentOnValues(OfClientValues):
    """For the agent whose client went on."""

    hours: int


class NotWorkedValues(NeedValues):
    """For the admins. `others`: how many agents it was offered to then."""

    agent_name: str
    hours: int
    others: int
    link: str


def _unworked(draft: Draft) -> UnworkedValues:
    claim = _claim_of(draft.session, draft.notification)
    return UnworkedValues(
        **of_client(draft),
        goes_on_at=goes_on(draft.session, claim, draft.at) or draft.at,
        time_zone=offer_of(draft.session, draft.notification).agent.time_zone,
    )


def _unworked_sample(sample: Sample) -> UnworkedValues:
    in_a_day = sample.at + timedelta(hours=24)
    return UnworkedValues(**of_client_sample(sample), goes_on_at=in_a_day, time_zone="America/Chicago")


def _went_on(draft: Draft) -> WentOnValues:
    return WentOnValues(**of_client(draft), hours=_hours(_claim_of(draft.session, draft.notification)))


def _went_on_sample(sample: Sample) -> WentOnValues:
    return WentOnValues(**of_client_sample(sample), hours=48)


def _not_worked(draft: Draft) -> NotWorkedValues:
    referral = draft.session.get_one(Referral, draft.notification.referral_id)
    claim, name, others = ended_claim(draft.session, referral_id=referral.id, how=ClaimEnd.NOT_WORKED)
    return NotWorkedValues(
        **need_values(referral.need),
        agent_name=name,
        hours=_hours(claim),
        others=others,
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
        digest=Digest(
            lambda num: ngettext(
                "%(num)s more referral was claimed and not worked",
                "%(num)s more referrals were claimed and not worked",
                num,
            ),
            still=true(),
        ),
    )
)
