"""The message to the admins that an agent has reported a referral."""

from sqlalchemy import select

from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Draft, Kind, Sample, Subject
from app.offers.notices import NeedValues, need_values
from app.people.models import Agent
from app.pipeline.models import DealEvent, Report
from app.referrals.models import Referral

REPORT_WORDS: dict[Report, str] = {
    Report.WRONG_NUMBER: "Wrong number",
    Report.ALREADY_MINE: "Already my client",
    Report.FAKE: "Not a real client",
}


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
        what=REPORT_WORDS[event.report],
        words=event.words or "",
        link=draft.links.admin(referral.id),
    )


def _reported_sample(sample: Sample) -> ReportValues:
    return ReportValues(
        **need_values(sample.cast.need),
        agent_name=sample.cast.agent_first_name,
        what=REPORT_WORDS[Report.WRONG_NUMBER],
        words="The man who answered has had this number for years.",
        link=sample.links.admin(NOBODY),
    )


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
    )
)
