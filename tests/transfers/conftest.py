"""An admin with a phone, and agents who have agreed to be rung."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.phone.phone import Phone
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually

ADVISER_PHONE = "+15125550188"
ALL_DAY = {"wanted": "yes", "ring_from": "00:00", "ring_until": "23:59"}


class Adviser:
    """An admin at the desk, with a phone beside it."""

    def __init__(self, product: Product, network: Network, carrier: Carrier) -> None:
        self.product, self.network = product, network
        self.phone: Phone = carrier.phone(ADVISER_PHONE)
        self.visitor = Visitor(product.url).signs_in(flask(product, "admins", "create", "ana@network.example").strip())

    def asks(self, referral: dict[str, Any], **fields: str) -> str:
        """Taps "Call me, then the client", or with `by` the other button; what the page says then."""
        answer = self.visitor.post(
            f"/admin/referrals/{referral['id']}/transfer", **{"phone": "(512) 555-0188", **fields}
        )
        return read_words(answer.text)

    def does(self, what: str, referral: dict[str, Any], **fields: str) -> str:
        return read_words(self.visitor.post(f"/admin/referrals/{referral['id']}/transfer/{what}", **fields).text)

    def talks_to(self, client: Phone, referral: dict[str, Any]) -> None:
        """From the tap until the two hear each other."""
        self.asks(referral)
        self.phone.rings().answer().hears("Press 1").press("1").hears("Ringing")
        client.rings().answer().hears("in a conference with")
        self.phone.hears("in a conference with")

    def has_a_client_on_the_line(self, rung: Callable[[str], AgentInTest]) -> tuple[AgentInTest, dict[str, Any], Phone]:
        """And an agent who has the offer, and has let it ring by; agent, referral, and the client's phone."""
        sam = rung("Sam Ortiz")
        referral = self.network.refer(agent_id=sam.id)
        sam.phone.rings().decline().is_over()
        client = self.network.client_phone(referral)
        self.talks_to(client, referral)
        return sam, referral, client

    def reads(self, referral: dict[str, Any], words: str) -> None:
        """Waits until the page says `words`."""
        page = f"/admin/referrals/{referral['id']}"
        eventually(lambda: words in read_words(self.visitor.get(page).text), f"{words!r} on the desk")


@pytest.fixture
def adviser(product: Product, network: Network, carrier: Carrier) -> Adviser:
    return Adviser(product, network, carrier)


@pytest.fixture
def rung(product: Product, network: Network) -> Callable[[str], AgentInTest]:
    """Makes agents who serve Texas, and have agreed to be rung for new offers."""

    def make(name: str, **other: Any) -> AgentInTest:
        agent = network.add_agent(name, **{"serves": {"areas": ["TX"]}, **other})
        assert signed_in(product.url, agent).post("/channels/voice/first", **ALL_DAY).status_code == 200
        return agent

    return make


@pytest.fixture
def a_minute_passes(database: Database, product: Product) -> Callable[[], None]:
    """Until nobody rings any more."""

    def pass_it() -> None:
        database.time_passes(seconds=61)
        eventually(lambda: not select(product, "SELECT 1 FROM transfer WHERE status = 'ringing'"), "the minute is over")

    return pass_it
