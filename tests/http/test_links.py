"""Links that were altered, cut short, or have expired: a plain page, and no hint."""

import pytest
import requests

from tests.support.browser.browser import Visitor
from tests.support.browser.sign_in import sign_in_link
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import change, rows

GONE = "This link doesn't work any more."


def spoiled(link: str) -> list[str]:
    """The link altered at each end, cut short, lengthened, and made up."""
    base, _, token = link.rpartition("/")
    other_end = token[:-1] + ("A" if token[-1] != "A" else "B")
    other_start = ("A" if token[0] != "A" else "B") + token[1:]
    made = [other_end, other_start, token[:-5], token[:1], token + "x", "x" * 36, "%00", "%ff" * 12, token.swapcase()]
    return [f"{base}/{bad}" for bad in made]


def is_plain(page: requests.Response, *secrets: str) -> bool:
    """A page that says so and offers sign-in, and nothing else."""
    text = page.text.replace("&#39;", "'")
    assert GONE in text
    assert 'href="/sign-in"' in text
    return not [hint for hint in ("Traceback", "app/", "Error", "expired", *secrets) if hint in text]


def test_an_offers_link_that_was_altered_or_cut_short(network: Network, carrier: Carrier, product: Product) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    before = rows(product)
    pages = [requests.get(bad, timeout=10) for bad in spoiled(link)]
    assert [page.status_code for page in pages] == [404] * len(pages)
    assert all(is_plain(page, "Austin", "Sam") for page in pages)
    assert len({page.text for page in pages}) == 1
    for bad in spoiled(link):
        for action in ("call", "decline", "stop"):
            answer = requests.post(f"{bad}/{action}", headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)
            assert answer.status_code == 404
    assert rows(product) == before
    assert carrier.calls_placed() == 0


def test_the_link_of_an_offer_that_has_expired(network: Network, carrier: Carrier, product: Product) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    change(product, "UPDATE offer SET expires_at = now() - interval '1 minute'")
    page = requests.get(link, timeout=10)
    assert page.status_code == 410
    assert "This referral has moved on." in page.text
    assert "Traceback" not in page.text
    requests.post(f"{link}/call", headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)
    assert carrier.calls_placed() == 0


def test_a_sign_in_link_that_was_altered_or_cut_short(network: Network, product: Product) -> None:
    sam = network.add_agent()
    link = sign_in_link(Visitor(product.url), sam)
    visitor = Visitor(product.url)
    for bad in spoiled(link):
        assert visitor.get(bad).status_code == 404
        assert is_plain(visitor.post(bad), "Sam", sam.email)
    assert "/sign-in" in visitor.get("/referrals").url


def test_a_sign_in_link_that_has_expired(network: Network, product: Product) -> None:
    sam = network.add_agent()
    link = sign_in_link(Visitor(product.url), sam)
    change(product, "UPDATE sign_in_link SET expires_at = now() - interval '1 minute'")
    visitor = Visitor(product.url)
    for page in (visitor.get(link), visitor.post(link)):
        assert page.status_code == 410
        assert is_plain(page, "Sam", sam.email)
    assert "/sign-in" in visitor.get("/referrals").url


def test_a_link_for_one_purpose_is_worth_nothing_for_another(network: Network, product: Product) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    token = sam.phone.gets_text().link.rpartition("/")[2]
    assert Visitor(product.url).post(f"/sign-in/{token}").status_code == 404


@pytest.mark.parametrize("page", ["call", "decline", "stop"])
def test_a_post_from_another_site_is_refused(network: Network, carrier: Carrier, page: str) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert requests.post(f"{link}/{page}", headers=headers, timeout=10).status_code == 403
    assert carrier.calls_placed() == 0
    assert requests.post(f"{link}/call", headers={"Sec-Fetch-Site": "same-origin"}, timeout=10).ok
    sam.phone.rings()
