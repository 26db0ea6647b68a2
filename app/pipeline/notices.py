"""Messages about a claimed referral: to admins, that it was reported or given back; to its agent, a reminder."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session

from app.claims.models import Claim, ClaimEnd
from app.core.language import gettext as _
from app.core.language import mark, ngettext
from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, Carried, Digest, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.models import Offer
from app.offers.notices import NeedValues, OfClientValues, need_values, of_client, of_client_sample, read_offers
from app.people.models import Agent
from app.pipeline.models import Deal, DealEvent, Report
from app.pipeline.stages import Stage
from app.referrals.models import Referral

REPORT_WORDS: dict[Report, str] = {
    Report.WRONG_NUMBER: mark("Wrong number"),
    Report.ALREADY_MINE: mark("Already my client"),
    Report.FAKE: mark("Not a real client"),
}


class ReleasedValues(NeedValues):
    """Of a referral that was given back. `others`: how many agents it was offered to then."""

    agent_name: str
    words: str
    others: int
    link: str


class FollowUpValues(OfClientValues):
    """Of a reminder. `days`: since the claim."""

    days: int


class ReportValues(NeedValues):
    """Of a report: who says what about which referral."""

    agent_name: str
    what: str
    words: str
    link: str


def _reported(draft: Draft) -> ReportValues:
    referral = draft.session.get_one(Referral, draft.notification.referral_id)
    query = select(DealEvent, Agent.name).join(Agent, Agent.id == DealEvent.agent_id)
    query = query.where(DealEvent.referral_id == referral.id, DealEvent.report.is_not(None))
    event, name = draft.session.execute(query.order_by(DealEvent.id).limit(1)).one()
    assert event.report is not None
    return ReportValues(
        **need_values(referral.need),
        agent_name=name,
        what=_(REPORT_WORDS[event.report]),
        words=event.words or "",
        link=draft.links.admin(referral.id),
    )


def _reported_sample(sample: Sample) -> ReportValues:
    return ReportValues(
        **need_values(sample.cast.need),
        agent_name=sample.cast.agent_first_name,
        what=_(REPORT_WORDS[Report.WRONG_NUMBER]),
        words="The man who answered has had this number for years.",
        link=sample.links.admin(NOBODY),
    )


def ended_claim(session: Session, *, referral_id: UUID, how: ClaimEnd) -> tuple[Claim, str, int]:
    """The last claim that ended like this, whose it was, and how many agents the referral was offered to since."""
    query = select(Claim, Agent.name).join(Agent, Agent.id == Claim.agent_id)
    query = query.where(Claim.referral_id == referral_id, Claim.ended_how == how)
    claim, name = session.execute(query.order_by(Claim.ended_at.desc()).limit(1)).one()
    offered = select(func.count()).where(Offer.referral_id == referral_id, Offer.created_at >= claim.ended_at)
    return claim, name, session.scalar(offered) or 0


def _released(draft: Draft) -> ReleasedValues:
    referral = draft.session.get_one(Referral, draft.notification.referral_id)
    claim, name, others = ended_claim(draft.session, referral_id=referral.id, how=ClaimEnd.RELEASED)
    return ReleasedValues(
        **need_values(referral.need),
        agent_name=name,
        words=claim.end_words or "",
        others=others,
        link=draft.links.admin(referral.id),
    )


def _released_sample(sample: Sample) -> ReleasedValues:
    return ReleasedValues(
        **need_values(sample.cast.need),
        agent_name=sample.cast.agent_first_name,
        words="I am away for two weeks from tomorrow.",
        others=2,
        link=sample.links.admin(NOBODY),
    )


def _follow_up(draft: Draft) -> FollowUpValues:
    claim = draft.session.scalars(select(Claim).where(Claim.offer_id == draft.notification.offer_id)).one()
    return FollowUpValues(**of_client(draft), days=(draft.at - claim.at).days)


def _follow_up_sample(sample: Sample) -> FollowUpValues:
    return FollowUpValues(**of_client_sample(sample), days=3)


def _why_not_followed_up(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    """They have talked, or the client is somebody else's."""
    query = (
        select(Claim.id)
        .outerjoin(Deal, Deal.referral_id == Claim.referral_id)
        .where(
            Claim.offer_id == notification.offer_id,
            Claim.follow_up_at.is_not(None),
            or_(Deal.stage.is_(None), Deal.stage == Stage.LEFT_VOICEMAIL),
        )
    )
    return None if session.scalar(query) is not None else Suppression.OVER


BAD_REFERRAL = KINDS.declare(
    Kind(
        name="bad_referral",
        subject=Subject.REFERRAL,
        channels=(Channel.EMAIL,),
        title="Bad referral",
        when="To admins, when an agent reports a wrong number, a client they had before, or a fake.",
        place=24,
        values=_reported,
        sample=_reported_sample,
        line="about what its agent reports",
        digest=Digest(
            lambda num: ngettext("%(num)s more referral was reported", "%(num)s more referrals were reported", num),
            still=true(),
        ),
    )
)
RELEASED = KINDS.declare(
    Kind(
        name="released",
        subject=Subject.REFERRAL,
        channels=(Channel.EMAIL,),
        title="Given back",
        when="To admins, when an agent gives a client back: why, and to how many others it goes.",
        place=25,
        values=_released,
        sample=_released_sample,
        line="that it was given back",
        repeats=True,
        digest=Digest(
            lambda num: ngettext("%(num)s more referral was given back", "%(num)s more referrals were given back", num),
            still=true(),
        ),
    )
)
FOLLOW_UP = KINDS.declare(
    Kind(
        name="follow_up",
        subject=Subject.OFFER,
        channels=(Channel.EMAIL, Channel.PUSH),
        title="Not reached yet",
        when="To the agent, twice a day for ten days, while they have not talked with their client.",
        place=28,
        values=_follow_up,
        sample=_follow_up_sample,
        line="that the client is not reached yet",
        over="they had talked by then",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        repeats=True,
        prefetch=read_offers,
        why_drop=_why_not_followed_up,
    )
)
