"""The carrier answers STOP, START and HELP itself, and the product only hears of it."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from sandbox.rest.errors import MESSAGES
from sandbox.sms.inbound import HELP_WORDS, START_WORDS, STOP_WORDS
from tests.sandbox.account import OURS, PHONE, client
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents

HOOK = "/hooks/twilio/sms"
SILENT = "<Response/>"


def hears_of(documents: Documents, body: str) -> None:
    """Waits until the product has heard of this text."""
    assert documents.asked(HOOK).params["Body"] == body


def told_all(carrier: Carrier) -> None:
    carrier.wait(lambda s: s["reporting"] == 0, "the end of the text")


@pytest.mark.parametrize(
    ("word", "answer"),
    [*((word, "You have successfully been unsubscribed") for word in sorted(STOP_WORDS)),
     *((word, "You have successfully been re-subscribed") for word in sorted(START_WORDS)),
     *((word, "Reply STOP to unsubscribe. Msg&Data Rates May Apply.") for word in sorted(HELP_WORDS)),
     (" stop \n", "You have successfully been unsubscribed")],
)  # fmt: skip
def test_the_carrier_answers_and_the_product_hears_of_it(
    carrier: Carrier, documents: Documents, word: str, answer: str
) -> None:
    documents.write(HOOK)
    phone = carrier.phone(PHONE)
    phone.writes(word)
    text = phone.gets_text(answer)
    assert (text.raw["sender"], text.raw["by_carrier"], text.raw["direction"]) == (OURS, True, "outbound-reply")
    hears_of(documents, word)
    told_all(carrier)
    assert len(phone.texts()) == 1
    assert carrier.state()["errors"] == []


@pytest.mark.parametrize("words", ["STOP please", "1", "please stop", "YES I do"])
def test_it_answers_one_word_alone(carrier: Carrier, documents: Documents, words: str) -> None:
    documents.write(HOOK, "<Message>Reply 1 to be called.</Message>")
    phone = carrier.phone(PHONE)
    phone.writes(words)
    assert phone.gets_text().body == "Reply 1 to be called."
    assert len(phone.texts()) == 1
    assert carrier.state()["errors"] == []


def test_who_has_opted_out_gets_nothing_until_start(carrier: Carrier, documents: Documents) -> None:
    documents.write(HOOK)
    phone, messages = carrier.phone(PHONE), client(carrier).messages
    phone.writes("STOP")
    with pytest.raises(TwilioRestException) as refused:
        messages.create(to=PHONE, from_=OURS, body="Hello")
    assert (refused.value.status, refused.value.code) == (400, 21610)
    phone.writes("UNSTOP")
    messages.create(to=PHONE, from_=OURS, body="Hello again")
    phone.gets_text("Hello again")
    told_all(carrier)


def test_an_answer_after_the_carriers_own_is_an_error(carrier: Carrier, documents: Documents) -> None:
    documents.write(HOOK, "<Message>How can we help?</Message>")
    phone = carrier.phone(PHONE)
    phone.writes("HELP")
    told_all(carrier)
    (error,) = carrier.state()["errors"]
    assert "the carrier answers HELP itself" in error


@pytest.mark.parametrize("words", ["STOP", "1"])
def test_an_answer_to_who_has_opted_out_is_an_error_and_does_not_arrive(
    carrier: Carrier, documents: Documents, words: str
) -> None:
    documents.write(HOOK)
    phone = carrier.phone(PHONE)
    phone.writes("STOP")
    told_all(carrier)
    documents.write(HOOK, "<Message>Sorry to see you go.</Message>")
    phone.writes(words)
    told_all(carrier)
    (error,) = carrier.state()["errors"]
    assert "21610" in error
    assert phone.texts("Sorry") == []


@pytest.mark.parametrize("code", [21614, 21610, 21635])
def test_a_handset_can_refuse_texts(carrier: Carrier, code: int) -> None:
    carrier.act("phones", number=PHONE, delivery=f"refuse:{code}")
    with pytest.raises(TwilioRestException) as refused:
        client(carrier).messages.create(to=PHONE, from_=OURS, body="Hello")
    assert (refused.value.status, refused.value.code) == (400, code)
    assert MESSAGES[code][1] in refused.value.msg
    assert carrier.phone(PHONE).texts() == []


@pytest.mark.parametrize("delivery", ["refuse:99999", "refuse:", "never"])
def test_it_refuses_with_known_codes_only(carrier: Carrier, delivery: str) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        carrier.act("phones", number=PHONE, delivery=delivery)


def test_a_name_given_early_is_on_the_handset_once_that_appears(carrier: Carrier) -> None:
    carrier.phone("+15125551001").behaves("busy")
    carrier.act("names", **{PHONE: "Maria Delgado", "+15125551001": "Sam Ortiz"})
    client(carrier).messages.create(to=PHONE, from_=OURS, body="Hello")
    assert {p["number"]: p["label"] for p in carrier.state()["phones"]} == {
        PHONE: "Maria Delgado", "+15125551001": "Sam Ortiz",
    }  # fmt: skip
