""" "Decline Referral" (S7): a reason, ten seconds to undo, and then it moves on."""

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually


def test_a_reason_is_asked_for_and_confirmed(network: Network) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    asks = Page(f"{page.link}/decline")
    assert "Why is this one not for you?" in asks.words
    assert "Too far away" in asks.words
    assert "Keep it" in asks.words
    assert page.press("decline").status_code == 422
    assert page.phase == "offered"
    page.press("decline", reason="too_far", words="an hour by car")
    assert page.phase == "declining"
    assert "You're declining this referral." in page.words
    assert network.offers(referral) == {sam.id: "sent"}


def test_it_takes_effect_after_ten_seconds_and_never_steps_back(network: Network, database: Database) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("decline", reason="too_busy")
    database.time_passes(seconds=9)
    assert page.phase == "declining"
    database.time_passes(seconds=1)
    assert page.phase == "declined"
    page.press("undo")
    page.press("call")
    assert page.phase == "declined"
    eventually(lambda: network.offers(referral) == {sam.id: "declined"}, "the offer has ended")
    page.press("undo")
    assert page.phase == "declined"
    assert not page.asks_on


def test_it_can_be_undone_and_then_claimed(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
    page.press("decline", reason="other")
    sam.phone.is_over("canceled")
    page.press("undo")
    page.becomes("offered").press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")


def test_meanwhile_it_cannot_be_claimed(
    network: Network, carrier: Carrier, product: Product, database: Database
) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().hears("Press 1")
    pin = database.pin()
    with product.held_up("voice", "sweeper"):  # before the call can be ended
        page.press("decline", reason="price")
        sam.phone.press("1").hears("This referral has moved on").is_over()
    carrier.phone("+15125559101").calls_us().press(pin).hears("not a PIN in use")
    page.press("call")
    assert page.phase == "declining"
    assert network.referral(referral["id"])["status"] == "open"


def test_key_2_does_the_same_and_can_be_undone_as_well(network: Network, database: Database) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("2").hears("Two. Declined.").is_over()
    assert page.phase == "declining"
    page.press("undo")
    assert page.phase == "offered"
    page.press("call")
    sam.phone.rings().answer().press("2").hears("Two. Declined.").is_over()
    database.time_passes(seconds=10)
    assert page.phase == "declined"
    eventually(lambda: network.offers(referral) == {sam.id: "declined"}, "the offer has ended")


def test_what_was_on_its_way_to_that_agent_stops(
    network: Network, carrier: Carrier, product: Product, database: Database
) -> None:
    sam = network.add_agent()
    with product.held_up("messages"):
        referral = network.refer(agent_id=sam.id)
        Page(network.link(referral, sam)).press("decline", reason="too_busy")
        database.time_passes(seconds=10)
        eventually(lambda: network.offers(referral) == {sam.id: "declined"}, "the offer has ended")
    other = network.add_agent("Priya Raman")
    network.refer(agent_id=other.id)
    other.phone.gets_text()
    other.mailbox.gets_mail()
    assert sam.phone.texts() == sam.mailbox.mails() == []


def test_the_others_of_the_team_go_on_and_the_one_who_declined_hears_no_more(network: Network) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    sams, priyas = network.page(referral, sam), network.page(referral, priya)
    sams.press("decline", reason="too_far")
    priyas.press("call")
    priya.phone.rings().answer().press("1").hears("It's yours")
    network.client_phone(referral).rings().answer().hang_up()
    priya.mailbox.gets_mail("Maria Delgado")
    assert sam.phone.texts("was first") == sam.mailbox.mails("was first") == []
    assert sams.phase in ("lost", "declined")


def test_it_moves_on_and_the_admins_are_told_why(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    flask(product, "admins", "create", "boss@network.example")
    sam = network.add_agent()
    _, page = network.offered(sam)
    page.press("decline", reason="too_far", words="an hour by car")
    database.time_passes(seconds=10)
    mail = carrier.inbox("boss@network.example").gets_mail("Nobody has it: Seller in Austin")
    assert 'Sam Ortiz: declined. Too far away: "an hour by car"' in mail.text
