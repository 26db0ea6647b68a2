"""Every page of the desk on a busy morning: it fits, reads well to a screen reader, and has its picture taken."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.access.test_invitations import LEE
from tests.admin.test_agents import record
from tests.admin.test_figures import counted
from tests.support.browser.browser import Visitor
from tests.support.browser.chromium import picture, watched
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.software import Software
from tests.support.world.waiting import eventually

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BOSS, ADVISER = "eyes@network.example", "+15125550188"
TEXAS = {"areas": ["TX"]}
CLIENTS = (
    ("Lena Ortega", "buyer", "Waco", "76701", 320_000), ("Ola Berg", "seller", "Dallas", "75201", 540_000),
    ("Jack Whitfield", "seller", "Houston", "77002", 410_000), ("Ana Ruiz", "buyer", "Austin", "78704", 600_000),
)  # fmt: skip


class Morning:
    """One referral that nobody has, one claimed, one whose client is on the line, others that wait."""

    def __init__(self, network: Network, product: Product, carrier: Carrier, database: Database) -> None:
        self.network, self.product = network, product
        team = network.add_team("Alamo Realty")
        self.sam = network.add_agent("Sam Ortiz", team, serves=TEXAS, brokerage="Alamo Realty", lead=True)
        self.priya, self.kim = (network.add_agent(name, team, serves=TEXAS) for name in ("Priya Raman", "Kim Lee"))
        self.refer(*CLIENTS[0])
        database.time_passes(minutes=31)
        eventually(lambda: "expired" in self.offers_end(), "nobody has it")
        self.claimed = self.refer(*CLIENTS[1])
        network.page(self.claimed, self.sam).press("call")
        self.sam.phone.rings().answer().press("1").hears("It's yours")
        network.client_phone(self.claimed).rings().answer().hang_up().is_over()
        self.sam.phone.hang_up().is_over()
        self.waits = self.refer(*CLIENTS[2])
        counted(product, 3)
        for place, agent in enumerate((self.sam, self.priya, self.kim)):
            record(product, agent, rang=20, answered=18 - place * 3, claims=9 - place * 2, seconds=11 + place * 8)
        self.desk = Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())
        self.desk.post("/admin/network/people", email="lee@network.example", role="viewer")
        self.desk.post("/admin/network/keys", name="Our CRM")
        self.software = self.has_webhooks(carrier)
        self.somebody_asks_to_join()
        self.on_the_line = self.puts_a_client_on_the_line(carrier)

    def refer(self, name: str, kind: str, city: str, zip_code: str, price: int) -> dict[str, str]:
        body = self.network.referral_body(
            kind=kind, agent_id=self.sam.id, area={"city": city, "state": "TX", "zip": zip_code}
        )
        body["client"] |= {"name": name}
        body["price"] = {"min": price, "max": price + 20_000}
        made: dict[str, str] = self.network.post("/referrals", body).json()
        self.last = made
        return made

    def offers_end(self) -> set[str]:
        return set(self.network.offers(self.last).values())

    def puts_a_client_on_the_line(self, carrier: Carrier) -> dict[str, str]:
        self.rings_first(self.sam)
        referral = self.refer(*CLIENTS[3])
        self.sam.phone.rings().decline().is_over()
        path = f"/admin/referrals/{referral['id']}/transfer"
        self.desk.post(path, phone="(512) 555-0188")
        carrier.phone(ADVISER).rings().answer().press("1").hears("Ringing")
        self.network.client_phone(referral).rings().answer().hears("in a conference")
        self.desk.post(f"{path}/ring")
        self.sam.phone.rings()
        return referral

    def has_webhooks(self, carrier: Carrier) -> Software:
        software = Software(self.desk, carrier)
        software.answers(500)
        self.refer(*CLIENTS[2])
        software.waits_for("offer.sent")
        return software

    def somebody_asks_to_join(self) -> None:
        found = re.search(r'id="invite-link" readonly value="([^"]+)"', self.desk.post("/admin/agents/invite").text)
        assert found is not None
        Visitor(self.product.url).post(found[1], **LEE)

    def rings_first(self, agent: AgentInTest) -> None:
        hours = {"wanted": "yes", "ring_from": "00:00", "ring_until": "23:59"}
        signed_in(self.product.url, agent).post("/channels/voice/first", **hours)


@pytest.fixture
def morning(network: Network, product: Product, carrier: Carrier, database: Database) -> Morning:
    return Morning(network, product, carrier, database)


@pytest.fixture
def desk_of(browser: Browser, product: Product) -> Iterator[Callable[[str, str], Page]]:
    """Opens the desk at a size, light or dark; what its pages complain of fails the test."""
    opened: list[tuple[Page, list[str]]] = []

    def open_desk(size: str, scheme: str) -> Page:
        page, complaints = watched(browser, size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(flask(product, "admins", "create", BOSS).strip())
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/admin/")
        opened.append((page, complaints))
        return page

    yield open_desk
    for page, complaints in opened:
        page.context.close()
        assert complaints == []


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_every_page_fits_and_reads_well(desk_of: Callable[[str, str], Page], morning: Morning, size: str) -> None:
    pages = {
        "board": "/admin/",
        "line": f"/admin/referrals/{morning.on_the_line['id']}",
        "desk-referral": f"/admin/referrals/{morning.claimed['id']}",
        "agents": "/admin/agents?sort=claims",
        "agent": f"/admin/agents/{morning.sam.id}",
        "invite": "/admin/agents/invite",
        "network-figures": "/admin/figures?by=agent",
        "terms": "/admin/terms",
        "network": "/admin/network",
        "people": "/admin/network/people",
        "keys": "/admin/network/keys",
        "webhooks": "/admin/network/webhooks",
        "webhook": morning.software.page,
        "changes": "/admin/network/changes",
        "second-factor": "/admin/second-factor",
    }
    for scheme in ("light", "dark"):
        page = desk_of(size, scheme)
        for name, path in pages.items():
            page.goto(morning.product.url + path)
            if name == "board":  # its counts may be two seconds old
                expect(page.get_by_role("link", name=re.compile("1 Ringing now"))).to_be_visible()
            assert page.evaluate(OVERFLOW) <= 0, (name, scheme)
            picture(page, f"screens/{name}-{size}-{scheme}", full_page=name != "changes")
            assert [one["id"] for one in Axe().run(page).response["violations"]] == [], (name, scheme)
