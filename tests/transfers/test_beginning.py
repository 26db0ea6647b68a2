"""How a live transfer begins, by a call to the adviser or a code; and what keeps it from beginning."""

import pytest

from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually
from tests.transfers.conftest import Adviser
from tests.transfers.test_on_the_line import Rung


def code(product: Product) -> str:
    ((found,),) = select(product, "SELECT code FROM transfer WHERE code IS NOT NULL ORDER BY id DESC LIMIT 1")
    return str(found)


def test_an_adviser_with_the_client_on_their_own_line_types_a_code(
    adviser: Adviser, network: Network, product: Product, rung: Rung
) -> None:
    sam = rung("Sam Ortiz")
    referral = network.refer(agent_id=sam.id)
    sam.phone.rings().decline().is_over()
    page = adviser.asks(referral, by="code")
    assert f"Call (512) 555-0100 from (512) 555-0188 and type {code(product)}" in page
    adviser.phone.calls_us().hears("four digits").press(code(product)).hears("is on this line with you, press 1")
    adviser.phone.press("1").hears("One phone is ringing")
    sam.phone.rings().answer().hears("is on the line with us now").press("1").hears("Maria is on the line")
    sam.phone.hears("in a conference with")
    eventually(lambda: select(product, "SELECT 1 FROM call WHERE status = 'connected'"), "agent and client talk")
    assert select(product, "SELECT act FROM gate_answer WHERE way = 'call'") == [("join",)]
    adviser.phone.hang_up().is_over()
    sam.phone.hears("How did it go").press("1").is_over()
    adviser.reads(referral, "The client was handed over on the line")


def test_with_the_code_2_has_the_client_rung(adviser: Adviser, network: Network, product: Product) -> None:
    referral = network.refer(team_id=network.add_team())
    adviser.asks(referral, by="code")
    adviser.phone.calls_us().press(code(product)).hears("press 2").press("2").hears("Ringing Maria")
    client = network.client_phone(referral).rings().answer().hears("in a conference with")
    client.hang_up().is_over()
    adviser.phone.is_over()
    adviser.reads(referral, "The client hung up before an agent was there")


def test_a_wrong_code_is_asked_for_again_three_times(adviser: Adviser, network: Network, product: Product) -> None:
    adviser.asks(network.refer(team_id=network.add_team()), by="code")
    wrong = f"{(int(code(product)) + 1) % 10_000:04}"
    adviser.phone.calls_us().hears("Please type").press(wrong).hears("That is not the code").press(wrong)
    adviser.phone.hears_again("That is not the code", 2).press(wrong).is_over()
    assert select(product, "SELECT status FROM transfer") == [("coded",)]


def test_the_code_is_asked_of_that_phone_alone_and_for_a_quarter_of_an_hour(
    adviser: Adviser, network: Network, product: Product, carrier: Carrier, database: Database
) -> None:
    referral = network.refer(team_id=network.add_team())
    adviser.asks(referral, by="code")
    carrier.phone("+15125550177").calls_us().hears("six digits of its PIN").hang_up().is_over()
    database.time_passes(minutes=16)
    adviser.phone.calls_us().hears("six digits of its PIN").hang_up().is_over()
    eventually(lambda: select(product, "SELECT ended_how FROM transfer") == [("adviser_away",)], "the code is void")
    assert "Ringing (512) 555-0188" in adviser.asks(referral)
    adviser.phone.rings().decline().is_over()


def test_an_adviser_who_does_not_pick_up_rings_nobody(adviser: Adviser, network: Network, product: Product) -> None:
    referral = network.refer(team_id=network.add_team())
    adviser.asks(referral)
    adviser.phone.rings().rings_out().is_over()
    adviser.reads(referral, "The adviser didn't pick up")
    assert select(product, "SELECT client_dialed_at FROM transfer") == [(None,)]


def test_an_adviser_s_voicemail_presses_no_key(adviser: Adviser, network: Network, product: Product) -> None:
    referral = network.refer(team_id=network.add_team())
    adviser.phone.behaves("voicemail")
    adviser.asks(referral)
    adviser.phone.picks_up_by_itself().hears("Press 1").is_over()
    eventually(lambda: select(product, "SELECT ended_how FROM transfer") == [("adviser_away",)], "it is over")


def test_a_client_who_does_not_pick_up(adviser: Adviser, network: Network) -> None:
    referral = network.refer(team_id=network.add_team())
    adviser.asks(referral)
    adviser.phone.rings().answer().press("1").hears("Ringing Maria")
    network.client_phone(referral).rings().rings_out().is_over()
    adviser.phone.hears("Maria didn't pick up").is_over()
    adviser.reads(referral, "The client didn't pick up")


def test_the_gate_is_asked_before_the_client_is_rung(adviser: Adviser, network: Network, product: Product) -> None:
    referral = network.refer(team_id=network.add_team())
    adviser.visitor.post(f"/admin/referrals/{referral['id']}/do-not-contact")
    adviser.asks(referral)
    adviser.phone.rings().answer().press("1").hears("asked not to be called").is_over()
    assert select(product, "SELECT status, refusal FROM transfer") == [("ended", "wish")]
    assert select(product, "SELECT act, allowed FROM gate_answer WHERE way = 'call'") == [("transfer", False)]


@pytest.mark.parametrize(
    ("phone", "words"),
    [("", "This is needed"), ("12", "This cannot be a phone number"), ("(512) 555-0100", "our own")],
)
def test_a_phone_that_cannot_be_rung_is_refused(
    adviser: Adviser, network: Network, product: Product, phone: str, words: str
) -> None:
    page = adviser.asks(network.refer(team_id=network.add_team()), phone=phone)
    assert words in page
    assert select(product, "SELECT 1 FROM transfer") == []


def test_one_at_a_time_and_only_of_an_open_referral(
    adviser: Adviser, network: Network, product: Product, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    adviser.asks(referral)
    adviser.phone.rings()
    assert "has this client on the line already" in adviser.asks(referral)
    adviser.phone.decline().is_over()
    eventually(lambda: select(product, "SELECT ended_how FROM transfer") == [("adviser_away",)], "it is over")
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up().is_over()
    assert "no longer open" in adviser.asks(referral)


def test_a_job_that_got_lost_is_made_up_for(adviser: Adviser, network: Network, product: Product) -> None:
    referral = network.refer(team_id=network.add_team())
    account = select(product, "SELECT id FROM account WHERE is_admin")[0][0]
    change(
        product,
        "INSERT INTO transfer (id, referral_id, account_id, phone, status, client_here, rung, asked_at)"
        f" VALUES (gen_random_uuid(), '{referral['id']}', '{account}', '+15125550188', 'asked', false, 0, now())",
    )
    adviser.phone.rings().decline().is_over()
