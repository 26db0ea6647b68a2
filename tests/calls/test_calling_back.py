"""Somebody rings our number: an agent who missed a call, a client, or a stranger."""

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network

STRANGER = "+15125559401"


def missed(network: Network, agent: AgentInTest) -> tuple[dict[str, object], Page]:
    """The agent's phone has rung in vain."""
    referral, page = network.offered(agent)
    page.press("call")
    agent.phone.rings().rings_out()
    return referral, page.becomes("missed")


def test_an_agent_who_calls_back_from_their_own_phone_gets_the_menu_and_no_pin_is_asked_for(
    network: Network, carrier: Carrier
) -> None:
    sam = network.add_agent()
    referral, page = missed(network, sam)
    sam.phone.calls_us().hears("A seller in Austin, about 600 thousand dollars. Press 1")
    page.becomes("answered")
    sam.phone.press("1").hears("Connecting you to Maria")
    network.client_phone(referral).rings().answer().hang_up()
    sam.phone.is_over("completed")
    page.becomes("claimed")
    sam.mailbox.gets_mail("Maria Delgado")


def test_of_two_they_missed_it_is_the_one_missed_last(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    first, _ = missed(network, sam)
    last, _ = network.offered(sam, kind="buyer")
    Page(network.link(last, sam)).press("call")
    sam.phone.rings().rings_out()
    sam.phone.calls_us().hears("A buyer in Austin").press("2").hears("Two. Declined.").is_over()
    sam.phone.calls_us().hears("A seller in Austin").press("1").hears("It's yours")
    assert network.referral(str(first["id"]))["claimed_by"] == sam.id


def test_a_number_the_carrier_does_not_vouch_for_gets_the_pin_menu(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    _, page = missed(network, sam)
    sam.phone.calls_us(verified=False).hears("type the six digits")
    assert "Press 1" not in " ".join(sam.phone.heard())
    assert page.phase == "missed"
    sam.phone.press(database.pin()).hears("It's yours")


def test_an_agent_who_has_missed_nothing_gets_the_pin_menu(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.offered(sam)
    sam.phone.calls_us().hears("This is Dibs, the referral network").hears("type the six digits")


def test_a_client_who_calls_gets_the_agent_who_claimed_them_at_any_time(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1")
    maria = network.client_phone(referral)
    maria.rings().decline()
    sam.phone.is_over()
    for days in (0, 40):
        database.time_passes(days=days)
        maria.calls_us(verified=False).hears("Connecting you to your agent")
        assert sam.phone.rings().shows == "+15125550100"
        sam.phone.answer().hears("A caller with the number of Maria Delgado, your seller in Austin").press("1")
        maria.hears("connected to").hang_up()
        sam.phone.is_over("completed")


def test_a_client_whose_agent_does_not_pick_up_hears_so(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Connecting you to Maria")
    maria = network.client_phone(referral).rings().answer()
    maria.hang_up()
    sam.phone.is_over()
    maria.calls_us().hears("Connecting you to Sam")
    sam.phone.rings().decline()
    maria.hears("Sam can't come to the phone right now").hang_up().is_over("completed")


def test_a_caller_nobody_knows_hears_who_we_are(network: Network, carrier: Carrier) -> None:
    stranger = carrier.phone(STRANGER).calls_us()
    stranger.hears("This is Dibs, the referral network. We introduce home buyers and sellers to agents.")


def test_an_unproven_client_whom_nobody_has_claimed_is_a_caller_nobody_knows(
    network: Network, carrier: Carrier
) -> None:
    referral, _ = network.offered(network.add_agent())
    network.client_phone(referral).calls_us(verified=False).hears("This is Dibs, the referral network")


def test_a_caller_who_hides_is_never_taken_for_anybody(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent()
    missed(network, sam)
    hidden = carrier.withheld_number()
    database.rows("UPDATE agent SET phone = %s RETURNING id", hidden.number)
    database.rows("UPDATE client SET phone = %s RETURNING id", hidden.number)
    hidden.calls_us().hears("This is Dibs, the referral network")
    hidden.press(database.pin()).hears("It's yours")
