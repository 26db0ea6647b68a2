"""How people get into the portal."""

from tests.support.browser.browser import Visitor
from tests.support.world.network import AgentInTest
from tests.support.world.waiting import eventually


def sign_in_link(visitor: Visitor, agent: AgentInTest, next_path: str = "") -> str:
    """Asks for one on the page; the one in the mail that comes."""
    before = len(agent.mailbox.mails("sign-in link"))
    assert "Check your email" in visitor.post("/sign-in", email=agent.email, next=next_path).text
    eventually(lambda: len(agent.mailbox.mails("sign-in link")) > before, "the mail with the link")
    return agent.mailbox.gets_mail("sign-in link").link


def signed_in(url: str, agent: AgentInTest) -> Visitor:
    """The agent's browser, without scripts."""
    visitor = Visitor(url)
    return visitor.signs_in(sign_in_link(visitor, agent))
