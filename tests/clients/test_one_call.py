"""Two agents of one client never ring that phone at once, and each answer of the gate is kept."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually

MARIA = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"}
DALLAS = {"city": "Dallas", "state": "TX", "zip": "75201"}
ANSWERS = "SELECT act, allowed, refusals FROM gate_answer WHERE way = 'call' ORDER BY at, id"


def test_one_live_bridge_per_client(network: Network, sam: AgentInTest, carrier: Carrier, product: Product) -> None:
    priya = network.add_agent("Priya Raman")
    _, page = network.offered(sam, client=MARIA)
    _, other = network.offered(priya, client=MARIA, area=DALLAS, kind="buyer")
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Connecting you to Maria")
    maria = carrier.phone("+15125557001").rings()
    other.press("call")
    priya.phone.rings().answer().press("1").hears("Maria is on the phone with another of our agents")
    assert "It's yours. Maria is on another call." in other.becomes("quiet").words
    assert select(product, ANSWERS) == [("bridge", True, []), ("bridge", False, ["on_a_call"])]
    maria.answer().hang_up()
    sam.phone.is_over("completed")
    page.becomes("claimed")
    priya.phone.is_over("completed")
    eventually(lambda: "Call Maria now" in other.words, "the button that calls Maria")
    other.press("call")
    priya.phone.rings().answer().press("1").hears("Connecting you to Maria")
    carrier.phone("+15125557001").rings().answer()
    other.becomes("connected")
    assert select(product, ANSWERS)[2:] == [("again", True, [])]


@pytest.mark.parametrize("names", [["Maria Delgado"] * 4, ["Maria Delgado", "Jorge Ruiz", "Ana Soto", "Luis Vega"]])
def test_keys_pressed_at_once_for_one_phone_ring_it_once(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product, names: list[str]
) -> None:
    clients = [{"name": name, "phone": MARIA["phone"], "email": f"{name[:3]}@mail.example"} for name in names]
    agents = [sam, *(network.add_agent(f"Agent {n}") for n in range(3))]
    pages = [
        network.offered(agent, client=clients[n], area={**DALLAS, "city": f"Town {n}", "zip": f"7520{n}"})[1]
        for n, agent in enumerate(agents)
    ]
    for agent, page in zip(agents, pages, strict=True):
        page.press("call")
        agent.phone.rings().answer().hears("Press 1")
    with ThreadPoolExecutor(len(agents)) as several:
        list(several.map(lambda agent: agent.phone.press("1"), agents))
    carrier.phone("+15125557001").rings()
    eventually(lambda: len(select(product, ANSWERS)) == len(agents), "an answer for each")
    allowed = [row[1] for row in select(product, ANSWERS)]
    assert sorted(allowed) == [False, False, False, True]
    assert sum(call["phone"] == "+15125557001" for call in carrier.state()["calls"]) == 1
    assert len(select(product, "SELECT id FROM claim")) == len(agents)


def test_who_comes_second_to_a_phone_that_two_clients_share_is_asked_again(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product
) -> None:
    priya = network.add_agent("Priya Raman")
    _, page = network.offered(sam, client=MARIA)
    _, other = network.offered(priya, client={**MARIA, "name": "Jorge Ruiz", "email": "jorge@mail.example"})
    for agent, its_page in ((sam, page), (priya, other)):
        its_page.press("call")
        agent.phone.rings().answer().hears("Press 1")
    url = product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as first:  # as by a claim of Sam's that is not committed yet
        accepted = "UPDATE call SET status = 'accepted', accepted_at = now(), client_phone = %s WHERE agent_id = %s"
        first.execute(accepted, ("+15125557001", sam.id))
        priya.phone.press("1")
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
        eventually(lambda: select(product, waiting), "the claim that waits for the other")
    priya.phone.hears("Jorge is on the phone with another of our agents")
    assert select(product, "SELECT agent_id::text FROM claim") == [(priya.id,)]


def test_as_often_as_the_state_allows_and_no_more(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product
) -> None:
    miami = {"city": "Miami", "state": "FL", "zip": "33101"}
    _, page = network.offered(sam, client={**MARIA, "phone": "(305) 555-7001"}, area=miami)
    page.press("call")
    for _ in range(3):
        sam.phone.rings().answer().press("1").hears("Connecting you to Maria")
        carrier.phone("+13055557001").rings().decline()
        sam.phone.is_over("completed")
        shown = page.becomes("client_missed")
        if "Try the client again" in shown.words:
            page.press("call")
    assert "Maria has been called often enough today." in page.words
    assert [allowed for _, allowed, _ in select(product, ANSWERS)] == [True] * 3
    change(product, "UPDATE gate_answer SET at = at - interval '24 hours'")
    assert "Try the client again" in page.words
