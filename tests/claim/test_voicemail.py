"""A machine picks up, or the agent rejects the call: neither claims, and the page says which it was."""

from typing import Any

from tests.support.carrier import Carrier
from tests.support.network import Network
from tests.support.page import Page
from tests.support.waiting import eventually


def statuses(network: Network, referral_id: str) -> list[str]:
    return [call["status"] for call in network.referral(referral_id)["calls"]]


def hint(state: dict[str, Any]) -> list[str]:
    return [c["params"]["AnsweredBy"] for c in state["callbacks"] if c["url"].endswith("/machine")]


def test_voicemail_never_claims_and_its_call_ends_early(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    carrier.act("phones", number=sam.phone.number, mode="voicemail")
    page.press("call")
    eventually(lambda: statuses(network, referral["id"]) == ["voicemail"], "the beep ends the call")
    carrier.wait(lambda s: all(call["over"] for call in s["calls"]), "the end at the carrier")
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
