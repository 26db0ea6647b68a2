"""Who picked up the client's phone: "connected" means the client in person, and the agent's word decides."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.phone.phone import Phone
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually

KEPT = "SELECT way, source FROM do_not_contact WHERE lifted_at IS NULL ORDER BY way"


def joined(network: Network, agent: AgentInTest, mode: str) -> tuple[dict[str, Any], Page, Phone]:
    """The agent presses 1, and the client's phone picks up in this mode."""
    referral, page = network.offered(agent)
    maria = network.client_phone(referral).behaves(mode)
    page.press("call")
    agent.phone.rings().answer().press("1")
    return referral, page, maria.picks_up_by_itself()


def calls(network: Network, referral: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(call["status"], call["reached"], call["outcome"]) for call in network.referral(referral["id"])["calls"]]


def wait_for(network: Network, referral: dict[str, Any], *wanted: tuple[str, str | None, str | None]) -> None:
    eventually(lambda: calls(network, referral) == list(wanted), f"{wanted}; they are {calls(network, referral)}")


@pytest.fixture
def desk(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


@pytest.mark.parametrize(
    ("mode", "reached", "live", "after"),
    [
        ("voicemail", "voicemail", "It's Maria's voicemail.", "Maria is yours, and voicemail picked up."),
        ("screening", "screened", "A machine is asking who's calling.", "Maria is yours, and a machine picked up."),
    ],
)
def test_a_machine_is_not_the_client_and_the_agent_may_leave_a_message_and_try_again(
    network: Network, sam: AgentInTest, desk: Visitor, *, mode: str, reached: str, live: str, after: str
) -> None:
    referral, page, maria = joined(network, sam, mode)
    eventually(lambda: live in page.becomes("picked_up").words, "what picked up")
    sam.phone.hang_up()
    maria.is_over("completed")
    assert after in page.becomes("client_missed").words
    assert "Try the client again" in page.words
    wait_for(network, referral, ("client_missed", reached, None))
    assert network.referral(referral["id"])["calls"][0]["connected_at"] is None
    assert "wasn't reached yet" in sam.mailbox.gets_mail("Maria Delgado").text
    told = desk.get(f"/admin/referrals/{referral['id']}").text
    assert {"voicemail": "voicemail picked up", "screened": "call screener"}[reached] in told
    assert "the client are talking" not in told
    maria.behaves("answers")
    page.press("call")
    sam.phone.rings().answer().press("1")
    page.becomes("connected")
    sam.phone.hang_up()
    page.becomes("claimed")


def test_a_person_is_connected(network: Network, sam: AgentInTest, desk: Visitor) -> None:
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("connected")
    wait_for(network, referral, ("connected", "person", None))
    maria.hang_up()
    sam.phone.hears("How did it go?")
    page.becomes("claimed")
    assert "the client are talking" in desk.get(f"/admin/referrals/{referral['id']}").text
    sam.phone.hang_up().is_over()


@pytest.mark.parametrize(
    ("key", "heard", "outcome", "end"),
    [
        ("1", "Good. Goodbye.", "talked", ("completed", "person")),
        ("2", "Voicemail. You can try Maria again", "voicemail", ("client_missed", "voicemail")),
        ("3", "We won't call that number again.", "wrong_number", ("client_missed", "unknown")),
        ("4", "We won't call that number again.", "do_not_call", ("completed", "person")),
    ],
)
def test_an_agent_who_stays_on_the_line_is_asked_and_their_word_counts(
    network: Network, sam: AgentInTest, product: Product, *, key: str, heard: str, outcome: str, end: tuple[str, str]
) -> None:
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("connected")
    maria.hang_up()
    sam.phone.hears("If you talked, press 1").press(key).hears(heard).is_over("completed")
    wait_for(network, referral, (*end, outcome))
    wants_no_calls = outcome in ("wrong_number", "do_not_call")
    assert select(product, KEPT) == ([("call", "agent"), ("text", "agent")] if wants_no_calls else [])


def test_silence_is_no_answer_and_the_page_still_asks(network: Network, sam: AgentInTest) -> None:
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("connected")
    maria.hang_up()
    sam.phone.hears("How did it go?").is_over("completed")
    assert sum("How did it go?" in said for said in sam.phone.heard()) == 1
    assert "How did it go? We talked Voicemail Wrong number Wants no calls" in page.words
    assert calls(network, referral) == [("completed", "person", None)]


def test_one_tap_on_the_page_beats_the_machine_and_can_be_changed(
    network: Network, sam: AgentInTest, desk: Visitor
) -> None:
    referral, page, _ = joined(network, sam, "voicemail")
    eventually(lambda: "voicemail" in page.words, "what picked up")
    sam.phone.hang_up()
    page.becomes("client_missed").press("outcome", outcome="talked")
    wait_for(network, referral, ("completed", "person", "talked"))
    assert "You told us: We talked ." in page.becomes("claimed").words
    page.press("outcome", outcome="voicemail")
    wait_for(network, referral, ("client_missed", "voicemail", "voicemail"))
    assert "Try the client again" in page.becomes("client_missed").words
    assert "Sam Ortiz says: voicemail" in desk.get(f"/admin/referrals/{referral['id']}").text


def test_a_wrong_number_is_not_called_again(network: Network, sam: AgentInTest) -> None:
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("connected")
    sam.phone.hang_up()
    maria.is_over()
    page.becomes("claimed").press("outcome", outcome="wrong_number")
    assert "Maria is yours, and the number is wrong." in page.becomes("client_missed").words
    assert "Try the client again" not in page.words
    wait_for(network, referral, ("client_missed", "unknown", "wrong_number"))


def test_the_portal_asks_as_well(network: Network, sam: AgentInTest, carrier: Carrier, product: Product) -> None:
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("connected")
    sam.phone.hang_up()
    maria.is_over()
    page.becomes("claimed")
    visitor = signed_in(product.url, sam)
    where = f"/referrals/{referral['id']}"
    assert "How did it go?" in visitor.get(where).text
    visitor.post(f"{where}/outcome", outcome="do_not_call")
    assert "asked not to be called" in visitor.get(where).text
    wait_for(network, referral, ("completed", "person", "do_not_call"))


def test_an_answer_that_is_none_changes_nothing(network: Network, sam: AgentInTest) -> None:
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("connected")
    sam.phone.hang_up()
    maria.is_over()
    page.becomes("claimed")
    assert page.press("outcome", outcome="fine").status_code == 422
    assert page.press("outcome").status_code == 422
    assert calls(network, referral) == [("completed", "person", None)]


def test_there_is_nothing_to_say_of_a_client_who_did_not_pick_up(network: Network, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1")
    network.client_phone(referral).rings().decline()
    sam.phone.is_over()
    assert "How did it go?" not in page.becomes("client_missed").words
    page.press("outcome", outcome="talked")
    assert calls(network, referral) == [("client_missed", None, None)]


@pytest.fixture
def long_talks(product: Product) -> Iterator[None]:
    """Only what lasts 20 seconds is a talk."""
    with product.web_with(TALK_SECONDS="20"):
        yield


def test_a_hello_and_a_click_are_no_talk(network: Network, sam: AgentInTest, long_talks: None) -> None:
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("connected")
    maria.hang_up()
    sam.phone.hears("How did it go?").hang_up().is_over()
    assert "Maria is yours. Did you get to talk?" in page.becomes("client_missed").words
    wait_for(network, referral, ("client_missed", "unknown", None))


def test_when_the_carriers_word_is_lost_it_is_asked_for(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    carrier.behaves(lose=["amd"])
    referral, page, maria = joined(network, sam, "answers")
    page.becomes("picked_up")
    maria.hang_up()
    sam.phone.hears("How did it go?").hang_up().is_over()
    wait_for(network, referral, ("client_missed", "unknown", None))
    page.becomes("claimed")
    wait_for(network, referral, ("completed", "person", None))
