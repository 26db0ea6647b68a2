"""The page's button rings us from the agent's own phone and types the PIN: into the menu that a call back gets."""

import pytest

from app.core.limits import Limit, Limits
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product


def missed_twice(network: Network, sam: AgentInTest) -> tuple[dict[str, object], Page]:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("missed").press("call")
    sam.phone.rings().decline()
    return referral, page.becomes("pin")


@pytest.mark.parametrize("digits", ["215430", "122222", "482915"])
def test_it_claims_whatever_its_digits_mean_in_the_menu(
    network: Network, carrier: Carrier, sam: AgentInTest, database: Database, digits: str
) -> None:
    referral, page = missed_twice(network, sam)
    database.rows("UPDATE pin SET digits = %s RETURNING id", digits)
    assert page.call_link == f"+15125550100,,{digits}"
    sam.phone.calls_us().press(digits).hears("That's the one. It's yours.")
    page.becomes("connecting")
    found = network.referral(str(referral["id"]))
    assert (found["claimed_by"], found["offers"][0]["status"]) == (sam.id, "claimed")


def test_it_claims_the_referral_it_belongs_to_not_the_one_missed_last(
    network: Network, carrier: Carrier, sam: AgentInTest
) -> None:
    first, page = missed_twice(network, sam)
    pin = page.pin
    last, _ = network.offered(sam, kind="buyer")
    Page(network.link(last, sam)).press("call")
    sam.phone.rings().rings_out()
    sam.phone.calls_us().hears("A buyer in Austin").press(pin).hears("That's the one. It's yours.")
    assert network.referral(str(first["id"]))["claimed_by"] == sam.id
    assert network.referral(str(last["id"]))["status"] == "open"


def test_a_wrong_one_changes_nothing_and_the_menu_goes_on(network: Network, carrier: Carrier, sam: AgentInTest) -> None:
    referral, page = missed_twice(network, sam)
    wrong = "2" + ("00000" if page.pin != "200000" else "00001")
    sam.phone.calls_us().press(wrong).hears("Press 1 to claim, or 2 to decline")
    assert network.referral(str(referral["id"]))["status"] == "open"
    sam.phone.press("1").hears("One. It's yours.")


def test_typed_in_two_halves_it_claims(network: Network, carrier: Carrier, sam: AgentInTest) -> None:
    """As the page groups it, with a look at the page between."""
    referral, page = missed_twice(network, sam)
    pin = page.pin
    sam.phone.calls_us().press(pin[:3]).hears("Go on.").press(pin[3:]).hears("That's the one. It's yours.")
    assert network.referral(str(referral["id"]))["claimed_by"] == sam.id


def test_a_pause_after_its_first_digit_neither_claims_nor_declines(
    network: Network, carrier: Carrier, sam: AgentInTest
) -> None:
    referral, page = missed_twice(network, sam)
    pin = page.pin
    assert pin[0] not in "12"
    sam.phone.calls_us().press(pin[0]).hears("Go on.")
    assert network.referral(str(referral["id"]))["offers"][0]["status"] == "sent"
    sam.phone.press(pin[1:]).hears("That's the one. It's yours.")


def test_half_a_pin_and_then_nothing_is_the_menu_again(network: Network, carrier: Carrier, sam: AgentInTest) -> None:
    _, page = missed_twice(network, sam)
    pin = page.pin
    sam.phone.calls_us().press(pin[:3]).hears("Go on.").hears("Press 1 to claim, or 2 to decline")


@pytest.mark.parametrize("keys", ["11", "111"])
def test_a_key_pressed_twice_is_that_key(network: Network, carrier: Carrier, sam: AgentInTest, keys: str) -> None:
    missed_twice(network, sam)
    sam.phone.calls_us().press(keys).hears("One. It's yours.")


def test_from_an_agents_number_another_agents_pin_opens_nothing(network: Network, carrier: Carrier) -> None:
    sam, priya = network.add_agent("Sam Ortiz"), network.add_agent("Priya Raman")
    referral, page = missed_twice(network, sam)
    pin = page.pin
    priya.phone.calls_us(verified=False).press(pin).hears("That is not a PIN in use.")
    assert network.referral(str(referral["id"]))["status"] == "open"
    sam.phone.calls_us(verified=False).press(pin).hears("That's the one. It's yours.")


def test_wrong_pins_from_a_forged_number_keep_nobody_out(
    network: Network, carrier: Carrier, sam: AgentInTest, product: Product
) -> None:
    _, page = missed_twice(network, sam)
    pin = page.pin
    limits = Limits(product.env["REDIS_URL"])
    while limits.allow(Limit.WRONG_PINS_PER_FORGED_AGENT, sam.id):
        pass
    sam.phone.calls_us(verified=False).press(pin).hears("That didn't work").is_over()
    sam.phone.calls_us().press(pin).hears("That's the one. It's yours.")
