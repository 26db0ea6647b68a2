"""An adviser has the client on the line, a handful of agents are rung, and the first key 1 joins them."""

from collections.abc import Callable

from tests.support.phone.phone import Phone
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually
from tests.transfers.conftest import ADVISER_PHONE, Adviser

Rung = Callable[[str], AgentInTest]


def test_of_three_phones_the_first_key_1_joins_and_the_adviser_leaves(
    adviser: Adviser, network: Network, product: Product, rung: Rung
) -> None:
    team = network.add_team()
    sam, priya = rung("Sam Ortiz", team_id=team), rung("Priya Raman", team_id=team)
    referral = network.refer(team_id=team)
    for agent in (sam, priya):
        agent.phone.rings().decline().is_over()
    client = network.client_phone(referral)
    adviser.talks_to(client, referral)
    assert "2 phones ring" in adviser.does("ring", referral)
    sam.phone.rings().answer().hears("is on the line with us now")
    priya.phone.rings().answer().press("1").hears("It's yours. Maria is on the line")
    priya.phone.hears("in a conference with")
    sam.phone.hears("Priya was first").is_over()
    client.hears("has joined")
    adviser.reads(referral, "Priya Raman has it and is on the line")
    assert network.referral(referral["id"])["claimed_by"] == priya.id
    adviser.phone.hang_up().is_over("completed")
    client.hears(f"{ADVISER_PHONE} has left")
    eventually(lambda: select(product, "SELECT 1 FROM call WHERE status = 'connected'"), "agent and client talk")
    client.hang_up().is_over("completed")
    priya.phone.hears("How did it go").press("1").is_over()
    adviser.reads(referral, "The client was handed over on the line")
    assert select(product, "SELECT status, reached FROM call WHERE accepted_at IS NOT NULL") == [
        ("completed", "person")
    ]


def test_the_client_is_rung_once_and_the_agent_gets_the_details(
    adviser: Adviser, network: Network, product: Product, rung: Rung
) -> None:
    sam, referral, client = adviser.has_a_client_on_the_line(rung)
    adviser.does("ring", referral)
    sam.phone.rings().answer().press("1").hears("is on the line").hears("in a conference")
    eventually(lambda: select(product, "SELECT 1 FROM call WHERE status = 'connected'"), "agent and client talk")
    sam.phone.hang_up().is_over()
    client.is_over("completed")
    adviser.phone.hears("Thank you").is_over()
    assert "Maria Delgado" in sam.mailbox.gets_mail("Maria").text
    answers = "SELECT act, allowed FROM gate_answer WHERE way = 'call' ORDER BY id"
    assert select(product, answers) == [("transfer", True), ("join", True)]


def test_nobody_in_a_minute_the_adviser_hears_it_takes_a_message_and_it_goes_the_usual_way(
    adviser: Adviser, network: Network, product: Product, rung: Rung, a_minute_passes: Callable[[], None]
) -> None:
    sam, referral, client = adviser.has_a_client_on_the_line(rung)
    adviser.does("ring", referral)
    sam.phone.rings().rings_out().is_over()
    a_minute_passes()
    adviser.phone.hears("Nobody took it within a minute").hears_again("in a conference with", 2)
    adviser.reads(referral, "Nobody took it within a minute")
    adviser.does("message", referral, message="She has a dog, and wants to see the house on Elm Street.")
    adviser.phone.hang_up().is_over()
    client.hears("An agent will call you soon").is_over()
    assert network.offers(referral) == {sam.id: "sent"}
    network.page(referral, sam).press("call")
    sam.phone.rings().answer().hears("Press 1 to claim").press("1").hears("It's yours")
    client.rings().answer()
    sam.phone.hang_up().is_over()
    assert "Elm Street" in sam.mailbox.gets_mail("Maria").text


def test_after_the_minute_1_rings_them_again(
    adviser: Adviser, network: Network, rung: Rung, a_minute_passes: Callable[[], None]
) -> None:
    sam, referral, client = adviser.has_a_client_on_the_line(rung)
    adviser.does("ring", referral)
    sam.phone.rings().rings_out().is_over()
    a_minute_passes()
    adviser.phone.hears("ring agents again").press("1").hears("One phone is ringing")
    sam.phone.rings().answer().press("1").hears("is on the line").hears("in a conference")
    client.hang_up().is_over()
    sam.phone.hang_up().is_over()


def test_the_star_lets_the_adviser_ring_agents_from_the_phone(adviser: Adviser, network: Network, rung: Rung) -> None:
    sam, _referral, client = adviser.has_a_client_on_the_line(rung)
    adviser.phone.press("*").hears("To ring agents now, press 1").press("1").hears("One phone is ringing")
    sam.phone.rings().answer().press("1").hears("is on the line").hears("in a conference")
    client.hang_up().is_over()
    sam.phone.hang_up().is_over()


