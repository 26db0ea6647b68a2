"""An agent at the portal, signed in without waiting for a mail, and what becomes of the tests they ask for."""

from uuid import UUID

from app.config import load_settings
from app.core.database.ids import new_id
from app.core.tokens import Purpose, TokenSigner
from tests.support.browser.browser import Visitor
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest

SIGN_IN = """
    INSERT INTO sign_in_link (id, account_id, expires_at, created_at)
    SELECT %s, account_id, now() + interval '1 hour', now() FROM agent WHERE id = %s RETURNING id
"""
OUTCOME = """
    UPDATE notification SET status = %s, error_code = %s, sent_at = now(), ended_at = CASE WHEN %s THEN now() END
     WHERE id = (SELECT n.id FROM notification n JOIN agent a ON a.account_id = n.account_id
                  WHERE a.id = %s AND n.kind = 'test' AND n.channel = %s ORDER BY n.id DESC LIMIT 1)
    RETURNING id
"""
OFF = """
    INSERT INTO agent_channel (agent_id, channel, off_at, off_reason, off_code)
    VALUES (%s, %s, now() - %s * interval '1 day', %s, %s)
    ON CONFLICT ON CONSTRAINT pk_agent_channel DO UPDATE
       SET off_at = excluded.off_at, off_reason = excluded.off_reason, off_code = excluded.off_code
    RETURNING agent_id
"""
DEVICE = """
    INSERT INTO push_subscription (id, account_id, endpoint, p256dh, auth, device, created_at, seen_at)
    SELECT %s, account_id, %s, 'p256dh', 'auth', %s, now(), now() FROM agent WHERE id = %s RETURNING id
"""


def token(purpose: Purpose, row_id: UUID) -> str:
    """A signed link's token, as the product makes it."""
    return TokenSigner(load_settings({}).secret_keys).sign(purpose, row_id)


def sign_in_link(url: str, database: Database, agent_id: object) -> str:
    """A fresh one, as if the agent had asked for it."""
    ((link_id,),) = database.rows(SIGN_IN, new_id(), agent_id)
    return f"{url}/sign-in/{token(Purpose.SIGN_IN, link_id)}"


class Portal:
    """One agent's portal, in a browser without scripts."""

    def __init__(self, url: str, database: Database, agent: AgentInTest) -> None:
        self.database, self.agent = database, agent
        self.sign_in_link = sign_in_link(url, database, agent.id)
        self.visitor = Visitor(url)

    def signs_in(self) -> "Portal":
        self.visitor.signs_in(self.sign_in_link)
        return self

    def loses(self, channel: str, reason: str, code: str | None = None, days_ago: int = 0) -> "Portal":
        """The channel dies."""
        self.database.rows(OFF, self.agent.id, channel, days_ago, reason, code)
        return self

    def has_push_on(self, device: str) -> UUID:
        """One more browser takes push."""
        ((id_,),) = self.database.rows(DEVICE, new_id(), f"https://push.example/{new_id()}", device, self.agent.id)
        return UUID(str(id_))

    def test_becomes(self, channel: str, status: str, code: str | None = None) -> None:
        """What the provider makes of the newest test."""
        over = status in ("delivered", "failed", "dropped")
        assert self.database.rows(OUTCOME, status, code, over, self.agent.id, channel), "no such test"

    def tests(self) -> list[tuple[str, str]]:
        """Channel and status of every test of this agent, oldest first."""
        query = (
            "SELECT channel, status FROM notification WHERE kind = 'test' AND account_id ="
            " (SELECT account_id FROM agent WHERE id = %s) ORDER BY id"
        )
        return [(str(channel), str(status)) for channel, status in self.database.rows(query, self.agent.id)]

    def state(self, channel: str) -> tuple[bool, str | None]:
        """Whether the channel is wanted, and why it is off."""
        query = "SELECT wanted, off_reason FROM agent_channel WHERE agent_id = %s AND channel = %s"
        found = self.database.rows(query, self.agent.id, channel)
        return (bool(found[0][0]), found[0][1]) if found else (True, None)
