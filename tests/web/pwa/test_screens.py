"""The pictures that a store or an install dialog shows: of the product as it is, taken anew by `make pictures`."""

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.support.browser.chromium import picture
from tests.support.browser.device import Device
from tests.support.world.network import AgentInTest, Network
from tests.web.pwa.conftest import HandOut

SIZES: dict[str, ViewportSize] = {"narrow": {"width": 412, "height": 915}, "wide": {"width": 1280, "height": 800}}
OTHERS = (
    ("Round Rock", "78664", "buyer", 420000),
    ("Austin", "78745", "seller", 515000),
    ("Leander", "78641", "buyer", 350000),
)


def claims(network: Network, sam: AgentInTest) -> None:
    """Sam has claimed Maria, among others who are offered."""
    for city, zip_code, kind, price in OTHERS:
        area, asked = {"city": city, "state": "TX", "zip": zip_code}, {"min": price, "max": price}
        network.refer(agent_id=sam.id, kind=kind, area=area, price=asked)
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")


@pytest.mark.parametrize("form", SIZES)
def test_a_picture_for_the_install_dialog(network: Network, device: HandOut, form: str) -> None:
    sam = network.add_agent()
    held: Device = device(sam, color_scheme="light")
    held.page.evaluate("localStorage.setItem('push-dismissed', 'yes')")
    held.page.set_viewport_size(SIZES[form])
    if form == "narrow":
        held.page.goto(network.link(network.refer(agent_id=sam.id), sam))
        expect(held.page.get_by_role("button", name="Call me to Claim Referral")).to_be_visible()
    else:
        claims(network, sam)
        held.page.goto(f"{network.url}/referrals")
        expect(held.page.get_by_role("link", name="Maria Delgado").first).to_be_visible()
    picture(held.page, f"app/screens/{form}")
