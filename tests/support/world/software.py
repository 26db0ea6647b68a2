"""The network's own software, told by webhooks: an endpoint at the sandbox, set up on the desk."""

import re
from typing import Any

from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier

PAGES = "/admin/network/webhooks"
TOPICS = ("referral", "offer", "call", "claim", "booking", "client", "agent", "team")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
Event = dict[str, Any]


class Software:
    """One endpoint. It checks each signature, and one that is wrong is an error of the sandbox's."""

    def __init__(self, admin: Visitor, carrier: Carrier, name: str = "crm", topics: tuple[str, ...] = TOPICS) -> None:
        self.admin, self._carrier, self.name = admin, carrier, name
        self.url = f"{carrier.url}/webhooks/{name}"
        page = admin.post(PAGES, url=self.url, topics=list(topics))
        assert page.status_code == 200, page.text
        self.secret = SECRET.findall(page.text)[0]
        self.page = f"{PAGES}/{re.findall(PAGES + '/([0-9a-f-]{36})', page.text)[0]}"
        self.answers()

    def answers(self, *statuses: int, **how: Any) -> None:
        """Answers the next events with these statuses, and is well again after them."""
        self._carrier.act(f"webhooks/{self.name}", secret=self.secret, answers=list(statuses), **how)

    def requests(self) -> list[dict[str, Any]]:
        """What came, whatever it was answered."""
        return [one for one in self._carrier.state()["webhooks"] if one["endpoint"] == self.name]

    def told(self) -> list[Event]:
        """The events that it took, each once, in the order of their ids."""
        taken = {one["id"]: one["event"] for one in self.requests() if one["status"] in range(200, 300)}
        return [taken[id_] for id_ in sorted(taken)]

    def types(self) -> list[str]:
        """What it was told of."""
        return [event["type"] for event in self.told()]

    def waits_for(self, event_type: str) -> Event:
        """The first event of this type."""

        found: list[Event] = self._carrier.wait(
            lambda _state: [event for event in self.told() if event["type"] == event_type],
            f"{event_type} at {self.name}",
        )
        return found[0]

    def waits_for_requests(self, count: int) -> list[dict[str, Any]]:
        """All requests, once there are as many."""
        self._carrier.wait(lambda _state: len(self.requests()) >= count, f"{count} requests at {self.name}")
        return self.requests()
