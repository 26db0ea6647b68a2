"""Agents of different teams compete: they are told how many were asked and that another was first, and not who."""

from app.core.language import ES
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

AROUND = {"areas": ["78704 + 25 mi"]}


def two_rivals(network: Network) -> tuple[AgentInTest, AgentInTest]:
    sam = network.add_agent("Sam Ortiz", network.add_team(), serves=AROUND)
    return sam, network.add_agent("Priya Raman", serves=AROUND)


def test_the_page_says_how_many_were_asked(network: Network) -> None:
    sam, _ = two_rivals(network)
    network.add_agent("Mia Chen", sam.team_id, serves=AROUND)
    network.refer()
    assert "You and 2 other agents" in Page(sam.phone.gets_text().link).words


def test_nobody_is_named_to_a_rival(network: Network, product: Product) -> None:
    sam, priya = two_rivals(network)
    network.refer()
    theirs, hers = Page(sam.phone.gets_text().link), Page(priya.phone.gets_text().link)
    hers.press("call")
    call = priya.phone.rings().answer()
    theirs.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    call.press("1").hears("Another agent was first")
    text, mail = priya.phone.gets_text("nother agent was first"), priya.mailbox.gets_mail("Another agent was first")
    assert "is with another agent" in mail.text
    hers.becomes("lost")
    assert "Another agent was first" in hers.words
    assert "is with somebody else now" in hers.words
    assert "another agent was first" in read_words(signed_in(product.url, priya).get("/referrals").text)
    for told in (text.body, mail.text, hers.words):
        assert "Sam" not in told
        assert "your team" not in told


def test_nor_in_spanish(network: Network) -> None:
    sam = network.add_agent("Sam Ortiz", serves=AROUND)
    lupe = network.add_agent("Lupe Vega", serves=AROUND, language=ES)
    network.refer()
    Page(sam.phone.gets_text().link).press("call")
    page = Page(lupe.phone.gets_text().link)
    sam.phone.rings().answer().press("1").hears("It's yours")
    page.becomes("lost")
    assert "otro agente" in page.words.lower()
    assert "Sam" not in page.words


def test_a_teammate_is_named_as_ever(network: Network) -> None:
    team_id = network.add_team()
    sam, mia = (network.add_agent(name, team_id, serves=AROUND) for name in ("Sam Ortiz", "Mia Chen"))
    network.refer()
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    assert mia.phone.gets_text("was first").body.count("Sam") == 1
    assert "with your team" in mia.mailbox.gets_mail("Sam was first").text
