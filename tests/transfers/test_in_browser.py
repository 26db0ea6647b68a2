"""Client on the line as an admin does it at the desk: one page, three phones, nothing reloaded."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.admin.test_live import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.transfers.conftest import ADVISER_PHONE


@pytest.fixture
def desk(browser: Browser, product: Product, network: Network) -> Iterator[Page]:
    page, complaints = signed_in(browser, product)
    yield page
    assert complaints == []
    page.context.close()


def test_the_page_leads_from_the_tap_to_the_introduction(
    desk: Page, network: Network, carrier: Carrier, rung: Callable[[str], AgentInTest], product: Product
) -> None:
    sam = rung("Sam Ortiz")
    referral = network.refer(agent_id=sam.id)
    sam.phone.rings().decline().is_over()
    client, adviser = network.client_phone(referral), carrier.phone(ADVISER_PHONE)
    desk.goto(f"{product.url}/admin/referrals/{referral['id']}")
    desk.get_by_text("Client on the line", exact=True).click()
    desk.get_by_label("Your phone").fill("(512) 555-0188")
    desk.get_by_role("button", name="Call me, then the client").click()
    panel = desk.get_by_role("region", name="Client on the line")
    expect(panel).to_contain_text("Ringing (512) 555-0188. Press 1 when you pick up.")
    adviser.rings().answer().press("1")
    expect(panel).to_contain_text("Ringing the client")
    client.rings().answer().hears("in a conference")
    expect(panel).to_contain_text("The client is on the line with you")
    panel.get_by_role("button", name="Ring agents").click()
    expect(panel).to_contain_text("1 phone rings. The first agent who presses 1 joins you.")
    sam.phone.rings().answer().hears("on the line with us now").press("1").hears("in a conference")
    expect(panel).to_contain_text("Sam Ortiz has it and is on the line. Introduce them, then hang up.")
    adviser.hang_up().is_over()
    client.hang_up().is_over()
    expect(panel).to_contain_text("The client was handed over on the line")
    sam.phone.hang_up().is_over()


def test_the_code_stands_on_the_page_and_a_message_can_be_left(
    desk: Page, network: Network, carrier: Carrier, product: Product
) -> None:
    referral = network.refer(team_id=network.add_team())
    adviser = carrier.phone(ADVISER_PHONE)
    desk.goto(f"{product.url}/admin/referrals/{referral['id']}")
    desk.get_by_text("Client on the line", exact=True).click()
    desk.get_by_label("Your phone").fill("(512) 555-0188")
    desk.get_by_role("button", name="I have them on the phone").click()
    panel = desk.get_by_role("region", name="Client on the line")
    code = panel.locator(".code").inner_text()
    adviser.calls_us().press(code).hears("press 1").press("1").hears("No agent can be rung right now")
    expect(panel).to_contain_text("No agent can be rung right now. The referral goes out the usual way.")
    panel.get_by_label("For the agent who gets them").fill("She moves in May.")
    with desk.expect_response("**/transfer"):
        pass  # a poll leaves alone what is being typed
    expect(panel.get_by_label("For the agent who gets them")).to_have_value("She moves in May.")
    panel.get_by_role("button", name="Save").click()
    desk.get_by_role("button", name="Show who it is").click()
    expect(desk.locator("main")).to_contain_text("She moves in May.")
    adviser.hang_up().is_over()
