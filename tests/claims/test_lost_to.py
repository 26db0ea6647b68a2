"""Who was not first: when each was told, and what is open to them next."""

import re

from tests.pipeline.client import Client
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product


def lost(network: Network) -> tuple[AgentInTest, Page]:
    """Sam was first; Priya's page."""
    team_id = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team_id), network.add_agent("Priya Raman", team_id)
    network.refer(team_id=team_id)
    page = Page(priya.phone.gets_text("Reply 1").link)
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    priya.phone.gets_text("was first")
    return priya, page


def test_it_says_when_each_was_told(network: Network) -> None:
    _, page = lost(network)
    assert re.search(r"You were told at \d+:\d\d:\d\d [AP]M, Sam at \d+:\d\d:\d\d [AP]M\.", page.words)


def test_the_next_open_offer_is_for_the_agent_alone(network: Network, product: Product) -> None:
    priya, page = lost(network)
    network.refer(agent_id=priya.id, kind="buyer", area={"city": "Waco", "state": "TX", "zip": "76701"})
    priya.phone.gets_text("Buyer in Waco")
    assert "Waco" not in page.words
    mine = read_words(signed_in(product.url, priya).get(page.link).text)
    assert "Open to you now" in mine
    assert "Buyer in Waco, 76701" in mine
    stranger = signed_in(product.url, network.add_agent("Lee Park"))
    assert "Waco" not in read_words(stranger.get(page.link).text)


def test_the_loss_is_told_as_it_was_though_the_client_was_given_back(network: Network, product: Product) -> None:
    team_id = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team_id), network.add_agent("Priya Raman", team_id)
    lee = network.add_agent("Lee Park", team_id)
    maria = Client(network, product, sam, team_id=team_id)
    page = Page(priya.phone.gets_text("Reply 1").link)
    lee.phone.gets_text("Reply 1")
    maria.claimed()
    for other in (priya, lee):
        other.phone.gets_text("was first")
    maria.does("release", why="Too far.")
    Page(lee.phone.gets_another_text("Reply 1").link).press("call")
    lee.phone.rings().answer().press("1").hears("It's yours").hang_up()
    assert "Sam was first" in page.words
