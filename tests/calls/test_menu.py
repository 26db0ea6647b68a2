"""The menu: one breath, keys work while it speaks, each is confirmed aloud, and it never nags."""

import pytest

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network


@pytest.fixture
def sam(network: Network) -> AgentInTest:
    """An agent who has just picked up."""
    agent = network.add_agent()
    network.offered(agent)[1].press("call")
    agent.phone.rings().answer()
    return agent


def test_it_says_the_referral_in_one_breath(sam: AgentInTest) -> None:
    (menu,) = sam.phone.hears("Press 1").heard()
    assert menu == (
        "Dibs here. A seller in Austin, about 600 thousand dollars. "
        "Press 1 to claim and talk to them now. Press 2 to decline."
    )


@pytest.mark.parametrize(("key", "confirmed"), [("1", "One. It's yours."), ("2", "Two. Declined.")])
def test_keys_work_while_it_speaks_and_are_confirmed_aloud(sam: AgentInTest, key: str, confirmed: str) -> None:
    heard = sam.phone.press(key).hears(confirmed).heard()
    assert [line.startswith(words) for line, words in zip(heard, ("Dibs here", confirmed), strict=True)] == [True, True]


def test_a_wrong_key_repeats_it_twice_and_then_says_goodbye(
    sam: AgentInTest, network: Network, carrier: Carrier
) -> None:
    sam.phone.press("5").hears_again("A seller in Austin", 2)
    sam.phone.press("#").hears_again("A seller in Austin", 3)
    heard = sam.phone.press("9").hears("Goodbye").is_over("completed").heard()
    assert sum("A seller in Austin" in line for line in heard) == 3


def test_after_a_wrong_key_the_right_one_still_claims(sam: AgentInTest) -> None:
    sam.phone.press("7").hears_again("A seller in Austin", 2)
    sam.phone.press("1").hears("It's yours")


def test_the_goodbye_counts_as_unanswered(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    for face in ("missed", "pin"):
        page.press("call")
        sam.phone.rings().answer()
        for times in (1, 2, 3):
            sam.phone.hears_again("A seller in Austin", times).press("*")
        sam.phone.hears("Goodbye").is_over()
        page.becomes(face)
    assert network.calls(referral) == ["silent", "silent"]


def test_a_claimed_referrals_menu_has_no_key_to_decline(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1")
    network.client_phone(referral).rings().decline()
    sam.phone.is_over()
    page.becomes("client_missed").press("call")
    sam.phone.rings().answer().press("2").hears_again("we ring Maria again", 2)
    sam.phone.press("1").hears("Connecting you to Maria")
    assert Page(page.link).phase == "connecting"
