"""Phone number and PIN (S9): after the second miss, or at once when the carrier cannot place calls."""

import re
import secrets

import pytest
from flask import Flask

from app.calls.request import Calling, call_me, stop_calling
from app.core.clock import now
from app.core.limits import Limit, Limits
from app.extensions import db
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually


def unplaceable(carrier: Carrier, page: Page) -> str:
    """The carrier refuses the call, so that the page shows a PIN; the PIN."""
    carrier.behaves(rest_errors=[400])
    page.press("call")
    pin = page.becomes("pin").pin
    carrier.behaves()
    return pin


def test_after_the_second_miss_the_page_shows_number_and_pin(network: Network, sam: AgentInTest) -> None:
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("missed").press("call")
    sam.phone.rings().answer().hang_up()
    assert re.fullmatch(r"\d{6}", page.becomes("pin").pin)
    assert "(512) 555-0100" in page.words
    assert "The call ended before 1 was pressed." in page.words
    assert page.call_link == f"+15125550100,,{page.pin}"


@pytest.mark.parametrize("status", [400, 500])
def test_at_once_when_the_carrier_answers_with_an_error(
    network: Network, sam: AgentInTest, carrier: Carrier, status: int
) -> None:
    referral, page = network.offered(sam)
    carrier.behaves(rest_errors=[status])
    page.press("call")
    assert "couldn't be placed" in page.becomes("pin").words
    assert network.calls(referral) == ["failed"]


def test_at_once_when_nobody_serves_the_queue_for_eight_seconds_and_never_dialed_later(
    network: Network, sam: AgentInTest, product: Product, database: Database, carrier: Carrier
) -> None:
    referral, page = network.offered(sam)
    with product.without("voice", "sweeper"):
        page.press("call")
        database.time_passes(seconds=7)
        assert page.phase == "calling"
        database.time_passes(seconds=1)
        assert page.phase == "pin"
        assert "We can't place calls at the moment." in page.words
    eventually(lambda: network.calls(referral) == ["failed"], "the call is given up")
    assert page.phase == "pin"
    assert carrier.calls_placed() == 0


TOLD = "SELECT channel FROM notification WHERE kind = 'claimed_by_pin' ORDER BY channel"


def test_a_pin_from_a_strange_phone_is_told_to_the_agents_own_phone_and_mail(
    network: Network, sam: AgentInTest, carrier: Carrier
) -> None:
    _, page = network.offered(sam)
    stranger = carrier.phone("+15125559001")
    stranger.calls_us().hears("type the six digits").press(unplaceable(carrier, page))
    stranger.hears("It's yours")
    sam.phone.gets_text("Dibs: Seller in Austin, 78704 claimed by PIN, phone ending 9001. Not you? Call us. ")
    mail = sam.mailbox.gets_mail("Was that you? Seller in Austin, 78704")
    assert "from the phone ending 9001" in mail.text
    assert "tell your network at once" in mail.text