def test_of_agents_who_fit_a_handful_are_rung_and_only_those_who_agreed(
    adviser: Adviser, network: Network, product: Product, rung: Rung
) -> None:
    agents = [rung(f"{name} Ortiz") for name in ("Ana", "Ben", "Cleo", "Dan", "Eva", "Finn")]
    quiet = network.add_agent("Gus Quiet", serves={"areas": ["TX"]})
    adviser.visitor.post("/admin/routing", wave_size="1")
    referral = network.refer()
    first = next(iter(network.offers(referral)))
    client = network.client_phone(referral)
    if first != quiet.id:
        next(agent for agent in agents if agent.id == first).phone.rings().decline().is_over()
    adviser.talks_to(client, referral)
    assert "5 phones ring" in adviser.does("ring", referral)
    assert len(set(network.offers(referral)) - {quiet.id}) == 5
    assert select(product, f"SELECT 1 FROM call WHERE agent_id = '{quiet.id}'") == []
    adviser.does("end", referral)
    client.hears("An agent will call you soon").is_over()
    adviser.phone.hears("ended on the desk").is_over()


def test_an_agent_who_taps_the_button_is_joined_as_well(adviser: Adviser, network: Network, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    client = network.client_phone(referral)
    adviser.talks_to(client, referral)
    page.press("call")
    sam.phone.rings().answer().hears("is on the line with us now").press("1").hears("Maria is on the line")
    sam.phone.hears("in a conference with")
    client.hang_up().is_over()
    sam.phone.hang_up().is_over()


def test_while_agents_ring_the_adviser_may_leave_and_the_client_is_told_if_nobody_comes(
    adviser: Adviser, network: Network, rung: Rung, a_minute_passes: Callable[[], None]
) -> None:
    sam, referral, client = adviser.has_a_client_on_the_line(rung)
    adviser.does("ring", referral)
    sam.phone.rings()
    adviser.phone.hang_up().is_over()
    sam.phone.rings_out().is_over()
    a_minute_passes()
    client.hears("An agent will call you soon").is_over()
    adviser.reads(referral, "No agent took the client who was on the line")


def test_nobody_else_rings_the_client_meanwhile(adviser: Adviser, network: Network, sam: AgentInTest) -> None:
    referral = network.refer(team_id=network.add_team())
    same = {"name": "Maria Delgado", "phone": network.client_phone(referral).number, "email": "maria@mail.example"}
    other, page = network.offered(sam, kind="buyer", client=same)
    client = network.client_phone(referral)
    adviser.talks_to(client, referral)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("is on the phone with another of our agents").is_over()
    assert network.referral(other["id"])["claimed_by"] == sam.id
    adviser.phone.hang_up().is_over()
    client.is_over()


def test_an_agent_who_claims_while_the_client_s_phone_rings_does_not_ring_it_again(
    adviser: Adviser, network: Network, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    client = network.client_phone(referral)
    adviser.asks(referral)
    adviser.phone.rings().answer().press("1").hears("Ringing Maria")
    client.rings()
    page.press("call")
    sam.phone.rings().answer().press("1").hears("is on the phone with another of our agents").is_over()
    client.answer().hears("in a conference").hang_up().is_over()
    adviser.phone.is_over()
    assert network.referral(referral["id"])["claimed_by"] == sam.id


def test_an_end_on_the_desk_lets_others_ring_the_client(
    adviser: Adviser, network: Network, product: Product, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    client: Phone = network.client_phone(referral)
    adviser.talks_to(client, referral)
    adviser.does("end", referral)
    client.hears("An agent will call you soon").is_over()
    adviser.phone.is_over()
    assert select(product, "SELECT on_line_until FROM client") == [(None,)]
    page.press("call")
    sam.phone.rings().answer().hears("Press 1 to claim and talk to them now").press("1").hears("Connecting you")
    client.rings().answer()
    sam.phone.hang_up().is_over()


def test_a_transfer_whose_end_was_never_reported_ends_by_itself(
    adviser: Adviser, network: Network, product: Product, database: Database
) -> None:
    referral = network.refer(team_id=network.add_team())
    client = network.client_phone(referral)
    adviser.talks_to(client, referral)
    database.time_passes(hours=2, minutes=1)
    adviser.phone.hears("was ended on the desk").is_over()
    client.hears("An agent will call you soon").is_over()
    assert select(product, "SELECT status, on_line_until FROM transfer, client") == [("ended", None)]
