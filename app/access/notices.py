"""A sign-in link by mail with its code, or the code alone by text."""

from typing import TypedDict

from app.access.models import SignInLink
from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Draft, Kind, Sample, Subject
from app.people.models import Account


class SignInValues(TypedDict):
    """`agent_first_name` is None for an admin who is no agent."""

    agent_first_name: str | None
    link: str
    code: str
    """Six digits in two groups, to be typed where the link was asked for."""
    minutes: int


def _sign_in(draft: Draft) -> SignInValues:
    link = draft.session.get_one(SignInLink, draft.notification.sign_in_link_id)
    account = draft.session.get_one(Account, link.account_id)
    return SignInValues(
        agent_first_name=account.agent.first_name if account.agent else None,
        link=draft.links.sign_in(link.id),
        code=draft.links.sign_in_code(link.id),
        minutes=round((link.expires_at - link.created_at).total_seconds() / 60),
    )


def _sign_in_sample(sample: Sample) -> SignInValues:
    return SignInValues(
        agent_first_name=sample.cast.agent_first_name,
        link=sample.links.sign_in(NOBODY),
        code=sample.links.sign_in_code(NOBODY),
        minutes=30,
    )


SIGN_IN = KINDS.declare(
    Kind(
        name="sign_in",
        subject=Subject.SIGN_IN_LINK,
        channels=(Channel.EMAIL, Channel.SMS),
        title="Sign-in link",
        when="To anyone who asks for one.",
        place=7,
        values=_sign_in,
        sample=_sign_in_sample,
        awaited=True,
    )
)
