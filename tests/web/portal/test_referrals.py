"""Signing in by an emailed link, and what an agent sees in the portal."""

import re

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.browser.sign_in import sign_in_link, signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product


def test_the_links_get_shows_a_button_and_its_post_signs_in_once(network: Network, product: Product) -> None:
    sam = network.add_agent()
    visitor = Visitor(product.url)
    link = sign_in_link(visitor, sam)
    for _ in range(3):  # a mail scanner
        assert visitor.get(link).status_code == 200
    assert visitor.get("/referrals").url.endswith("/sign-in?next=%2Freferrals")
    assert visitor.post(link).url.endswith("/referrals")
    assert "Your referrals" in visitor.get("/referrals").text
    other = Visitor(product.url)
    assert other.post(link).status_code == 410
    assert other.get(link).status_code == 410


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    network: Network, product: Product, carrier: Carrier
) -> None:
    sam = network.add_agent()
    visitor = Visitor(product.url)
    unknown = visitor.post("/sign-in", email="nobody-we-know@agents.example").text
    known = visitor.post("/sign-in", email=sam.email).text
    unknown, known = (re.sub(r'name="asked" value="[^"]+"', "", page) for page in (unknown, known))
    assert unknown.replace("nobody-we-know@agents.example", "") == known.replace(sam.email, "")
    sam.mailbox.gets_mail("sign-in link")
    assert not carrier.inbox("nobody-we-know@agents.example").mails()
    assert "not an email address" in visitor.post("/sign-in", email="sam").text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(network: Network, product: Product, elsewhere: str) -> None:
    sam = network.add_agent()
    visitor = Visitor(product.url)
    link = sign_in_link(visitor, sam, elsewhere)
    assert visitor.post(link).url == f"{product.url}/referrals"


def test_the_portal_shows_a_claimed_clients_details_to_their_agent_alone(network: Network, product: Product) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    sams, priyas = signed_in(product.url, sam), signed_in(product.url, priya)
    details = f"/referrals/{referral['id']}"
    assert sams.get(details).status_code == 404
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    page = sams.get(details).text
    for told in ("Maria Delgado", referral["client"]["phone"], "maria@mail.example", "Would like to list in March."):
        assert told in page
    assert priyas.get(details).status_code == 404
    assert Visitor(product.url).get(details).url.startswith(f"{product.url}/sign-in")
    # the list leads back to the claim page of each offer
    assert "a teammate was first" in priyas.get("/referrals").text


def test_signing_out(network: Network, product: Product) -> None:
    sam = network.add_agent()
    visitor = signed_in(product.url, sam)
    visitor.post("/sign-out")
    assert "/sign-in" in visitor.get("/referrals").url


def test_agents_are_no_admins(network: Network, product: Product) -> None:
    sam = network.add_agent()
    visitor = signed_in(product.url, sam)
    assert visitor.get("/admin/").status_code == 404


def test_the_command_prints_a_link_that_signs_an_admin_in(network: Network, product: Product) -> None:
    link = flask(product, "admins", "create", "boss@network.example").strip()
    assert link.startswith(f"{product.url}/sign-in/")
    visitor = Visitor(product.url)
    assert visitor.signs_in(link).get("/admin/").status_code == 200


def test_notes_keep_their_lines(network: Network, product: Product) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id, notes="Call after 5.\nHas a dog.")
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    page = signed_in(product.url, sam).get(f"/referrals/{referral['id']}").text
    assert '<p class="written">Call after 5.\nHas a dog.</p>' in page
    assert "Call after 5.<br>Has a dog." in sam.mailbox.gets_mail("Maria Delgado").html
