"""2, NO or DECLINE: the referral moves on, after the ten seconds in which that can be undone."""

import pytest

from tests.inbound.test_call import DALLAS
from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.phone.texts import Texts
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.waiting import eventually

DECLINING = "You're declining the seller in"


def test_2_declines_and_is_answered_with_a_link_to_undo_it(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    assert texts.sent(sam.phone, "2").meaning == "decline"
    text = sam.phone.gets_text(f"{DECLINING} Austin TX. Undo within 10 s:")
    assert (text.segments, text.link) == (1, page.link)
    assert page.phase == "declining"
    database.time_passes(seconds=11)
    page.becomes("declined")
    eventually(lambda: network.offers(referral) == {sam.id: "declined"}, "the decline takes effect")
    assert database.rows("SELECT decline_reason FROM offer") == [("by_text",)]


def test_a_decline_by_text_can_be_undone(network: Network, texts: Texts, database: Database, sam: AgentInTest) -> None:
    referral, _ = network.offered(sam)
    texts.sent(sam.phone, "2")
    page = Page(sam.phone.gets_text(DECLINING).link)
    page.press("undo")
    database.time_passes(seconds=11)
    assert page.phase == "offered"
    assert network.offers(referral) == {sam.id: "sent"}


@pytest.mark.parametrize("body", ["NO", "no, thanks", "Decline."])
def test_no_and_decline_are_the_same(network: Network, texts: Texts, sam: AgentInTest, body: str) -> None:
    _, page = network.offered(sam)
    texts.sent(sam.phone, body)
    page.becomes("declining")


def test_2_ends_a_call_that_rings(network: Network, texts: Texts, sam: AgentInTest) -> None:
    network.offered(sam)
    texts.sent(sam.phone, "1")
    sam.phone.rings()
    texts.sent(sam.phone, "2")
    sam.phone.is_over()


def test_2_declines_the_newest_and_2a_the_older(network: Network, texts: Texts, sam: AgentInTest) -> None:
    _, older = network.offered(sam)
    _, newer = network.offered(sam, area=DALLAS)
    texts.sent(sam.phone, "2")
    assert (older.phase, newer.phase) == ("offered", "declining")
    texts.sent(sam.phone, "2A")
    assert older.phase == "declining"


def test_2_said_twice_declines_one(network: Network, texts: Texts, database: Database, sam: AgentInTest) -> None:
    _, older = network.offered(sam)
    _, newer = network.offered(sam, area=DALLAS)
    first, second = texts.sent(sam.phone, "2"), texts.sent(sam.phone, "2")
    assert first == second
    assert (older.phase, newer.phase) == ("offered", "declining")
    database.time_passes(seconds=11)
    newer.becomes("declined")
    texts.sent(sam.phone, "2")
    older.becomes("declining")


def test_2_for_what_is_yours_changes_nothing(network: Network, texts: Texts, sam: AgentInTest) -> None:
    referral, _ = network.offered(sam)
    texts.sent(sam.phone, "1")
    sam.phone.rings().answer().press("1").hears("It's yours")
    texts.sent(sam.phone, "2")
    sam.phone.gets_text("The seller in Austin TX is yours.")
    assert network.offers(referral) == {sam.id: "claimed"}


def test_2_with_no_open_referral(network: Network, texts: Texts, sam: AgentInTest) -> None:
    texts.sent(sam.phone, "2")
    sam.phone.gets_text("You have no open referral right now.")


def test_the_desk_sees_what_was_texted_and_never_the_number(
    network: Network, texts: Texts, desk: Visitor, sam: AgentInTest
) -> None:
    referral, _ = network.offered(sam)
    texts.sent(sam.phone, "call me")
    sam.phone.rings()
    texts.sent(sam.phone, "NO")
    texts.sent(sam.phone, f"My number is {sam.phone.number}")
    shown = desk.get(f"/admin/referrals/{referral['id']}").text
    assert shown.index("Sam Ortiz texted 1") < shown.index("Sam Ortiz texted 2")
    assert shown.count("texted") == 2
    assert sam.phone.number[-7:] not in shown.replace("-", "")
