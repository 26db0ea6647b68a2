"""A new release takes over pages that are open, and loses nothing that is being typed."""

from playwright.sync_api import Page, expect

from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually
from tests.web.pwa.conftest import HandOut

HIDE = """
() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
UPDATE = "async () => { await (await navigator.serviceWorker.getRegistration()).update(); }"
NOTICED = "document.documentElement.dataset.newVersion === 'yes'"
UPDATED = f"async () => {{ await ({UPDATE})(); return {NOTICED}; }}"
"""Asks again each time: the browser's own check, begun with the page, may still be reading the old version."""


def leaves_a_mark(page: Page) -> None:
    """Gone once the page is loaded anew."""
    page.evaluate("window.mark = 'the same document'")


def test_a_new_version_takes_over_open_pages(network: Network, device: HandOut, product: Product) -> None:
    phone = device(network.add_agent())
    reading, typing = phone.page, phone.new_page()
    typing.goto(f"{product.url}/referrals")
    typing.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    typing.locator("textarea").press_sequentially("What Maria said")
    for page in (reading, typing):
        leaves_a_mark(page)
    old = set(reading.evaluate("caches.keys()"))
    with product.web_with(BRAND_NAME="Lakeline"):
        for page in (reading, typing):
            eventually(lambda page=page: page.evaluate(UPDATED), "a page that has noticed")
            assert page.evaluate("window.mark") == "the same document", "nobody's page changes under their eyes"
        eventually(lambda: not old & set(reading.evaluate("caches.keys()")), "the end of what the old version kept")
        for page in (reading, typing):
            page.evaluate(HIDE)
        expect(reading.get_by_role("link", name="Lakeline")).to_be_visible()
        assert typing.evaluate("window.mark") == "the same document"
        assert typing.locator("textarea").input_value() == "What Maria said"
        phone.context.set_offline(True)
        reading.reload()
        expect(reading.get_by_role("link", name="Lakeline")).to_be_visible()


def test_the_first_worker_is_no_new_version(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    assert not phone.page.evaluate(NOTICED)


def test_the_same_release_is_the_same_worker(network: Network, device: HandOut, product: Product) -> None:
    phone = device(network.add_agent())
    with product.web_with():
        phone.page.evaluate(UPDATE)
        assert phone.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).installing") is None
        assert not phone.page.evaluate(NOTICED)
