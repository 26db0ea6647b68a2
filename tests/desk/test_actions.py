"""What an admin does about a referral: asked why, undone within ten seconds, kept, and told to those concerned."""

import pytest

from tests.pipeline.client import Client
from tests.support.browser.browser import Visitor, hidden
from tests.support.browser.page import Page, read_words
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import rows, select
from tests.support.world.waiting import eventually

WHY = "They called and asked for somebody in Austin."


class Desk:
    """The desk of an admin, and what they do there; ten seconds pass at a word."""

    def __init__(self, product: Product, database: Database) -> None:
        self.product, self.database = product, database
        self.visitor = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())

    def does(self, action: str, referral: dict[str, str], **fields: str) -> None:
        answer = self.visitor.post(f"/admin/referrals/{referral['id']}/act", action=action, why=WHY, **fields)
        assert answer.status_code == 200, read_words(answer.text)

    def and_waits(self) -> None:
        self.database.time_passes(seconds=11)
        pending = "SELECT 1 FROM desk_action WHERE done_at IS NULL AND undone_at IS NULL"
        eventually(lambda: not select(self.product, pending), "what is due is done")

    def undoes(self, referral: dict[str, str]) -> None:
        page = self.visitor.get(f"/admin/referrals/{referral['id']}").text
        batch = page.split("/admin/undo/")[1].split('"')[0]
        self.visitor.post(f"/admin/undo/{batch}", next=hidden(page, "next"))

    def story(self, referral: dict[str, str]) -> str:
        return read_words(self.visitor.get(f"/admin/referrals/{referral['id']}").text)


@pytest.fixture
def desk(product: Product, network: Network, database: Database) -> Desk:
    return Desk(product, database)


def status(network: Network, referral: dict[str, str]) -> str:
    return str(network.referral(referral["id"])["status"])


def test_sent_on_it_goes_to_the_next_wave(desk: Desk, network: Network) -> None:
    agents = [network.add_agent(name, serves={"areas": ["TX"]}) for name in ("Sam Ortiz", "Kim Lee")]
    desk.visitor.post("/admin/routing", wave_size="1")
    referral = network.refer()
    (first,) = [agent for agent in agents if agent.id in network.offers(referral)]
    (second,) = [agent for agent in agents if agent is not first]
    page = network.page(referral, first)
    desk.does("send_on", referral)
    assert f"“{WHY}” In" in desk.story(referral)
    assert network.offers(referral) == {first.id: "sent"}
    desk.and_waits()
    second.phone.gets_text("Reply 1")
    assert network.offers(referral) == {first.id: "withdrawn", second.id: "sent"}
    assert page.phase == "withdrawn"
    assert f"boss@network.example sent it on (“{WHY}”)" in desk.story(referral)


