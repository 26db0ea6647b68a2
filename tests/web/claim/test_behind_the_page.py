"""The pages behind the claim page hear, as it does, that somebody was first."""

from playwright.sync_api import Browser, Page, expect

from tests.support.browser.chromium import opened_page
from tests.support.browser.page import Page as Followed
from tests.support.world.network import AgentInTest, Network


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_whoever_types_a_number_or_weighs_declining_is_led_back_when_another_wins(
    browser: Browser, network: Network
) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    link = network.link(referral, priya)
    number, complaints = opened_page(browser, f"{link}/number", "phone")
    number.get_by_label("Phone").fill("(512) 555-0199")
    declining, _ = opened_page(browser, f"{link}/decline", "phone")
    heading(number, "Which number?")
    heading(declining, "Why is this one not for you?")
    wins(sam, Followed(network.link(referral, sam)))
    heading(number, "Sam was first.")
    heading(declining, "Sam was first.")
    assert complaints == []
    number.context.close()
    declining.context.close()


def test_what_is_being_typed_stays_while_the_offer_stands(browser: Browser, network: Network, sam: AgentInTest) -> None:
    referral = network.refer(agent_id=sam.id)
    page, complaints = opened_page(browser, f"{network.link(referral, sam)}/number", "phone")
    field = page.get_by_label("Phone")
    with page.expect_response(lambda r: r.url.endswith("/open")) as asked:
        field.fill("(512) 555-01")
    assert asked.value.status == 304
    expect(field).to_have_value("(512) 555-01")
    expect(field).to_be_focused()
    assert complaints == []
    page.context.close()


def wins(agent: AgentInTest, page: Followed) -> None:
    page.press("call")
    agent.phone.rings().answer().press("1").hears("It's yours")
