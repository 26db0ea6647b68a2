"""A machine picks up, or the agent rejects the call: neither claims, and the page says which it was."""

from typing import Any

import pytest

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.world.network import AgentInTest, Network
from tests.support.world.waiting import eventually


def statuses(network: Network, referral_id: str) -> list[str]:
    return [call["status"] for call in network.referral(referral_id)["calls"]]


def hint(state: dict[str, Any]) -> list[str]:
    return [c["params"]["AnsweredBy"] for c in state["callbacks"] if c["url"].endswith("/machine")]


def beeps(network: Network, carrier: Carrier) -> tuple[AgentInTest, dict[str, Any], Page]:
    """An agent whose phone picks up by itself, and will beep: voicemail, or one that screens its calls."""
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    carrier.act("phones", number=sam.phone.number, mode="voicemail")
    page.press("call")
    sam.phone.picks_up_by_itself()
    return sam, referral, page


def heard_the_beep(carrier: Carrier) -> None:
    carrier.wait(lambda s: hint(s) == ["machine_end_beep"], "what the carrier heard")


def test_voicemail_never_claims_and_its_call_ends_after_the_second_menu(network: Network, carrier: Carrier) -> None:
    sam, referral, page = beeps(network, carrier)
    eventually(lambda: statuses(network, referral["id"]) == ["voicemail"], "the end of the call")
    carrier.wait(lambda s: all(call["over"] for call in s["calls"]), "the end at the carrier")
    said = " ".join(sam.phone.heard())
    assert said.count("A seller in Austin") == 2
    assert page.phase == "missed"
    assert "Your voicemail picked up." in page.words
    assert "Call me again" in page.words
    assert network.referral(referral["id"])["status"] == "open"


def test_a_machine_that_does_not_beep_is_no_voicemail(network: Network, carrier: Carrier) -> None:
    """Call screening speaks before the agent does: the key still decides."""
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    carrier.act("phones", number=sam.phone.number, mode="screening")
    page.press("call")
    sam.phone.picks_up_by_itself()
    carrier.wait(lambda s: hint(s) == ["machine_end_silence"], "what the carrier heard")
    sam.phone.press("1").hears("It's yours")
    assert statuses(network, referral["id"]) == ["accepted"]


def test_a_phone_that_beeps_may_have_an_owner_who_reads_along(network: Network, carrier: Carrier) -> None:
    """Some phones that screen their calls beep as voicemail does; the menu is said again, with our name."""
    sam, referral, _ = beeps(network, carrier)
    heard_the_beep(carrier)
    sam.phone.hears("This is Dibs. A seller in Austin").press("1").hears("It's yours")
    assert statuses(network, referral["id"]) == ["accepted"]


@pytest.mark.parametrize("key", ["5", "#"])
def test_a_key_is_a_person_whatever_beeps_afterwards(network: Network, carrier: Carrier, key: str) -> None:
    sam, referral, _ = beeps(network, carrier)
    sam.phone.press(key)
    heard_the_beep(carrier)
    sam.phone.hears_again("A seller in Austin", 3).press("1").hears("It's yours")
    assert statuses(network, referral["id"]) == ["accepted"]


@pytest.mark.parametrize("heard", ["machine_end_beep", "fax"])
def test_a_beep_alone_ends_nothing(network: Network, carrier: Carrier, hooks: Hooks, heard: str) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().hears("Press 1")
    call_id = network.referral(referral["id"])["calls"][0]["id"]
    assert hooks.post(f"calls/{call_id}/machine", CallSid=sam.phone.sid, AnsweredBy=heard).ok
    assert statuses(network, referral["id"]) == ["answered"]
    sam.phone.press("1").hears("It's yours")


def test_a_call_rejected_on_the_handset_is_told_from_a_busy_line(network: Network, carrier: Carrier) -> None:
    sam, priya = network.add_agent("Sam Ortiz"), network.add_agent("Priya Raman")
    for agent, mode, status, words in (
        (sam, "manual", "rejected", "The call was declined on the phone."),
        (priya, "busy", "busy", "was busy"),
    ):
        referral = network.refer(agent_id=agent.id)
        page = Page(agent.phone.gets_text().link)
        carrier.act("phones", number=agent.phone.number, mode=mode)
        page.press("call")
        if mode == "manual":
            agent.phone.rings().decline()
        eventually(lambda r=referral, s=status: statuses(network, r["id"]) == [s], f"the call ends {status}")  # type: ignore[misc]
        assert words in page.words
