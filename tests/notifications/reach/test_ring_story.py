"""Ring my phone, for real: the carrier rings, a voice asks for the 1, and the page says what became of it."""

import pytest

from tests.support.browser.portal import Portal
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest
from tests.support.world.waiting import eventually


def says(portal: Portal, words: str) -> None:
    """Waits until the page's result does."""
    result = "/channels/voice/result"
    eventually(lambda: words in portal.visitor.get(result).text.replace("&#39;", "'"), f"a result with {words!r}")


@pytest.fixture
def ringing(portal: Portal, sam: AgentInTest) -> AgentInTest:
    """Sam, whose phone rings for the test."""
    portal.visitor.post("/channels/voice/test")
    sam.phone.rings()
    return sam


def test_pressing_1_shows_that_calls_arrive(portal: Portal, ringing: AgentInTest) -> None:
    says(portal, "is ringing. Pick up and press 1.")
    ringing.phone.answer().hears("the test you asked for").press("1").hears("That works").is_over()
    says(portal, "You pressed 1. Calls reach you.")
    assert "Last worked" in portal.visitor.get("/channels").text


def test_a_wrong_key_is_asked_again(portal: Portal, ringing: AgentInTest) -> None:
    ringing.phone.answer().press("7").hears("Please press 1.").press("1").hears("That works")
    says(portal, "You pressed 1.")


def test_silence_ends_in_goodbye(portal: Portal, ringing: AgentInTest) -> None:
    ringing.phone.answer().hears("We didn't hear a 1.").is_over("completed")
    says(portal, "1 wasn't pressed")


def test_hanging_up_is_no_key(portal: Portal, ringing: AgentInTest) -> None:
    ringing.phone.answer().hears("the test you asked for").hang_up()
    says(portal, "1 wasn't pressed")


def test_nobody_picks_up(portal: Portal, ringing: AgentInTest) -> None:
    ringing.phone.rings_out()
    says(portal, "rang, and nobody picked up")


def test_the_call_is_declined(portal: Portal, ringing: AgentInTest) -> None:
    ringing.phone.decline()
    says(portal, "was busy, or the call was declined")


def test_a_voicemail_does_not_count(portal: Portal, sam: AgentInTest, carrier: Carrier) -> None:
    carrier.act("phones", number=sam.phone.number, mode="voicemail")
    portal.visitor.post("/channels/voice/test")
    sam.phone.picks_up_by_itself().is_over()
    says(portal, "1 wasn't pressed")
