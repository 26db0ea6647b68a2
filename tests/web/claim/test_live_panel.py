"""The live panel: how often an open claim page asks, what it does when nobody answers, and how it tells what is new."""

import pytest
from playwright.sync_api import Browser, Route, expect

from app.claims.phases import FINAL
from tests.support.browser.chromium import SIZES
from tests.support.browser.live_panel import Watched
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.states import STATES, Stage
from tests.support.world.waiting import eventually

A_NIGHT = "08:00:00"


def fails(route: Route) -> None:
    route.fulfill(status=500, body="no")


def breaks(route: Route) -> None:
    route.abort("connectionreset")


def test_while_a_call_is_live_it_asks_each_second(panel: Watched, on_stage: Stage) -> None:
    on_stage.becomes("ringing")
    assert panel.answers_in(1) == [200]
    expect(panel.heading).to_contain_text("Your phone is ringing.")
    assert panel.answers_in(10) == [304] * 10


def test_a_hidden_tab_asks_seldom_and_at_once_when_it_is_shown(panel: Watched, on_stage: Stage) -> None:
    panel.is_shown(False)
    assert 4 <= len(panel.answers_in(60)) <= 8
    on_stage.becomes("calling")
    panel.is_shown(True)
    expect(panel.heading).to_have_text("Calling you.")
    assert panel.answers_in(5) == [304] * 5


@pytest.mark.parametrize("state", sorted(FINAL))
def test_it_asks_no_more_once_it_has_ended(panel: Watched, on_stage: Stage, state: str) -> None:
    on_stage.becomes(state)
    assert panel.answers_in(1) == [200]
    expect(panel.heading).to_contain_text(STATES[state])
    panel.is_shown(False)
    panel.is_shown(True)
    assert panel.answers_in(120) == []


@pytest.mark.parametrize("trouble", [fails, breaks])
def test_it_says_that_it_reconnects_and_catches_up(panel: Watched, on_stage: Stage, trouble: object) -> None:
    panel.page.route("**/panel", trouble)  # type: ignore[arg-type]
    assert len(panel.answers_in(1)) == 1
    panel.says_that_it_reconnects(False)
    assert len(panel.answers_in(2)) == 1
    panel.says_that_it_reconnects()
    expect(panel.heading).to_have_text(STATES["offered"])
    assert 4 <= len(panel.answers_in(60)) <= 6, "it asks ever slower"
    on_stage.becomes("ringing")
    panel.page.unroute("**/panel")
    assert 200 in panel.answers_in(15)
    panel.says_that_it_reconnects(False)
    expect(panel.heading).to_contain_text("Your phone is ringing.")
    assert panel.answers_in(5) == [304] * 5


def test_an_ask_without_an_answer_is_trouble_too(panel: Watched, on_stage: Stage) -> None:
    panel.page.route("**/panel", lambda _: None)
    for _ in range(30):
        panel.page.clock.run_for(1000)
    panel.says_that_it_reconnects()
    panel.page.unroute("**/panel")
    on_stage.becomes("calling")
    panel.is_shown(True)
    expect(panel.heading).to_have_text("Calling you.")
    panel.says_that_it_reconnects(False)


def test_back_on_line_it_asks_at_once(panel: Watched, on_stage: Stage) -> None:
    panel.page.context.set_offline(True)
    assert set(panel.answers_in(10)) == {None}
    panel.says_that_it_reconnects()
    on_stage.becomes("calling")
    panel.page.context.set_offline(False)
    expect(panel.heading).to_have_text("Calling you.")
    panel.says_that_it_reconnects(False)


def test_after_a_sleep_it_asks_at_once(panel: Watched, database: Database) -> None:
    database.time_passes(hours=8)
    panel.page.clock.fast_forward(A_NIGHT)
    expect(panel.heading).to_have_text("This referral has moved on.")


def test_what_was_asked_before_a_sleep_holds_nothing_up(panel: Watched, on_stage: Stage) -> None:
    panel.page.route("**/panel", lambda _: None)
    with panel.page.expect_request("**/panel"):
        panel.page.clock.run_for(1000)
    panel.page.unroute("**/panel")
    on_stage.becomes("calling")
    panel.page.clock.fast_forward(A_NIGHT)
    for _ in range(
        5
    ):  # the ask of last night counts as one that failed: the next comes after two seconds at the latest
        panel.page.clock.run_for(1000)
    expect(panel.heading).to_have_text("Calling you.")
    panel.says_that_it_reconnects(False)


def test_the_countdown_reaches_zero_and_the_page_says_so(panel: Watched, on_stage: Stage, database: Database) -> None:
    clock = panel.page.locator("[data-until]")
    on_stage.connection.execute("UPDATE offer SET expires_at = now() + interval '60.9 seconds'")
    panel.answers_in(1)
    expect(clock).to_have_text("1:00")
    panel.answers_in(20)
    expect(clock).to_have_text("0:40")
    panel.answers_in(40)
    expect(clock).to_have_text("0:00")
    database.time_passes(minutes=2)
    panel.answers_in(1)
    expect(panel.heading).to_have_text("This referral has moved on.")
    expect(panel.page.get_by_text("It was open until")).to_be_visible()
    assert panel.answers_in(60) == []


@pytest.mark.parametrize("state", [state for state in STATES if state != "offered"])
def test_what_is_new_is_announced(panel: Watched, on_stage: Stage, state: str) -> None:
    """A screen reader announces words that change in a node that it knows, not a node that is new."""
    panel.remembers_its_headline()
    on_stage.becomes(state)
    panel.answers_in(1)
    expect(panel.heading).to_contain_text(STATES[state])
    expect(panel.heading).to_have_attribute("aria-live", "polite")
    assert panel.kept_its_headline


@pytest.mark.parametrize("state", ["offered", "ringing", "missed", "pin", "client_missed", "declining"])
def test_a_poll_leaves_the_focus_where_it_is(panel: Watched, on_stage: Stage, state: str) -> None:
    on_stage.becomes(state)
    panel.answers_in(1)
    button = panel.page.get_by_role("button").first
    button.focus()
    on_stage.connection.execute("UPDATE agent SET name = name")
    assert panel.answers_in(1) == [200]
    expect(panel.page.locator(f'[data-phase="{state}"]')).to_have_count(1)
    expect(button).to_be_focused()


def test_without_scripts_its_forms_claim(browser: Browser, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = browser.new_context(viewport=SIZES["phone"], java_script_enabled=False).new_page()
    page.goto(sam.phone.gets_text().link)
    page.get_by_role("button", name="Call me to Claim Referral").click()
    sam.phone.rings()
    expect(page.get_by_role("button", name="Stop calling")).to_be_visible()
    sam.phone.answer().press("1")
    network.client_phone(referral).rings().answer().hang_up()
    eventually(lambda: network.calls(referral) == ["completed"], "the end of the call")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Claimed at")
    assert network.offers(referral) == {sam.id: "claimed"}
    page.context.close()
