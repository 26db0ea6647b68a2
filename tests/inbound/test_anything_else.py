"""Anything else gets one helpful answer, and whoever is no agent none; each text is kept once."""

from typing import Any

import pytest
import requests

from tests.inbound.test_call import DALLAS
from tests.inbound.test_opt_out import NOTHING
from tests.support.carrier.carrier import Carrier
from tests.support.phone.texts import OURS, Texts, new_sid
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

HELLO = "Who is this?"


def test_anything_else_is_answered_with_what_1_and_2_do(network: Network, texts: Texts, sam: AgentInTest) -> None:
    network.offered(sam)
    assert texts.sent(sam.phone, HELLO).meaning == "unclear"
    text = sam.phone.gets_text("Seller in Austin TX: text 1 and we call you")
    assert text.body.endswith("Or text 2 to decline. STOP ends texts.")
    assert text.segments == 1


def test_with_two_open_their_letters_are_named(network: Network, texts: Texts, sam: AgentInTest) -> None:
    network.offered(sam)
    network.offered(sam, kind="buyer", area=DALLAS)
    texts.sent(sam.phone, HELLO)
    assert sam.phone.gets_text("Text 1 and a letter").body == (
        "Text 1 and a letter to be called, 2 and a letter to decline. B: buyer Dallas TX, A: seller Austin TX."
    )


def test_with_none_open_it_says_so(network: Network, texts: Texts, sam: AgentInTest) -> None:
    texts.sent(sam.phone, HELLO)
    assert sam.phone.gets_text("Dibs here. You have no open referral right now.").segments == 1


def test_two_machines_do_not_talk_to_each_other_for_ever(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    answer = texts.brought(sam.phone, "I'm driving and will answer later").text
    assert "<Message>" in answer
    for _ in range(3):
        assert texts.brought(sam.phone, "I'm driving and will answer later").text == NOTHING
    assert [kept.answer is None for kept in texts.kept()] == [False, True, True, True]
    database.time_passes(minutes=59)
    assert texts.brought(sam.phone, "I'm driving and will answer later").text == NOTHING
    database.time_passes(minutes=2)
    assert texts.brought(sam.phone, "I'm driving and will answer later").text == answer


def test_each_agent_is_helped_once_and_1_works_all_the_while(network: Network, texts: Texts, sam: AgentInTest) -> None:
    priya = network.add_agent("Priya Raman")
    network.offered(sam)
    texts.sent(sam.phone, HELLO)
    assert texts.sent(priya.phone, HELLO).answer is not None
    texts.sent(sam.phone, "1")
    sam.phone.rings()


def test_a_picture_is_anything_else(network: Network, texts: Texts, sam: AgentInTest) -> None:
    answer = texts.brought(sam.phone, "", NumMedia="1", MediaContentType0="image/jpeg")
    assert "no open referral" in answer.text
    assert [(kept.meaning, kept.body) for kept in texts.kept()] == [("unclear", "")]


def test_a_strangers_text_is_kept_and_answered_with_nothing(
    network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest
) -> None:
    network.offered(sam)
    stranger = carrier.phone("+15125559111")
    for body in ("1", "2", HELLO, "STOP", "START"):
        assert texts.brought(stranger, body).text == NOTHING
    assert [(kept.phone, kept.agent_id, kept.answer) for kept in texts.kept()] == [(stranger.number, None, None)] * 5
    assert carrier.calls_placed() == 0


def test_a_clients_text_is_kept_and_answered_with_nothing(
    network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest
) -> None:
    referral, _ = network.offered(sam)
    assert texts.sent(network.client_phone(referral), "1").agent_id is None
    assert carrier.calls_placed() == 0


def test_a_phone_that_serves_one_offer_is_not_the_agents_own(
    network: Network, carrier: Carrier, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    network.offered(sam)
    database.rows("UPDATE offer SET phone = '+15125559112', phone_at = now() RETURNING 1")
    assert texts.brought(carrier.phone("+15125559112"), "1").text == NOTHING
    assert texts.kept()[0].agent_id is None


@pytest.mark.parametrize("body", ["1", "2", HELLO, "1Q"])
def test_a_text_brought_again_gets_the_same_answer_and_does_nothing_again(
    network: Network, texts: Texts, database: Database, sam: AgentInTest, body: str
) -> None:
    _, page = network.offered(sam)
    sid = new_sid()
    first = texts.brought(sam.phone, body, sid=sid)
    if body == "2":
        page.press("undo")
    if body == "1":
        sam.phone.rings().decline().is_over()
    before: list[Any] = database.rows("SELECT * FROM inbound_text")
    again = texts.brought(sam.phone, body, sid=sid)
    assert (again.status_code, again.text) == (200, first.text)
    assert database.rows("SELECT * FROM inbound_text") == before
    assert database.rows("SELECT decline_at FROM offer") == [(None,)]
    assert database.rows("SELECT count(*) FROM call") == [(1 if body == "1" else 0,)]


def test_only_the_carrier_brings_texts(network: Network, product: Product, texts: Texts, sam: AgentInTest) -> None:
    form = {"MessageSid": new_sid(), "From": sam.phone.number, "To": OURS, "Body": "1"}
    for headers in ({}, {"X-Twilio-Signature": "bm90aGluZw=="}):
        answer = requests.post(f"{product.url}/hooks/twilio/sms", form, headers=headers, timeout=10)
        assert answer.status_code == 403
    assert texts.kept() == []


@pytest.mark.parametrize("form", [{"MessageSid": ""}, {"MessageSid": "S" * 35}, {"From": ""}])
def test_a_text_without_its_name_or_sender_is_no_text(
    network: Network, hooks: Any, texts: Texts, form: dict[str, str]
) -> None:
    whole = {"MessageSid": new_sid(), "From": "+15125559111", "To": OURS, "Body": "1"}
    assert hooks.post("sms", **{**whole, **form}).status_code == 404
    assert texts.kept() == []


def test_a_text_of_any_length_and_of_odd_characters_is_kept(
    network: Network, texts: Texts, carrier: Carrier, sam: AgentInTest
) -> None:
    odd = "\x00\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") + "é" * 3000
    assert texts.brought(sam.phone, odd).status_code == 200
    assert texts.brought(carrier.phone("whatsapp:+15125559113333333"), "1").status_code == 200
    first, second = texts.kept()
    assert (len(first.body), first.meaning) == (1600, "unclear")
    assert (len(second.phone), second.agent_id) == (20, None)
