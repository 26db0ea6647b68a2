"""A referral that names nobody finds its agents: wave by wave, then everybody, then the admins. With real phones."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network, wrong_fields
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

BOSS = "boss@network.example"
AROUND = {"areas": ["78704 + 25 mi"]}


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())


def team_of(network: Network, count: int, **serves: object) -> list[AgentInTest]:
    return [network.add_agent(f"Agent{n} Lane", serves={**AROUND, **serves}) for n in range(count)]


def offered(network: Network, referral: dict[str, str]) -> set[str]:
    return {agent_id for agent_id, status in network.offers(referral).items() if status == "sent"}


def test_it_goes_to_those_who_fit_and_the_first_claims(network: Network, database: Database) -> None:
    sam = network.add_agent("Sam Ortiz", serves=AROUND)
    priya = network.add_agent("Priya Raman", serves={"areas": ["Austin, TX"], "price": {"min": 500000, "max": 900000}})
    out = [
        network.add_agent("Kim Lee", serves={"areas": ["Dallas, TX"]}),
        network.add_agent("Ana Ruiz", serves={"areas": ["TX"], "price": {"min": 100000, "max": 300000}}),
        network.add_agent("Lou Day", serves=AROUND, takes=["buyer"]),
        network.add_agent("Pat Roe"),
    ]
    referral = network.refer()
    assert offered(network, referral) == {sam.id, priya.id}
    page = Page(sam.phone.gets_text("Seller in Austin").link)
    page.press("call")
    sam.phone.rings().answer().press("1")
    priya.phone.gets_text("was first")
    found = network.referral(referral["id"])
    assert (found["status"], found["claimed_by"], found["team_id"], found["agent_id"]) == (
        "claimed",
        sam.id,
        None,
        None,
    )
    for agent in out:
        assert agent.phone.texts() == []


def test_when_a_wave_comes_to_nothing_the_next_goes_out_and_then_everybody_and_then_the_admins(
    admin: Visitor, network: Network, database: Database, carrier: Carrier
) -> None:
    agents = team_of(network, 6)
    admin.post("/admin/routing", wave_size="2", waves="2", after_waves="pool")
    referral = network.refer()
    asked = [offered(network, referral)]
    for size in (2, 2):
        database.time_passes(minutes=30)
        eventually(lambda: offered(network, referral) - set().union(*asked), "the next wave has gone out")
        asked.append(offered(network, referral))
        assert len(asked[-1]) == size
    assert set().union(*asked) == {agent.id for agent in agents}
    assert sum(len(wave) for wave in asked) == len(agents)
    assert carrier.inbox(BOSS).mails("Nobody has") == []
    database.time_passes(minutes=30)
    carrier.inbox(BOSS).gets_mail("Nobody has")
    waves = {one["agent_id"]: one["wave"] for one in network.referral(referral["id"])["offers"]}
    assert sorted(waves.values()) == [1, 1, 2, 2, 3, 3]


def test_when_all_of_a_wave_decline_the_next_goes_out_at_once(
    admin: Visitor, network: Network, database: Database
) -> None:
    agents = team_of(network, 2)
    admin.post("/admin/routing", wave_size="1")
    referral = network.refer()
    (first,) = [agent for agent in agents if agent.id in offered(network, referral)]
    (second,) = [agent for agent in agents if agent is not first]
    Page(first.phone.gets_text().link).press("decline", reason="too_busy")
    database.time_passes(seconds=10)
    second.phone.gets_text("Seller in Austin")


def test_nobody_fits_and_the_admins_hear_it_at_once(admin: Visitor, network: Network, carrier: Carrier) -> None:
    network.add_agent(serves={"areas": ["Dallas, TX"]})
    referral = network.refer()
    assert referral["offers"] == []
    carrier.inbox(BOSS).gets_mail("Nobody has it: Seller in Austin")


def test_a_client_who_speaks_spanish_goes_to_whoever_speaks_it(network: Network) -> None:
    network.add_agent("Sam Ortiz", serves=AROUND)
    ana = network.add_agent("Ana Ruiz", serves={**AROUND, "speaks": ["es"]})
    lupe = network.add_agent("Lupe Vega", serves=AROUND, language="es")
    body = network.referral_body()
    body["client"]["language"] = "es"
    answer = network.post("/referrals", body)
    assert offered(network, answer.json()) == {ana.id, lupe.id}


def test_caps_leave_out_who_has_enough(admin: Visitor, network: Network) -> None:
    sam, priya = (
        network.add_agent("Sam Ortiz", serves={**AROUND, "most_clients": 1}),
        network.add_agent("Priya Raman", serves=AROUND),
    )
    first = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    sam.phone.rings().answer().press("1")
    eventually(lambda: network.referral(first["id"])["status"] == "claimed", "Sam has a client")
    assert offered(network, network.refer()) == {priya.id}
    admin.post("/admin/routing", most_a_day="1")
    assert offered(network, network.refer(area={"city": "Austin", "state": "TX", "zip": "78701"})) == {priya.id}


def test_who_comes_back_is_offered_what_is_still_open_and_fits(network: Network, product: Product) -> None:
    sam, priya = network.add_agent("Sam Ortiz", serves=AROUND), network.add_agent("Priya Raman", serves=AROUND)
    visitor = signed_in(product.url, sam)
    visitor.post("/me/pause", until="four_hours")
    fits = network.refer()
    network.refer(area={"city": "Dallas", "state": "TX", "zip": "75201"})
    assert offered(network, fits) == {priya.id}
    visitor.post("/me/resume")
    sam.phone.gets_text("Seller in Austin")
    assert offered(network, fits) == {sam.id, priya.id}
    assert len(sam.phone.texts()) == 1


def test_a_referral_that_is_given_back_goes_on_to_whoever_fits(network: Network, product: Product) -> None:
    sam, priya = network.add_agent("Sam Ortiz", serves=AROUND), network.add_agent("Priya Raman", serves=AROUND)
    referral = network.refer()
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    sam.phone.rings().answer().press("1")
    priya.phone.gets_text("was first")
    network.client_phone(referral).rings().hang_up()
    sam.phone.hang_up().is_over()
    signed_in(product.url, sam).post(f"/referrals/{referral['id']}/release", why="Too far")
    eventually(lambda: offered(network, referral) == {priya.id}, "it has gone on to Priya")


def test_a_team_that_does_not_take_it_is_followed_by_others_where_the_network_has_it_so(
    admin: Visitor, network: Network, database: Database
) -> None:
    team_id = network.add_team()
    sam, mia = network.add_agent("Sam Ortiz", team_id), network.add_agent("Mia Chen", team_id)
    priya = network.add_agent("Priya Raman", serves=AROUND)
    admin.post("/admin/routing", after_agent="team", after_team="waves")
    referral = network.refer(agent_id=sam.id)
    assert offered(network, referral) == {sam.id}
    database.time_passes(minutes=30)
    mia.phone.gets_text()
    eventually(lambda: offered(network, referral) == {mia.id}, "the team was asked")
    database.time_passes(minutes=30)
    priya.phone.gets_text()


@pytest.mark.parametrize(
    ("serves", "field"),
    [
        ({"areas": ["Texas"]}, "serves.areas"),
        ({"areas": ["78704", "00000 + 20"]}, "serves.areas"),
        ({"price": {"min": 5, "max": 1}}, "serves.price.max"),
        ({"speaks": ["Spanish"]}, "serves.speaks"),
        ({"licences": ["Texas"]}, "serves.licences"),
        ({"most_clients": 0}, "serves.most_clients"),
        ({"radius": 5}, "serves.radius"),
    ],
)
def test_what_cannot_be_served_is_refused_at_its_field(network: Network, serves: dict[str, object], field: str) -> None:
    body = {"name": "Sam Ortiz", "email": "s@agents.example", "phone": "+15125550199", "time_zone": "America/Chicago",
            "takes": ["buyer"], "serves": serves}  # fmt: skip
    assert wrong_fields(network.post("/agents", body)) == [field]


def test_what_an_agent_serves_can_be_read_and_replaced(network: Network) -> None:
    whole = {
        "areas": ["78704 + 25 mi", "Austin, TX", "OK"], "price": {"min": 100000, "max": 900000}, "speaks": ["es"],
        "licences": ["TX"], "most_clients": 20, "most_a_day": 3,
    }  # fmt: skip
    sam = network.add_agent("Sam Ortiz", serves=whole)
    assert network.get(f"/agents/{sam.id}").json()["serves"] == whole
    answer = network.put(f"/agents/{sam.id}/serves", {"areas": ["TX"]})
    assert (answer.status_code, answer.json()["serves"]) == (200, {"areas": ["TX"]})
    assert wrong_fields(network.put(f"/agents/{sam.id}/serves", {"areas": ["Nowhere"]})) == ["areas"]
    assert network.get(f"/agents/{sam.id}").json()["serves"] == {"areas": ["TX"]}


def test_an_agent_reads_what_passed_them_by_and_why(network: Network, product: Product) -> None:
    sam = network.add_agent("Sam Ortiz", serves={**AROUND, "price": {"min": 100000, "max": 300000}})
    visitor = signed_in(product.url, sam)
    assert "not offered to you" not in read_words(visitor.get("/me").text)
    network.refer()
    network.refer(area={"city": "Dallas", "state": "TX", "zip": "75201"})
    visitor.post("/me/pause", until="four_hours")
    network.refer(area={"city": "Austin", "state": "TX", "zip": "78701"}, price={"min": 200000, "max": 200000})
    network.refer(area={"city": "Austin", "state": "TX", "zip": "78702"}, price={"min": 200000, "max": 200000})
    words = read_words(visitor.get("/me").text)
    assert "not offered to you in 30 days: 2 while you were away and 1 outside your prices." in words


def test_with_a_head_start_the_best_is_told_first(admin: Visitor, network: Network, database: Database) -> None:
    agents = team_of(network, 2)
    admin.post("/admin/routing", head_start_seconds="600")
    referral = network.refer()
    assert offered(network, referral) == {agent.id for agent in agents}
    told = eventually(lambda: [agent for agent in agents if agent.phone.texts()], "somebody is told")
    (later,) = [agent for agent in agents if agent not in told]
    assert later.mailbox.mails("Seller in Austin") == []
    database.time_passes(minutes=10)
    later.phone.gets_text("Seller in Austin")
