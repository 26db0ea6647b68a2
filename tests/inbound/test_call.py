"""1 or CALL: the phone rings, with no data connection at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.support.carrier.carrier import Carrier
from tests.support.phone.texts import Texts, new_sid
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

DALLAS = {"city": "Dallas", "state": "TX", "zip": "75201"}


@contextmanager
def somebody_holds(product: Product, offer_id: str) -> Iterator[psycopg.Connection[Any]]:
    """The offer's row is locked, as by a claim that takes its time."""
    url = product.env["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("SELECT 1 FROM offer WHERE id = %s FOR NO KEY UPDATE", (offer_id,))
        yield connection


def test_1_and_the_phone_rings_and_nothing_is_answered(
    network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    kept = texts.sent(sam.phone, "1")
    assert (kept.meaning, kept.answer, str(kept.agent_id)) == ("call", None, sam.id)
    sam.phone.rings().answer().press("1").hears("It's yours. Connecting you to Maria")
    assert network.offers(referral) == {sam.id: "claimed"}
    assert sam.phone.texts() == [sam.phone.gets_text(page.link).body]


@pytest.mark.parametrize("body", ["CALL", "call me", " 1. ", "1 please"])
def test_call_is_the_same_however_it_is_written(network: Network, texts: Texts, sam: AgentInTest, body: str) -> None:
    network.offered(sam)
    texts.sent(sam.phone, body)
    sam.phone.rings().answer().hears("Seller in Austin")


def test_1_calls_for_the_newest_of_two_offers(network: Network, texts: Texts, sam: AgentInTest) -> None:
    network.offered(sam)
    network.offered(sam, area=DALLAS)
    texts.sent(sam.phone, "1")
    sam.phone.rings().answer().hears("Dallas")


def test_1a_calls_for_the_older_of_two_offers(network: Network, texts: Texts, sam: AgentInTest) -> None:
    older, _ = network.offered(sam)
    network.offered(sam, area=DALLAS)
    kept = texts.sent(sam.phone, "1A")
    assert str(kept.offer_id) == network.referral(older["id"])["offers"][0]["id"]
    sam.phone.rings().answer().hears("Austin")


def test_a_letter_that_no_offer_has_is_answered_with_those_there_are(
    network: Network, texts: Texts, sam: AgentInTest
) -> None:
    network.offered(sam)
    network.offered(sam, area=DALLAS)
    assert texts.sent(sam.phone, "1Q").offer_id is None
    assert "B: seller Dallas TX, A: seller Austin TX." in sam.phone.gets_text("Text 1 and a letter").body


def test_a_second_1_while_it_rings_is_the_same_call(
    network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest
) -> None:
    network.offered(sam)
    texts.sent(sam.phone, "1")
    sam.phone.rings()
    assert texts.sent(sam.phone, "1").answer is None
    assert carrier.calls_placed() == 1


def test_1_with_no_open_referral(network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest) -> None:
    texts.sent(sam.phone, "1")
    text = sam.phone.gets_text("You have no open referral right now.")
    assert text.segments == 1
    assert carrier.calls_placed() == 0


def test_1_when_somebody_was_first(network: Network, texts: Texts) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    network.page(referral, priya).press("call")
    network.page(referral, sam)
    priya.phone.rings().answer().press("1").hears("It's yours")
    texts.sent(sam.phone, "1")
    sam.phone.gets_text("Priya was first: seller in Austin TX.")


def test_1_when_it_is_declined(network: Network, texts: Texts, database: Database, sam: AgentInTest) -> None:
    _, page = network.offered(sam)
    page.press("decline", reason="too_busy")
    texts.sent(sam.phone, "1")
    assert sam.phone.gets_text("You're declining the seller in Austin TX.").link == page.link
    database.time_passes(seconds=11)
    page.becomes("declined")
    texts.sent(sam.phone, "1")
    sam.phone.gets_text("The seller in Austin TX has moved on. You declined it.")


def test_1_when_its_time_is_over(network: Network, texts: Texts, database: Database, sam: AgentInTest) -> None:
    network.offered(sam)
    database.time_passes(minutes=31)
    texts.sent(sam.phone, "1")
    sam.phone.gets_text("The seller in Austin TX has moved on. It was open until")


def test_1_when_the_last_referral_is_long_gone(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    network.offered(sam)
    database.time_passes(days=2)
    texts.sent(sam.phone, "1")
    sam.phone.gets_text("You have no open referral right now.")


def test_1_while_paused(network: Network, carrier: Carrier, texts: Texts, database: Database, sam: AgentInTest) -> None:
    network.offered(sam)
    database.rows("UPDATE agent SET paused_at = now() WHERE id = %s RETURNING 1", sam.id)
    texts.sent(sam.phone, "1")
    sam.phone.gets_text("You are paused, so we don't call you.")
    assert carrier.calls_placed() == 0


def test_1_while_the_phone_is_busy_with_a_call_for_another(
    network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest
) -> None:
    network.offered(sam)
    network.offered(sam, area=DALLAS)
    texts.sent(sam.phone, "1A")
    sam.phone.rings().answer()
    texts.sent(sam.phone, "1B")
    sam.phone.gets_text("Your phone is busy with a call for another referral.")
    assert carrier.calls_placed() == 1


def test_1_for_a_client_who_did_not_pick_up_tries_them_again(network: Network, texts: Texts, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    texts.sent(sam.phone, "1")
    sam.phone.rings().answer().press("1").hears("Connecting you")
    network.client_phone(referral).rings().rings_out()
    page.becomes("client_missed")
    sam.phone.is_over()
    texts.sent(sam.phone, "1")
    sam.phone.rings().answer().hears("Maria")


def test_1_for_what_is_yours_already_says_so(network: Network, texts: Texts, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    texts.sent(sam.phone, "1")
    sam.phone.rings().answer().press("1").hears("Connecting you")
    network.client_phone(referral).rings().answer()
    page.becomes("connected")
    texts.sent(sam.phone, "1")
    text = sam.phone.gets_text("The seller in Austin TX is yours.")
    assert text.link == f"{network.url}/referrals/{referral['id']}"


def test_1_by_text_while_another_presses_1_is_one_claim(network: Network, database: Database, texts: Texts) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    network.page(referral, priya).press("call")
    page = network.page(referral, sam)
    priya.phone.rings().answer().hears("Seller in")
    both = [
        threading.Thread(target=texts.brought, args=(sam.phone, "1")),
        threading.Thread(target=priya.phone.press, args=("1",)),
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    priya.phone.hears("It's yours")
    page.becomes("lost")
    assert network.offers(referral) == {sam.id: "lost", priya.id: "claimed"}
    assert database.rows("SELECT count(*) FROM claim") == [(1,)]
    ended = "SELECT count(*) FROM call WHERE agent_id = %s AND ended_at IS NULL"
    eventually(lambda: database.rows(ended, sam.id) == [(0,)], "an end of Sam's call, if there was one")
    (kept,) = texts.kept()
    assert kept.answer is None or "Priya was first" in kept.answer


def test_1_waits_for_whoever_holds_the_offer(
    network: Network, product: Product, database: Database, texts: Texts, sam: AgentInTest
) -> None:
    referral, _ = network.offered(sam)
    waits = "SELECT waitstart FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL"
    with somebody_holds(product, network.referral(referral["id"])["offers"][0]["id"]):
        sam.phone.writes("1")
        first = eventually(lambda: database.rows(waits), "somebody who waits")
        eventually(lambda: database.rows(waits) not in ([], first), "a second try")
    sam.phone.rings()
    assert [kept.answer for kept in texts.kept()] == [None]


def test_1_for_which_nobody_had_time_is_asked_for_again_and_works_then(
    network: Network, carrier: Carrier, product: Product, texts: Texts, sam: AgentInTest
) -> None:
    referral, _ = network.offered(sam)
    with somebody_holds(product, network.referral(referral["id"])["offers"][0]["id"]):
        texts.sent(sam.phone, "1")
        sam.phone.gets_text("Please send it again.")
    assert carrier.calls_placed() == 0
    texts.sent(sam.phone, "1")
    sam.phone.rings()


def test_the_same_text_brought_twice_at_once_is_one_call(
    network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest
) -> None:
    network.offered(sam)
    sid = new_sid()
    answers: list[str] = []
    bring = [
        threading.Thread(target=lambda: answers.append(texts.brought(sam.phone, "1", sid=sid).text)) for _ in range(4)
    ]
    for one in bring:
        one.start()
    for one in bring:
        one.join()
    assert len(set(answers)) == 1
    sam.phone.rings()
    assert len(texts.kept()) == carrier.calls_placed() == 1
