"""Twenty seconds without a key (S8): the page says why as far as the carrier knows, and offers "Call me again"."""

from collections.abc import Callable

import pytest

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.phone.phone import Phone
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually


@pytest.fixture
def page(network: Network, sam: AgentInTest) -> Page:
    """The page of an offer to Sam."""
    return network.offered(sam)[1]


ENDS: dict[str, tuple[Callable[[Phone], Phone], str]] = {
    "unanswered": (lambda phone: phone.rings_out(), "There was no answer at (512) 555-"),
    "declined": (lambda phone: phone.decline(), "The call was declined on the phone."),
    "failed": (lambda phone: phone.cannot_be_reached(), "couldn't be placed"),
    "hung up in the menu": (lambda phone: phone.answer().hears("Press 1").hang_up(), "ended before 1 was pressed"),
    "without a key": (lambda phone: phone.answer().hears("We didn't hear a key"), "no key was pressed"),
}


@pytest.mark.parametrize("how", ENDS)
def test_the_page_says_which_it_was_and_offers_another_call(sam: AgentInTest, page: Page, how: str) -> None:
    ends, words = ENDS[how]
    page.press("call")
    ends(sam.phone.rings()).is_over()
    assert words in page.becomes("missed").words
    assert "The referral is still open." in page.words
    assert "Call me again" in page.words


def test_at_twenty_seconds_when_every_callback_is_lost(
    sam: AgentInTest, page: Page, carrier: Carrier, database: Database
) -> None:
    carrier.behaves(lose=["all"])
    page.press("call")
    sam.phone.rings()
    database.time_passes(seconds=19)
    assert page.phase == "calling"
    database.time_passes(seconds=1)
    assert page.phase == "missed"
    assert "There was no answer" in page.words
    assert "Call me again" in page.words


def test_while_it_waits_in_the_carriers_queue_its_twenty_seconds_do_not_run(
    network: Network, carrier: Carrier, database: Database
) -> None:
    """The carrier dials one call a second for a new account, and says when it does; here it never says."""
    carrier.behaves(lose=["all"])
    for name in ("Sam Ortiz", "Priya Raman", "Lee Chen"):
        agent = network.add_agent(name)
        network.offered(agent)[1].press("call")
        agent.phone.rings()
        eventually(lambda: not database.rows("SELECT FROM call WHERE sid IS NULL"), "it has been placed")
    given = "SELECT extract(epoch FROM ring_deadline_at - requested_at)::int FROM call ORDER BY id"
    assert database.rows(given) == [(20,), (21,), (22,)]


def test_past_twenty_seconds_nothing_is_hung_up_and_the_key_still_claims(
    sam: AgentInTest, page: Page, database: Database
) -> None:
    page.press("call")
    sam.phone.rings()
    database.time_passes(seconds=22)
    assert page.phase == "missed"
    sam.phone.answer().press("1").hears("It's yours")
    assert page.phase == "connecting"


def test_voicemail_never_claims_and_is_hung_up_before_the_next_call(
    sam: AgentInTest, page: Page, database: Database
) -> None:
    sam.phone.behaves("voicemail")
    page.press("call")
    sam.phone.picks_up_by_itself().hears("Press 1")
    database.time_passes(seconds=20)
    assert page.phase == "missed"
    sam.phone.behaves("manual")
    page.press("call")
    sam.phone.is_over("completed").rings().answer().press("1").hears("It's yours")


def test_asking_again_ends_the_first_call_before_the_second_is_dialed(
    sam: AgentInTest, page: Page, carrier: Carrier, database: Database
) -> None:
    page.press("call")
    first = sam.phone.rings().sid
    database.time_passes(seconds=20)
    page.press("call")
    page.press("call")
    sam.phone.is_over("canceled").rings()
    asked = [r["path"].rpartition("/")[2] for r in carrier.state()["requests"] if "/Calls" in r["path"]]
    assert asked[0] == asked[-1] == "Calls.json"
    assert set(asked[1:-1]) == {f"{first}.json"}
    assert page.becomes("ringing")


def test_the_second_waits_as_long_as_the_first_still_rings(
    sam: AgentInTest, page: Page, carrier: Carrier, database: Database, product: Product
) -> None:
    page.press("call")
    sam.phone.rings()
    database.time_passes(seconds=20)
    with product.held_up("voice", "sweeper"):
        page.press("call")
        assert page.phase == "calling"
        eventually(lambda: database.rows("SELECT 1 FROM call WHERE status = 'canceling'"), "the first is to end")
        sam.phone.rings_out().is_over("no-answer")
    sam.phone.rings()
    assert carrier.calls_placed() == 2


def test_the_first_wins_when_it_is_answered_after_all(
    sam: AgentInTest, page: Page, database: Database, product: Product, network: Network
) -> None:
    priya = network.add_agent("Priya Raman")
    _, priyas = network.offered(priya)
    page.press("call")
    sam.phone.rings()
    database.time_passes(seconds=20)
    with product.held_up("voice", "sweeper"):  # the request to end the first call is on its way
        page.press("call")
        sam.phone.answer().hears("Press 1")
        priyas.press("call")
    priya.phone.rings()  # whatever was on its way before has arrived
    sam.phone.press("1").hears("It's yours")
    assert page.phase == "connecting"
    assert database.rows("SELECT count(*) FROM call WHERE dialing_at IS NOT NULL") == [(2,)]  # one for each of them