def test_undone_nothing_has_happened_but_that_is_kept(desk: Desk, network: Network, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    desk.does("withdraw", referral)
    desk.undoes(referral)
    desk.and_waits()
    assert page.phase == "offered"
    assert f"boss@network.example chose “Withdraw” and undid it (“{WHY}”)" in desk.story(referral)


def test_withdrawn_its_phone_stops_ringing_and_nobody_can_claim(desk: Desk, network: Network, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
    desk.does("withdraw", referral)
    desk.and_waits()
    sam.phone.is_over()
    assert page.becomes("withdrawn")
    assert status(network, referral) == "open"


def test_offered_to_another_agent_too(desk: Desk, network: Network, sam: AgentInTest) -> None:
    referral, _ = network.offered(sam)
    priya = network.add_agent("Priya Raman")
    desk.does("offer_to", referral, to="Priya Raman")
    desk.and_waits()
    Page(priya.phone.gets_text("Reply 1").link).press("call")
    priya.phone.rings().answer().press("1")
    sam.phone.gets_text("was first")
    assert f"boss@network.example offered it to Priya Raman (“{WHY}”)" in desk.story(referral)


def test_given_to_another_agent_everything_follows(desk: Desk, network: Network, product: Product) -> None:
    sam, priya = network.add_agent("Sam Ortiz"), network.add_agent("Priya Raman")
    maria = Client(network, product, sam).claimed()
    desk.does("give_to", maria.referral, to=priya.email)
    desk.and_waits()
    priya.phone.gets_text("Your network gives you Maria")
    sam.phone.gets_text("Your network has taken Maria back")
    assert WHY in sam.mailbox.gets_mail("Your network has taken Maria back").text
    assert "You gave this client back." not in maria.words
    assert "Delgado" not in maria.words
    assert "Priya" in network.client_page(maria.referral).words
    query = "SELECT name, via, ended_how FROM claim JOIN agent ON agent.id = agent_id ORDER BY claim.id"
    assert select(product, query) == [("Sam Ortiz", "key", "by_desk"), ("Priya Raman", "desk", None)]


def test_an_open_one_can_be_given_without_a_call(desk: Desk, network: Network, sam: AgentInTest) -> None:
    priya = network.add_agent("Priya Raman")
    referral, page = network.offered(sam)
    desk.does("give_to", referral, to=priya.email)
    desk.and_waits()
    priya.phone.gets_text("Your network gives you Maria")
    assert page.phase == "withdrawn"
    found = network.referral(referral["id"])
    assert (found["status"], found["claimed_by"]) == ("claimed", priya.id)


def test_closed_nobody_has_it(desk: Desk, network: Network, product: Product, sam: AgentInTest) -> None:
    maria = Client(network, product, sam).claimed()
    desk.does("close", maria.referral)
    desk.and_waits()
    sam.phone.gets_text("Your network has taken Maria back")
    assert status(network, maria.referral) == "closed"
    open_one, page = network.offered(sam, kind="buyer")
    desk.does("close", open_one)
    desk.and_waits()
    assert page.phase == "withdrawn"
    assert status(network, open_one) == "closed"


def test_its_agent_and_the_client_are_called(desk: Desk, network: Network, product: Product, sam: AgentInTest) -> None:
    maria = Client(network, product, sam).claimed(talks=False)
    desk.does("call", maria.referral)
    desk.and_waits()
    sam.phone.rings().answer().press("1")
    network.client_phone(maria.referral).rings().answer()
    sam.phone.hears("connected to").hang_up()
    desk.does("book", maria.referral, call_at="2030-01-07T10:30")
    desk.and_waits()
    assert select(product, "SELECT asked_by FROM booking") == [("desk",)]
    assert "A call was booked by the network, for Monday, January 7, 10:29 AM" in desk.story(maria.referral)  # 11 s on


def test_an_agent_who_claims_first_keeps_it(desk: Desk, network: Network, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer()
    desk.does("withdraw", referral)
    sam.phone.press("1").hears("It's yours").hang_up()
    desk.and_waits()
    assert status(network, referral) == "claimed"
    assert "chose “Withdraw”, but it had moved on by then" in desk.story(referral)


def test_nobody_is_taken_off_the_line(desk: Desk, network: Network, product: Product, sam: AgentInTest) -> None:
    maria = Client(network, product, sam)
    maria.page.press("call")
    sam.phone.rings().answer().press("1")
    client = network.client_phone(maria.referral).rings().answer()
    maria.page.becomes("connected")
    desk.does("close", maria.referral)
    desk.and_waits()
    assert "chose “Close”, but agent and client were on the line" in desk.story(maria.referral)
    assert status(network, maria.referral) == "claimed"
    client.hang_up()


def test_terms_hold_for_a_gift_too(desk: Desk, network: Network, product: Product, sam: AgentInTest) -> None:
    desk.visitor.post("/admin/terms", needs_licence="yes")
    referral = network.refer(agent_id=sam.id)
    desk.does("give_to", referral, to=sam.email)
    desk.and_waits()
    assert "but the agent lacks what the terms ask for" in desk.story(referral)
    assert status(network, referral) == "open"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"action": "withdraw", "why": " "}, "Say why in a few words."),
        ({"action": "offer_to", "why": WHY, "to": "Nobody At All"}, "Choose an agent."),
        ({"action": "give_to", "why": WHY}, "Choose an agent."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_done(  # noqa: PLR0917
    desk: Desk, network: Network, product: Product, sam: AgentInTest, fields: dict[str, str], says: str
) -> None:
    referral, _ = network.offered(sam)
    before = rows(product)
    answer = desk.visitor.post(f"/admin/referrals/{referral['id']}/act", **fields)
    assert answer.status_code == 422
    assert says in read_words(answer.text)
    assert rows(product) == before


def test_a_time_that_is_over_is_refused(desk: Desk, network: Network, product: Product, sam: AgentInTest) -> None:
    maria = Client(network, product, sam).claimed()
    answer = desk.visitor.post(
        f"/admin/referrals/{maria.referral['id']}/act", action="book", why=WHY, call_at="2020-01-07T10:30"
    )
    assert answer.status_code == 422
    assert "Choose a time that is still to come." in answer.text


def test_many_at_once_and_undone_at_once(desk: Desk, network: Network, product: Product, sam: AgentInTest) -> None:
    referrals = [network.refer(agent_id=sam.id, kind=kind) for kind in ("buyer", "seller")]
    ids = [referral["id"] for referral in referrals]
    done = desk.visitor.post("/admin/bulk", action="withdraw", why=WHY, id=ids, next="/admin/?show=waiting")
    assert "show=waiting" in done.url
    batch = done.text.split("/admin/undo/")[1].split('"')[0]
    desk.visitor.post(f"/admin/undo/{batch}")
    assert "/admin/undo/" not in desk.visitor.get(f"/admin/?done={batch}").text
    desk.and_waits()
    assert [status(network, one) for one in referrals] == ["open", "open"]
    assert set(network.offers(referrals[0]).values()) == {"sent"}
    desk.visitor.post("/admin/bulk", action="withdraw", why=WHY, id=ids)
    desk.and_waits()
    assert [set(network.offers(one).values()) for one in referrals] == [{"withdrawn"}, {"withdrawn"}]
    sheet = desk.visitor.post("/admin/bulk", action="export", id=ids)
    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert [line.split(",")[0] for line in sheet.text.splitlines()] == ["id", *sorted(ids)]
    assert "Delgado" not in sheet.text


@pytest.mark.parametrize(
    "fields", [{"action": "explode"}, {"action": "close", "why": WHY}, {"action": "withdraw", "why": ""}]
)
def test_what_cannot_be_done_to_many_is_refused(desk: Desk, product: Product, fields: dict[str, str]) -> None:
    before = rows(product)
    assert desk.visitor.post("/admin/bulk", **fields).status_code == 422
    assert rows(product) == before
