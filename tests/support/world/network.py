"""The referral network's own software: posts teams, agents and referrals over the API."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import requests

from app.config import load_settings
from app.core.tokens import Purpose, TokenSigner
from tests.support.browser.client_page import ClientPage
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.ledger.kinds import Way
from tests.support.ledger.ledger import Expected
from tests.support.phone.phone import Phone
from tests.support.world.mailbox import Mailbox

DIRECTORY = 212
"""Would make 555-1212, which is nobody's phone."""
_numbers = (number for number in itertools.count(1) if number % 1000 != DIRECTORY)
CREATED = 201


def wrong_fields(answer: requests.Response) -> list[str]:
    """The fields that a problem names."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return [error["field"] for error in problem["errors"]]


@dataclass
class AgentInTest:
    """An agent as the API answered, with phone and mailbox."""

    id: str
    name: str
    email: str
    phone: Phone
    mailbox: Mailbox
    team_id: str | None


class Network:
    """Speaks the API with a key."""

    def __init__(self, url: str, key: str, carrier: Carrier) -> None:
        self.url = url
        self.key = key
        self._carrier = carrier
        self.contacts: dict[str, set[str]] = {}
        """The phones and addresses that each agent was posted with, by the agent's id."""
        self.expected: list[Expected] = []

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        """One POST."""
        auth = {"Authorization": f"Bearer {self.key}"}
        answer = requests.post(f"{self.url}/api/v1{path}", json=body, headers={**auth, **headers}, timeout=15)
        if path == "/agents" and answer.status_code == CREATED:
            made = answer.json()
            self.contacts.setdefault(made["id"], set()).update({made["phone"], made["email"]})
        return answer

    def put(self, path: str, body: Any) -> requests.Response:
        """One PUT."""
        auth = {"Authorization": f"Bearer {self.key}"}
        return requests.put(f"{self.url}/api/v1{path}", json=body, headers=auth, timeout=15)

    def get(self, path: str) -> requests.Response:
        """One GET."""
        return requests.get(f"{self.url}/api/v1{path}", headers={"Authorization": f"Bearer {self.key}"}, timeout=15)

    def add_team(self, name: str = "") -> str:
        answer = self.post("/teams", {"name": name or f"Team {next(_numbers)}"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def add_agent(self, name: str = "Sam Ortiz", team_id: str | None = None, **other: Any) -> AgentInTest:
        number = next(_numbers)
        phone, email = f"+1512555{1000 + number}", f"{name.split(maxsplit=1)[0].lower()}{number}@agents.example"
        body = {
            "name": name, "email": email, "phone": phone, "time_zone": "America/Chicago", "takes": ["buyer", "seller"],
            **({"team_id": team_id} if team_id else {}), **other,
        }  # fmt: skip
        answer = self.post("/agents", body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return AgentInTest(
            made["id"],
            name,
            made["email"],
            self._carrier.phone(made["phone"]),
            self._carrier.inbox(made["email"]),
            team_id,
        )

    def referral_body(self, **other: Any) -> dict[str, Any]:
        number = next(_numbers)
        return {
            "kind": "seller",
            "client": {"name": "Maria Delgado", "phone": f"(512) 555-{7000 + number}", "email": "maria@mail.example"},
            "area": {"city": "Austin", "state": "TX", "zip": "78704"},
            "price": {"min": 590000, "max": 610000},
            "notes": "Would like to list in March.",
            **other,
        }

    def refer(self, **other: Any) -> dict[str, Any]:
        """Posts a referral; the answer."""
        answer = self.post("/referrals", self.referral_body(**other))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def referral(self, referral_id: str) -> dict[str, Any]:
        """What has become of a referral."""
        found: dict[str, Any] = self.get(f"/referrals/{referral_id}").json()
        return found

    def offers(self, referral: dict[str, Any]) -> dict[str, str]:
        """How the offer of each agent stands."""
        return {offer["agent_id"]: offer["status"] for offer in self.referral(referral["id"])["offers"]}

    def calls(self, referral: dict[str, Any]) -> list[str]:
        """How each call for it stands, oldest first."""
        return [call["status"] for call in self.referral(referral["id"])["calls"]]

    def link(self, referral: dict[str, Any], agent: AgentInTest) -> str:
        """The link of this agent's offer, also while no message has brought it."""
        offer_id = next(o["id"] for o in self.referral(referral["id"])["offers"] if o["agent_id"] == agent.id)
        token = TokenSigner(load_settings({}).secret_keys).sign(Purpose.OFFER, UUID(offer_id))
        return f"{self.url}/o/{token}"

    def page(self, referral: dict[str, Any], agent: AgentInTest) -> Page:
        """The page of this agent's offer, once the text with its link has come."""
        link = self.link(referral, agent)
        agent.phone.gets_text(link)
        return Page(link)

    def offered(self, agent: AgentInTest, **other: Any) -> tuple[dict[str, Any], Page]:
        """A referral to one agent, and its page."""
        referral = self.refer(agent_id=agent.id, **other)
        return referral, self.page(referral, agent)

    def client_page(self, referral: dict[str, Any]) -> ClientPage:
        """The page of this referral's client."""
        token = TokenSigner(load_settings({}).secret_keys).sign(Purpose.CLIENT, UUID(referral["id"]))
        return ClientPage(f"{self.url}/c/{token}")

    def expects(self, way: Way, to: str, words: str = "", *, times: int = 1) -> None:
        """May be sent in this test, though no row will explain it, since the test changes rows by hand."""
        self.expected.append(Expected(way, to, words, times))

    def client_phone(self, referral: dict[str, Any]) -> Phone:
        """The client's handset."""
        return self._carrier.phone(referral["client"]["phone"])
