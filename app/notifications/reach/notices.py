"""The first text to an agent, and the test that they send to themselves, to see whether a channel works."""

from typing import TypedDict

from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, ON_THREE, Draft, Kind, Sample, Subject
from app.people.models import Account


class TestValues(TypedDict):
    """A tap on it says that it arrived; on a notification, which can say so by itself, it shows the channels."""

    agent_first_name: str
    link: str


def _test(draft: Draft) -> TestValues:
    agent = draft.session.get_one(Account, draft.notification.account_id).agent
    assert agent is not None
    pushed = draft.notification.channel is Channel.PUSH
    link = draft.links.channels() if pushed else draft.links.arrived(draft.notification.id)
    return TestValues(agent_first_name=agent.first_name, link=link)


def _test_sample(sample: Sample) -> TestValues:
    link = sample.links.channels() if sample.channel is Channel.PUSH else sample.links.arrived(NOBODY)
    return TestValues(agent_first_name=sample.cast.agent_first_name, link=link)


def _welcome(of: Draft | Sample) -> dict[str, str]:
    return {"link": of.links.channels()}


WELCOME = KINDS.declare(
    Kind(
        name="welcome",
        subject=Subject.ACCOUNT,
        channels=(Channel.SMS,),
        title="First text",
        when="To an agent who was added, and has agreed to texts.",
        place=14,
        values=_welcome,
        sample=_welcome,
    )
)
TEST = KINDS.declare(
    Kind(
        name="test",
        subject=Subject.ACCOUNT,
        channels=(*ON_THREE, Channel.VOICE),
        title="Test",
        when="To an agent who wants to see that a channel works.",
        place=11,
        values=_test,
        sample=_test_sample,
        awaited=True,
        asks_for_key=True,
    )
)
