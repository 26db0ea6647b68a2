"""Ring me first: agents who have agreed to it are rung with the offer; at the account's rate, and fairly."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually

ALL_DAY = {"ring_from": "00:00", "ring_until": "23:59"}


def wants(product: Product, agent: AgentInTest, **fields: str) -> Visitor:
    """The agent asks for it on their channels page."""
    visitor = signed_in(product.url, agent)
    answer = visitor.post("/channels/voice/first", **{"wanted": "yes", **ALL_DAY, **fields})
    assert answer.status_code == 200
    return visitor


def calls(product: Product) -> list[str]:
    return [status for (status,) in select(product, "SELECT status FROM call ORDER BY id")]


def test_the_phone_rings_with_the_offer_and_1_claims(network: Network, product: Product, sam: AgentInTest) -> None:
    wants(product, sam)
    referral = network.refer(agent_id=sam.id)
    sam.phone.rings().answer().hears("seller in Austin").press("1").hears("It's yours")
    sam.phone.gets_text("Reply 1")
    assert network.referral(referral["id"])["claimed_by"] == sam.id


def test_of_a_team_all_who_want_it_are_rung_and_the_first_to_press_1_has_it(network: Network, product: Product) -> None:
    team = network.add_team()
    sam, priya, kim = (network.add_agent(name, team) for name in ("Sam Ortiz", "Priya Raman", "Kim Lee"))
    wants(product, sam)
    wants(product, priya)
    network.refer(team_id=team)
    sam.phone.rings().answer()
    priya.phone.rings().answer().press("1").hears("It's yours")
    sam.phone.press("1").hears("was first")
    kim.phone.gets_text("Priya was first")
    assert select(product, "SELECT count(*) FROM call WHERE agent_id = '" + kim.id + "'") == [(0,)]


def test_a_missed_ring_leaves_the_messages_and_the_page(network: Network, product: Product, sam: AgentInTest) -> None:
    wants(product, sam)
    _, page = network.offered(sam)
    sam.phone.rings().rings_out().is_over()
    page.becomes("missed")
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")


def test_a_second_ring_within_three_minutes_if_they_want_it(
    network: Network, product: Product, sam: AgentInTest, database: Database
) -> None:
    wants(product, sam, again="yes")
    network.refer(agent_id=sam.id)
    sam.phone.rings().rings_out().is_over()
    again = "SELECT extract(epoch FROM ring_at - (SELECT min(requested_at) FROM call)) FROM offer"
    assert 60 < select(product, again)[0][0] < 180
    database.time_passes(seconds=80)
    sam.phone.rings().rings_out().is_over()
    database.time_passes(seconds=200)
    assert select(product, "SELECT ring_at, rings FROM offer") == [(None, 2)]


@pytest.mark.parametrize("reaction", ["decline", "answer"])
def test_an_agent_who_heard_the_first_ring_is_not_rung_again(
    network: Network, product: Product, sam: AgentInTest, database: Database, reaction: str
) -> None:
    wants(product, sam, again="yes")
    network.refer(agent_id=sam.id)
    sam.phone.rings()
    if reaction == "answer":
        sam.phone.answer().hang_up()
    else:
        sam.phone.decline()
    sam.phone.is_over()
    database.time_passes(seconds=80)
    eventually(lambda: select(product, "SELECT ring_at FROM offer") == [(None,)], "the second ring is dropped")
    assert len(calls(product)) == 1


def test_outside_their_hours_only_the_messages_come(network: Network, product: Product, sam: AgentInTest) -> None:
    wants(product, sam, ring_from="00:00", ring_until="00:01")
    network.refer(agent_id=sam.id)
    sam.phone.gets_text("Reply 1")
    assert select(product, "SELECT ring_at FROM offer") == [(None,)]


def test_the_consent_is_kept_and_ends_with_the_wish(network: Network, product: Product, sam: AgentInTest) -> None:
    visitor = wants(product, sam)
    kept = "SELECT ring_first, call_consent_source, call_consent_at IS NOT NULL FROM agent"
    assert select(product, kept) == [(True, "portal", True)]
    assert "You agreed on" in read_words(visitor.get("/channels").text)
    visitor.post("/channels/voice/first", **ALL_DAY)
    assert select(product, kept) == [(False, None, False)]
    network.refer(agent_id=sam.id)
    sam.phone.gets_text("Reply 1")
    assert calls(product) == []


def test_hours_that_are_none_are_refused_at_their_field(product: Product, sam: AgentInTest) -> None:
    visitor = signed_in(product.url, sam)
    for field, value in (("ring_until", "07:00"), ("ring_from", "soon")):
        answer = visitor.post(
            "/channels/voice/first", **{"wanted": "yes", "ring_from": "08:00", "ring_until": "21:00", field: value}
        )
        assert answer.status_code == 422
        assert f'id="wrong-voice-{field}"' in answer.text
    assert select(product, "SELECT ring_first FROM agent") == [(False,)]


def test_no_more_are_placed_than_the_carrier_dials_and_each_referral_has_its_turn(
    network: Network, product: Product, database: Database
) -> None:
    team = network.add_team()
    agents = [network.add_agent(f"Agent{n} Lane", team) for n in range(4)]
    lone = network.add_agent("Lone Star")
    for agent in (*agents, lone):
        wants(product, agent)
    with product.worker_with("sweeper", CALLS_PER_SECOND="1"):
        network.refer(team_id=team)
        network.refer(agent_id=lone.id)
        lone.phone.rings()
        eventually(lambda: len(calls(product)) == 5, "all have been rung")
    apart = """
        SELECT min(next - requested_at) > interval '0.9 seconds' FROM
        (SELECT requested_at, lead(requested_at) OVER (ORDER BY requested_at) AS next FROM call) one
    """
    assert select(product, apart) == [(True,)]
    order = "SELECT agent_id::text FROM call ORDER BY requested_at"
    assert lone.id in [id_ for (id_,) in select(product, order)][:3]
    change(product, "UPDATE offer SET ring_at = NULL")
