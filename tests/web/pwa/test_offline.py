"""Without a network: the shell and a phone number, never a page with data."""

import re

import requests
from playwright.sync_api import expect

from app.web.pwa import MODULES
from tests.support.browser.chromium import picture
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.web.pwa.conftest import HandOut


def test_a_network_that_is_away_leaves_a_page_with_our_number(
    network: Network, device: HandOut, product: Product
) -> None:
    phone = device(network.add_agent())
    with product.web_away():
        phone.page.goto(f"{product.url}/referrals")
        expect(phone.page.get_by_role("heading", level=1)).to_have_text("You're offline")
        call = phone.page.get_by_role("link", name="Call (512) 555-0100")
        assert call.get_attribute("href") == "tel:+15125550100"
        assert phone.page.evaluate("getComputedStyle(document.querySelector('.button')).minHeight") == "60px"
    phone.page.get_by_role("link", name="Try again").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Your referrals")


def test_the_page_comes_back_by_itself(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    phone.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("You're offline")
    phone.context.set_offline(False)
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Your referrals")


def test_the_claim_page_says_so_too(network: Network, device: HandOut) -> None:
    sam = network.add_agent()
    phone = device(sam)
    link = network.link(network.refer(agent_id=sam.id), sam)
    phone.page.goto(link)
    phone.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("You're offline")
    assert phone.page.url == link


def test_nothing_of_the_portal_is_kept(network: Network, device: HandOut, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    link = network.link(referral, sam)
    phone = device(sam)
    phone.page.goto(link)
    Page(link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    phone.page.goto(f"{network.url}/referrals/{referral['id']}")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Maria Delgado")
    phone.page.goto(f"{network.url}/referrals")
    kept = phone.cached()
    assert {re.sub(r"/static/\w+/", "/static/", address.removeprefix(network.url)) for address in kept} == {
        "/offline", "/static/css/dibs.css", "/static/vendor/htmx.js", *(f"/static/js/{name}.js" for name in MODULES),
        "/static/icons/icon.svg", "/static/icons/icon-192.png", "/static/icons/badge-96.png",
    }  # fmt: skip
    everything = "\n".join(kept.values())
    for private in ("Maria", "Austin", sam.email, sam.phone.number, link.rpartition("/")[2]):
        assert private not in everything


def test_the_offline_page_knows_nobody(network: Network, product: Product, device: HandOut) -> None:
    sam = network.add_agent()
    phone = device(sam)
    signed_in = phone.page.request.get(f"{product.url}/offline").text()
    assert signed_in == requests.get(f"{product.url}/offline", timeout=10).text
    assert "Sign out" not in signed_in


def test_the_worker_is_always_asked_for_anew_and_sets_no_cookie(network: Network, product: Product) -> None:
    answer = requests.get(f"{product.url}/sw.js", timeout=10)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


def test_how_it_looks(network: Network, device: HandOut, product: Product) -> None:
    sam = network.add_agent()
    for size in ("phone", "desk"):
        for scheme in ("light", "dark"):
            held = device(sam, size=size, color_scheme=scheme)
            held.context.set_offline(True)
            held.page.reload()
            expect(held.page.get_by_role("heading", level=1)).to_have_text("You're offline")
            picture(held.page, f"app/offline-{size}-{scheme}")
