"""How people get into the portal."""

from tests.support.browser.browser import Visitor
from tests.support.world.network import AgentInTest
from tests.support.world.waiting import eventually

SUBJECTS = ("sign-in link", "enlace para entrar")
"""In the language of the agent."""


def sign_in_link(visitor: Visitor, agent: AgentInTest, next_path: str = "") -> str:
    """Asks for one on the page; the one in the mail that comes."""
    before = sum(len(agent.mailbox.mails(subject)) for subject in SUBJECTS)
    assert "Check your email" in visitor.post("/sign-in", email=agent.email, next=next_path).text
    eventually(
        lambda: sum(len(agent.mailbox.mails(subject)) for subject in SUBJECTS) > before, "the mail with the link"
    )
    subject = next(subject for subject in SUBJECTS if agent.mailbox.mails(subject))
    return agent.mailbox.gets_mail(subject).link


def signed_in(url: str, agent: AgentInTest) -> Visitor:
    """The agent's browser, without scripts."""
    visitor = Visitor(url)
    return visitor.signs_in(sign_in_link(visitor, agent))
