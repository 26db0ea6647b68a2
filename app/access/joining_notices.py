"""That somebody asks to join a team, to its leads; and that they are in it, to them."""

from typing import TypedDict

from sqlalchemy import select

from app.access.models import JoinRequest
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.people.models import Account, Agent


class JoinAskedValues(TypedDict):
    """`names` of all who wait now: a lead who reads the second mail first has read both."""

    agent_first_name: str
    names: list[str]
    link: str


class JoinedValues(TypedDict):
    """Of the message to a new member of a team."""

    agent_first_name: str
    team: str
    link: str


def _reader(draft: Draft, notification: Notification) -> Agent:
    agent = draft.session.get_one(Account, notification.account_id).agent
    assert agent is not None
    return agent


def _asked(draft: Draft) -> JoinAskedValues:
    lead = _reader(draft, draft.notification)
    waiting = select(JoinRequest.name).where(JoinRequest.team_id == lead.team_id, JoinRequest.decided_at.is_(None))
    names = list(draft.session.scalars(waiting.order_by(JoinRequest.id)))
    return JoinAskedValues(agent_first_name=lead.first_name, names=names, link=draft.links.team())


def _asked_sample(sample: Sample) -> JoinAskedValues:
    return JoinAskedValues(
        agent_first_name=sample.cast.agent_first_name, names=[sample.cast.client.name], link=sample.links.team()
    )


def _joined(draft: Draft) -> JoinedValues:
    agent = _reader(draft, draft.notification)
    team = agent.team.name if agent.team is not None else ""
    return JoinedValues(agent_first_name=agent.first_name, team=team, link=draft.links.channels())


def _joined_sample(sample: Sample) -> JoinedValues:
    return JoinedValues(
        agent_first_name=sample.cast.agent_first_name, team="Lakeline Homes", link=sample.links.channels()
    )


JOIN_ASKED = KINDS.declare(
    Kind(
        name="join_asked",
        subject=Subject.ACCOUNT,
        channels=(Channel.EMAIL, Channel.PUSH),
        title="Somebody asks to join",
        when="To the leads of a team, when somebody asks to join it by their link.",
        place=29,
        values=_asked,
        sample=_asked_sample,
        repeats=True,
    )
)
JOINED = KINDS.declare(
    Kind(
        name="joined",
        subject=Subject.ACCOUNT,
        channels=(Channel.EMAIL,),
        title="Let into a team",
        when="To the person who asked to join, once a lead has let them in.",
        place=30,
        values=_joined,
        sample=_joined_sample,
    )
)
