"""The page's button rings us from the agent's own phone and types the PIN: into the menu that a call back gets."""

import pytest

from tests.support.carrier import Carrier
from tests.support.database import Database
from tests.support.network import AgentInTest, Network
from tests.support.page import Page


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
