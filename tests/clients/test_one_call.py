"""Two agents of one client never ring that phone at once, and each answer of the gate is kept."""

from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually

MARIA = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"}
DALLAS = {"city": "Dallas", "state": "TX", "zip": "75201"}
ANSWERS = "SELECT act, allowed, refusals FROM gate_answer ORDER BY at, id"


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


def test_keys_pressed_at_once_for_one_client_ring_once(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product
) -> None:
    agents = [sam, *(network.add_agent(f"Agent {n}") for n in range(3))]
    pages = [
        network.offered(agent, client=MARIA, area={**DALLAS, "city": f"Town {n}", "zip": f"7520{n}"})[1]
        for n, agent in enumerate(agents)
    ]
    for agent, page in zip(agents, pages, strict=True):
        page.press("call")
        agent.phone.rings().answer().hears("Press 1")
    for agent in agents:
        agent.phone.press("1")
    carrier.phone("+15125557001").rings()
    eventually(lambda: len(select(product, ANSWERS)) == len(agents), "an answer for each")
    allowed = [row[1] for row in select(product, ANSWERS)]
    assert sorted(allowed) == [False, False, False, True]
    assert sum(call["phone"] == "+15125557001" for call in carrier.state()["calls"]) == 1


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
