"""What an agent hears when an admin gives them a client, or takes one back."""

from sqlalchemy import select

from app.claims.models import Claim
from app.notifications.cast import NOBODY
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.offers.notices import NeedValues, need_values, offer_of, read_offers


class AssignedValues(NeedValues):
    """For the agent who has the client now."""

    agent_first_name: str
    client_first_name: str
    link: str


class TakenBackValues(NeedValues):
    """For the agent who has them no more, and why."""

    agent_first_name: str
    client_first_name: str
    words: str
    link: str


def _assigned(draft: Draft) -> AssignedValues:
    offer = offer_of(draft.session, draft.notification)
    return AssignedValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        link=draft.links.portal(offer.referral_id),
    )


def _assigned_sample(sample: Sample) -> AssignedValues:
    return AssignedValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        link=sample.links.portal(NOBODY),
    )


def _taken_back(draft: Draft) -> TakenBackValues:
    offer = offer_of(draft.session, draft.notification)
    words = draft.session.scalars(select(Claim.end_words).where(Claim.offer_id == offer.id)).one()
    return TakenBackValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        words=words or "",
        link=draft.links.portal(offer.referral_id),
    )


def _taken_back_sample(sample: Sample) -> TakenBackValues:
    return TakenBackValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        words="They asked for somebody who speaks Spanish.",
        link=sample.links.portal(NOBODY),
    )


ASSIGNED = KINDS.declare(
    Kind(
        name="assigned",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Given to you",
        when="To an agent, when an admin gives them a client.",
        place=35,
        values=_assigned,
        sample=_assigned_sample,
        line="that it is theirs now",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        prefetch=read_offers,
    )
)
TAKEN_BACK = KINDS.declare(
    Kind(
        name="taken_back",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Taken back",
        when="To an agent, when an admin takes a client from them: why.",
        place=36,
        values=_taken_back,
        sample=_taken_back_sample,
        line="that it is theirs no more",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        prefetch=read_offers,
    )
)