def test_a_number_that_is_not_vouched_for_proves_nothing(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    _, page = network.offered(sam)
    sam.phone.calls_us(verified=False).hears("type the six digits").press(unplaceable(carrier, page))
    sam.phone.gets_text("Dibs: Seller in Austin, 78704 claimed by PIN, number unknown. Not you? Call us. ")


def test_nor_does_one_that_is_hidden(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    _, page = network.offered(sam)
    carrier.withheld_number().calls_us().hears("type the six digits").press(unplaceable(carrier, page))
    sam.phone.gets_text("Dibs: Seller in Austin, 78704 claimed by PIN, number unknown. Not you? Call us. ")


def test_a_pin_from_the_agents_own_phone_is_no_news(
    network: Network, sam: AgentInTest, carrier: Carrier, database: Database
) -> None:
    _, page = network.offered(sam)
    asked = sam.phone.calls_us().hears("type the six digits")  # before there is a call that it could answer
    asked.press(unplaceable(carrier, page)).hears("It's yours")
    assert database.rows(TOLD) == []


def test_typing_the_pin_from_any_phone_claims_as_the_key_does(
    network: Network, sam: AgentInTest, carrier: Carrier
) -> None:
    referral, page = network.offered(sam)
    office = carrier.phone("+15125559001")
    office.calls_us().hears("type the six digits").press(unplaceable(carrier, page))
    office.hears("That's the one. It's yours. Connecting you to Maria")
    maria = network.client_phone(referral).rings()
    assert page.phase == "connecting"
    maria.answer()
    page.becomes("connected")
    maria.hang_up()
    office.is_over("completed")
    page.becomes("claimed")
    sam.mailbox.gets_mail("Maria Delgado")
    assert network.referral(referral["id"])["claimed_by"] == sam.id


def test_the_voice_asks_again_after_silence_and_a_wrong_pin(
    network: Network, sam: AgentInTest, carrier: Carrier
) -> None:
    _, page = network.offered(sam)
    pin = unplaceable(carrier, page)
    wrong = f"{(int(pin) + 1) % 1_000_000:06}"
    office = carrier.phone("+15125559002")
    office.calls_us().hears("type the six digits").hears("We didn't hear six digits")
    office.press(wrong).hears("That is not a PIN in use")
    office.press(pin).hears("It's yours")


def test_three_tries_and_the_voice_gives_up(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    _, page = network.offered(sam)
    wrong = f"{(int(unplaceable(carrier, page)) + 1) % 1_000_000:06}"
    office = carrier.phone("+15125559010").calls_us().press(wrong)
    for times in (1, 2):
        office.hears_again("not a PIN in use", times).press(wrong)
    office.hears("That didn't work").is_over("completed")
    assert page.phase == "pin"


def test_a_pin_is_one_offers_alone_and_gone_with_it(
    network: Network, sam: AgentInTest, carrier: Carrier, database: Database
) -> None:
    priya = network.add_agent("Priya Raman")
    pins, pages = [], []
    for agent in (sam, priya):
        _, page = network.offered(agent)
        pins.append(unplaceable(carrier, page))
        pages.append(page)
    assert len(set(pins)) == 2
    carrier.phone("+15125559003").calls_us().press(pins[0]).hears("It's yours")
    pages[1].press("decline", reason="too_far")
    for pin in pins:
        carrier.phone("+15125559004").calls_us().press(pin).hears("That is not a PIN in use")
    eventually(lambda: len(database.rows("SELECT 1 FROM pin")) < 2, "the claimed offer's PIN is free")


def test_the_same_request_of_the_carriers_gets_the_same_answer(
    network: Network, sam: AgentInTest, carrier: Carrier, hooks: Hooks, database: Database
) -> None:
    _, page = network.offered(sam)
    pin = unplaceable(carrier, page)
    asked = {"CallSid": "CA" + "1" * 32, "From": "+15125559005", "Digits": pin}
    first, second = hooks.post("pin", **asked), hooks.post("pin", **asked)
    assert first.status_code == 200
    assert "Connecting you to Maria" in first.text
    assert first.text == second.text
    assert database.rows("SELECT count(*) FROM claim") == [(1,)]


def test_wrong_pins_are_limited_per_caller_and_those_who_hide_share_one(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product
) -> None:
    _, page = network.offered(sam)
    pin = unplaceable(carrier, page)
    limits = Limits(product.env["REDIS_URL"])
    for caller in ("+15125559006 True", "hidden"):
        for _ in range(10):
            limits.allow(Limit.WRONG_PINS_PER_CALLER, caller)
    carrier.phone("+15125559006").calls_us().press(pin).hears("That didn't work").is_over()
    carrier.withheld_number().calls_us().press(pin).hears("That didn't work").is_over()
    carrier.phone("+15125559007").calls_us().press(pin).hears("It's yours")


def test_a_wrong_pin_counts(network: Network, carrier: Carrier, hooks: Hooks) -> None:
    asked = {"CallSid": "CA" + "2" * 32, "From": "+15125559008", "Digits": "000000"}
    answers = [hooks.post("pin", **asked).text for _ in range(11)]
    assert all("not a PIN in use" in answer for answer in answers[:10])
    assert "That didn't work" in answers[10]


def test_half_a_pin_stands_in_no_address(network: Network, carrier: Carrier, hooks: Hooks) -> None:
    asked = {"CallSid": "CA" + "3" * 32, "From": "+15125559008", "Digits": "4265"}
    (address,) = re.findall(r'action="([^"]+)"', hooks.post("pin", **asked).text)
    assert "4265" not in address
    rest = address.partition("/hooks/twilio/")[2].replace("&amp;", "&")
    assert "not a PIN in use" in hooks.post(rest, **asked | {"Digits": "00"}).text
    altered = rest[:-1] + ("A" if rest[-1] != "A" else "B")
    assert "Go on." in hooks.post(altered, **asked | {"Digits": "00"}).text, "it begins again"


@pytest.mark.parametrize("typed", ["*", "4265*1", "#"])
def test_what_can_be_no_pin_is_no_wrong_one(network: Network, carrier: Carrier, hooks: Hooks, typed: str) -> None:
    asked = {"CallSid": "CA" + "4" * 32, "From": "+15125559012", "Digits": typed}
    assert all("That didn't work" not in hooks.post("pin", **asked).text for _ in range(11))


def test_the_limit_on_all_holds_for_those_alone_who_prove_nothing(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product
) -> None:
    priya = network.add_agent("Priya Raman")
    _, page = network.offered(sam)
    pin = unplaceable(carrier, page)
    limits = Limits(product.env["REDIS_URL"])
    while limits.allow(Limit.WRONG_PINS):
        pass
    stranger, office = carrier.phone("+15125559009"), carrier.phone("+15125559010")
    stranger.calls_us(verified=False).press(pin).hears("That didn't work").is_over()
    office.calls_us().press("000000").hears("That is not a PIN in use").hang_up()
    priya.phone.calls_us(verified=False).press(pin).hears("That is not a PIN in use").hang_up()
    priya.phone.calls_us().press(pin).hears("It's yours")


def test_a_caller_with_the_agents_number_hears_which_referral_it_is(
    network: Network, sam: AgentInTest, carrier: Carrier
) -> None:
    _, page = network.offered(sam)
    pin = unplaceable(carrier, page)
    sam.phone.calls_us(verified=False).hears("about the seller in Austin, about 600 thousand dollars")
    assert "Delgado" not in " ".join(sam.phone.heard())
    sam.phone.press(pin).hears("It's yours")


def test_digits_that_are_taken_are_drawn_again_and_an_offer_keeps_its_own(
    app: Flask, network: Network, database: Database, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (network.add_agent(name) for name in ("Sam Rivera", "Dana Cole"))
    for agent in (first, second):
        network.refer(agent_id=agent.id)
    drawn = iter([7, 7, 8, 9])
    monkeypatch.setattr(secrets, "choice", lambda _of: "0")
    monkeypatch.setattr(secrets, "randbelow", lambda _below: next(drawn))
    with product.without("voice", "sweeper"):
        for agent in (first, second, first):
            ask_for_call(database, agent)
    assert database.rows("SELECT digits FROM pin ORDER BY digits") == [("000007",), ("000008",)]
    assert database.rows("SELECT count(*) FROM call") == [(3,)]


def ask_for_call(database: Database, agent: AgentInTest) -> None:
    """A tap on "Call me", and one on "Stop calling", before any worker looks."""
    ((offer_id,),) = database.rows("SELECT id FROM offer WHERE agent_id = %s", agent.id)
    assert isinstance(call_me(db.session(), offer_id=offer_id, at=now(), ring_seconds=20), Calling)
    db.session.commit()
    stop_calling(db.session(), offer_id=offer_id, at=now())
    db.session.commit()
