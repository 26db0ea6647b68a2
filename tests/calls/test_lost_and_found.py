"""When things break in a call: what got lost is asked for, and a call goes on from what is committed."""

import requests

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.phone.phone import Phone
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

MORE_CALLS = """
    INSERT INTO call (id, offer_id, agent_id, direction, attempt, phone, status, requested_at, ring_deadline_at,
                      ended_at)
    SELECT uuidv7(), offer_id, agent_id, direction, attempt, phone, status, requested_at, ring_deadline_at, ended_at
      FROM (SELECT * FROM call ORDER BY id LIMIT 1) call, generate_series(1, %s) RETURNING id
"""
"""So many more like the first."""


def in_place(page: Page) -> str:
    """What a tap on "Call me" brings where the page swaps it in."""
    headers = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
    return requests.post(f"{page.link}/call", headers=headers, timeout=10).text


def talking(network: Network, sam: AgentInTest) -> tuple[Page, Phone]:
    """Sam has claimed a referral and talks to Maria: Sam's page, and Maria's phone."""
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1")
    maria = network.client_phone(referral).rings().answer()
    return page.becomes("connected"), maria


def test_a_call_whose_create_timed_out_is_found_and_followed(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    carrier.behaves(vanish=1, lose=["all"])
    page.press("call")
    sam.phone.rings()
    assert page.phase == "calling"
    database.time_passes(seconds=15)  # the answer will not come any more
    eventually(lambda: database.rows("SELECT 1 FROM call WHERE sid IS NOT NULL"), "the call is adopted")
    sam.phone.rings_out().is_over("no-answer")
    database.time_passes(seconds=15)
    eventually(lambda: network.calls(referral) == ["no_answer"], "the carrier is asked")
    assert "There was no answer" in page.becomes("missed").words
    assert carrier.calls_placed() == 1


def test_a_call_that_ended_while_every_callback_was_lost_ends_on_the_page(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    carrier.behaves(lose=["all"])
    page.press("call")
    sam.phone.rings().answer().hears("Press 1").hang_up()
    database.time_passes(seconds=30)
    eventually(lambda: network.calls(referral) == ["hung_up"], "the carrier is asked")
    assert "The call ended before 1 was pressed." in page.words


def test_a_conversation_has_no_limit(network: Network, database: Database, sam: AgentInTest) -> None:
    page, maria = talking(network, sam)
    database.time_passes(hours=3)
    eventually(
        lambda: database.rows("SELECT 1 FROM call WHERE checked_at > now() - interval '1 minute'"),
        "the carrier is asked how it goes",
    )
    assert page.phase == "connected"
    assert "connected 3:00:" in page.words
    maria.hang_up()
    page.becomes("claimed")


def test_a_conversation_that_ended_while_we_were_away_ends_on_the_page(
    network: Network, product: Product, database: Database, sam: AgentInTest
) -> None:
    page, _ = talking(network, sam)
    with product.web_away():
        sam.phone.hang_up().is_over("completed")
    database.time_passes(minutes=2)
    page.becomes("claimed")
    sam.mailbox.gets_mail("Maria Delgado")


def test_an_answer_lost_before_the_key_the_fallback_says_the_menu(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    _, page = network.offered(sam)
    carrier.behaves(lose_answers=1)
    page.press("call")
    sam.phone.rings().answer().hears("A seller in Austin").press("1").hears("It's yours")


def test_an_answer_lost_after_the_claim_the_fallback_rings_the_client(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().hears("Press 1")
    carrier.behaves(lose_answers=1)
    sam.phone.press("1").hears("It's yours. Connecting you to Maria")
    network.client_phone(referral).rings().answer()
    page.becomes("connected")
    assert database.rows("SELECT count(*) FROM claim") == [(1,)]


def test_an_answer_lost_after_they_have_talked_rings_nobody_again(
    network: Network, carrier: Carrier, sam: AgentInTest
) -> None:
    page, maria = talking(network, sam)
    carrier.behaves(lose_answers=1)
    maria.hang_up()
    sam.phone.is_over("completed")
    page.becomes("claimed")
    assert [call["phone"] for call in carrier.state()["calls"]] == [sam.phone.number, maria.number]


def test_a_hook_that_cannot_have_the_lock_says_one_moment_and_comes_back(network: Network, database: Database) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().hears("Press 1")
    with database.somebody_holds(referral["id"]):
        sam.phone.press("1").hears("One moment")
        assert page.phase == "answered"
    sam.phone.hears("It's yours")
    assert page.phase == "connecting"


def test_a_pin_that_has_to_wait_says_one_moment_as_well(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("missed")
    office = carrier.phone("+15125559501").calls_us()
    with database.somebody_holds(referral["id"]):
        office.press(database.pin()).hears("One moment")
    office.hears("That's the one. It's yours")


def test_a_stop_and_a_pick_up_that_cross_end_in_one_truth(network: Network, product: Product) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
    with product.held_up("voice", "sweeper"):
        page.press("stop")
        sam.phone.answer().hears("Press 1")
    sam.phone.is_over("completed")
    page.becomes("offered")
    assert network.calls(referral) == ["hung_up"]
    assert network.referral(referral["id"])["status"] == "open"


def test_a_key_pressed_while_the_call_is_being_stopped_claims(network: Network, product: Product) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
    with product.held_up("voice", "sweeper"):
        page.press("stop")
        sam.phone.answer().press("1").hears("It's yours")
    network.client_phone(referral).rings().answer()
    page.becomes("connected")
    assert network.calls(referral) == ["connected"]


def test_a_call_that_the_carrier_does_not_know_is_over(
    network: Network, carrier: Carrier, database: Database, sam: AgentInTest
) -> None:
    """Deleted there, or placed by an account before: it must not keep its agent's phone for ever."""
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
    ((known,),) = database.rows("SELECT sid FROM call")
    carrier.behaves(lose=["all"])
    database.rows("UPDATE call SET sid = %s RETURNING id", "CA" + "f" * 32)
    database.time_passes(seconds=40)
    eventually(lambda: network.calls(referral) == ["failed"], "the carrier is asked, and knows nothing")
    database.rows("UPDATE call SET sid = %s RETURNING id", known)
    carrier.behaves(lose=[])
    sam.phone.decline()
    page.becomes("missed").press("call")
    sam.phone.rings()
    assert carrier.calls_placed() == 2


def test_a_referral_rings_so_often_and_no_oftener(network: Network, database: Database, sam: AgentInTest) -> None:
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("missed")
    database.rows(MORE_CALLS, 5)
    assert "as often as we may" in in_place(page)
    database.time_passes(minutes=11)
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("pin")
    database.rows(MORE_CALLS, 14)
    database.time_passes(minutes=11)
    assert "as often as we may" in in_place(page)


def test_a_client_is_not_rung_by_a_link_of_days_ago(network: Network, database: Database, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1")
    network.client_phone(referral).rings().decline()
    page.becomes("client_missed")
    database.time_passes(hours=13)
    page.press("call")
    assert database.rows("SELECT count(*) FROM call WHERE ended_at IS NULL") == [(0,)]
