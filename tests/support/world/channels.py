"""The channels of agents in a product that runs in this process: what they want, what has died, who was told."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from app.core.clock import now
from app.extensions import db
from app.notifications.channels.rules import Channel, OffReason
from app.notifications.channels.states import set_preference, switch_off
from app.notifications.channels.subscriptions import Browser, subscribe
from tests.support.world.in_process import NOON, InProcess

OFFERED = """
    SELECT account.email, notification.channel, notification.due_at, notification.push_subscription_id
      FROM notification JOIN account ON account.id = notification.account_id
     WHERE notification.kind = 'offer' AND notification.status = 'queued' ORDER BY notification.id
"""


class TeamInTest:
    """A team of agents in Austin, at noon. Agents are numbered."""

    def __init__(self, product: InProcess, members: int) -> None:
        self.product = product
        self.id = product.network(members=members)
        rows = product.rows("SELECT id, account_id FROM agent ORDER BY id")
        self.agents: list[UUID] = [row["id"] for row in rows]
        self._accounts: list[UUID] = [row["account_id"] for row in rows]

    def prefers(
        self, agent: int, channel: Channel, *, wanted: bool = True, quiet: tuple[time, time] | None = None
    ) -> None:
        """What this agent has set for the channel."""
        with self.product.app.app_context():
            set_preference(db.session(), agent_id=self.agents[agent], channel=channel, wanted=wanted, quiet=quiet)
            db.session.commit()

    def loses(self, agent: int, channel: Channel, reason: OffReason) -> None:
        """The channel of this agent dies."""
        with self.product.app.app_context():
            switch_off(db.session(), agent_id=self.agents[agent], channel=channel, reason=reason, at=now())
            db.session.commit()

    def turns_push_on(self, agent: int, device: str) -> UUID:
        """On one more browser."""
        with self.product.app.app_context():
            browser = Browser(f"https://push.example/{agent}/{device}", "p256dh", "auth", device)
            made = subscribe(db.session(), account_id=self._accounts[agent], browser=browser, at=now())
            db.session.commit()
            return made.id

    def is_offered(self) -> dict[int, set[str]]:
        """A referral comes in; by what each agent is told of it."""
        self.product.refers(self.id)
        told: dict[int, set[str]] = {number: set() for number in range(len(self.agents))}
        for row in self.messages():
            told[int(row["email"].removeprefix("agent").partition("@")[0])].add(row["channel"])
        return told

    def messages(self) -> list[dict[str, Any]]:
        """The messages of offers, in the order in which they were queued."""
        return self.product.rows(OFFERED)

    def due(self, channel: Channel) -> datetime:
        """When the one message on this channel goes out."""
        (row,) = [row for row in self.messages() if row["channel"] == channel]
        due: datetime = row["due_at"]
        return due

    def admins_told(self) -> int:
        """How many admins hear at once that nobody was told."""
        due = "SELECT count(*) AS told FROM notification WHERE kind = 'no_agent' AND due_at <= %s"
        told: int = self.product.rows(due, NOON)[0]["told"]
        return told
