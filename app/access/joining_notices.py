"""Messages about joining: to the inviter, that somebody has asked; to the new agent, that they have been accepted."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.models import Invitation, JoinRequest
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.people.models import Account


class JoinAskedValues(TypedDict):
    """`names` lists everybody who is waiting now, so the latest message covers the earlier ones.

    `lead_first_name` is None for an admin.
    """

    lead_first_name: str | None
    names: list[str]
    link: str


class JoinedValues(TypedDict):
    """For the new agent. `team` is None if they joined without one."""

    agent_first_name: str
    team: str | None
    link: str


def _reader(session: Session, notification: Notification) -> Account:
    return session.get_one(Account, notification.account_id)


def _asked(draft: Draft) -> JoinAskedValues:
    reader = _reader(draft.session, draft.notification)
    names = _names(draft.session, reader)
    if reader.is_admin or reader.agent is None:
        return JoinAskedValues(lead_first_name=None, names=names, link=draft.links.invitations())
    return JoinAskedValues(lead_first_name=reader.agent.first_name, names=names, link=draft.links.team())


def _names(session: Session, reader: Account) -> list[str]:
    """Names of the people waiting for this reader's answer."""
    theirs = [Invitation.account_id == reader.id]
    if reader.agent is not None and reader.agent.team_id is not None:
        theirs.append(JoinRequest.team_id == reader.agent.team_id)
    waiting = select(JoinRequest.name).join(Invitation, Invitation.id == JoinRequest.invitation_id)
    waiting = waiting.where(or_(*theirs), JoinRequest.decided_at.is_(None))
    return list(session.scalars(waiting.order_by(JoinRequest.id)))


def _why_drop_asked(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    return None if _names(session, _reader(session, notification)) else Suppression.OVER


def _asked_sample(sample: Sample) -> JoinAskedValues:
    return JoinAskedValues(
        lead_first_name=sample.cast.agent_first_name, names=[sample.cast.client.name], link=sample.links.team()
    )


def _joined(draft: Draft) -> JoinedValues:
    agent = _reader(draft.session, draft.notification).agent
    assert agent is not None
    team = agent.team.name if agent.team is not None else None
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
        when="To the leads of a team, or the admin who invited, when somebody asks to join by their link.",
        place=29,
        values=_asked,
        sample=_asked_sample,
        repeats=True,
        why_drop=_why_drop_asked,
    )
)
JOINED = KINDS.declare(
    Kind(
        name="joined",
        subject=Subject.ACCOUNT,
        channels=(Channel.EMAIL,),
        title="Let in",
        when="To the person who asked to join, once somebody has let them in.",
        place=30,
        values=_joined,
        sample=_joined_sample,
    )
)
