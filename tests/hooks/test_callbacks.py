"""A callback that is not the carrier's, or for a call that is not ours: refused, and nothing is changed."""

from typing import Any

import pytest
import requests
from twilio.request_validator import RequestValidator

from app import create_app
from app.config import load_settings
from app.extensions import db
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import rows
from tests.support.world.waiting import eventually

UNKNOWN = "01900000-0000-7000-8000-000000000000"
OTHER_CALL = {"CallSid": "CA" + "0" * 32, "CallStatus": "completed", "SequenceNumber": "9", "Digits": "1"}
OF_A_CALL = ("menu", "key", "bridge", "client", "status", "fallback")


def signed(product: Product, url: str, params: dict[str, str], token: str = "") -> dict[str, str]:
    """The carrier's signature, or one made with another token."""
    validator = RequestValidator(token or product.env["TWILIO_AUTH_TOKEN"])
    return {"X-Twilio-Signature": str(validator.compute_signature(url, params))}


def referral_that_rings(network: Network) -> dict[str, Any]:
    """A call of ours, which the callbacks could be about."""
    referral, page = network.offered(network.add_agent())
    page.press("call")
    eventually(lambda: network.calls(referral) == ["ringing"], "the call rings")
    return referral


@pytest.mark.parametrize("step", OF_A_CALL)
def test_unsigned_or_wrongly_signed_it_changes_nothing(
    network: Network, carrier: Carrier, product: Product, step: str
) -> None:
    referral = referral_that_rings(network)
    before, counted = network.referral(referral["id"]), rows(product)
    url = f"{product.url}/hooks/twilio/calls/{before['calls'][0]['id']}/{step}"
    elsewhere = signed(product, url + "x", OTHER_CALL)
    for headers in ({}, {"X-Twilio-Signature": "x"}, signed(product, url, OTHER_CALL, "wrong"), elsewhere):
        assert requests.post(url, OTHER_CALL, headers=headers, timeout=10).status_code == 403
    altered = {**OTHER_CALL, "Digits": "2"}
    assert requests.post(url, altered, headers=signed(product, url, OTHER_CALL), timeout=10).status_code == 403
    assert network.referral(referral["id"]) == before
    assert rows(product) == counted


@pytest.mark.parametrize("step", OF_A_CALL)
def test_for_a_call_that_is_unknown_it_is_not_found(
    network: Network, carrier: Carrier, product: Product, step: str
) -> None:
    for call_id in (UNKNOWN, "no-id"):
        url = f"{product.url}/hooks/twilio/calls/{call_id}/{step}"
        answer = requests.post(url, OTHER_CALL, headers=signed(product, url, OTHER_CALL), timeout=10)
        assert answer.status_code == 404
    assert rows(product) == {}


@pytest.mark.parametrize("step", OF_A_CALL)
def test_signed_for_one_call_it_does_nothing_to_another(
    network: Network, carrier: Carrier, product: Product, step: str
) -> None:
    referral = referral_that_rings(network)
    before = network.referral(referral["id"])
    url = f"{product.url}/hooks/twilio/calls/{before['calls'][0]['id']}/{step}"
    assert requests.post(url, OTHER_CALL, headers=signed(product, url, OTHER_CALL), timeout=10).status_code == 404
    assert network.referral(referral["id"]) == before


def test_a_receipt_for_a_message_that_is_unknown(network: Network, carrier: Carrier, product: Product) -> None:
    params = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "delivered"}
    for message_id in (UNKNOWN, "no-id"):
        url = f"{product.url}/hooks/twilio/messages/{message_id}"
        assert requests.post(url, params, timeout=10).status_code == 403
        assert requests.post(url, params, headers=signed(product, url, params), timeout=10).status_code == 404
    assert rows(product) == {}


@pytest.mark.parametrize("wrong", ["CA\x000", "CA" + "0" * 33])
def test_an_id_that_no_database_keeps_is_no_call_or_message_of_ours(
    network: Network, carrier: Carrier, product: Product, wrong: str
) -> None:
    referral = referral_that_rings(network)
    before, counted = network.referral(referral["id"]), rows(product)
    call = f"calls/{before['calls'][0]['id']}"
    asked = [(f"{call}/{step}", {**OTHER_CALL, "CallSid": wrong}) for step in OF_A_CALL]
    asked += [(step, {"CallSid": wrong, "From": "+15125559009"}) for step in ("voice", "pin", "forwarded")]
    asked += [("sms", {"MessageSid": wrong, "From": "+15125559009", "Body": "1"})]
    asked += [("voice", {**OTHER_CALL, "From": "+1512555\x009009"})]
    asked += [(f"messages/{UNKNOWN}", {"MessageSid": wrong, "MessageStatus": "delivered"})]
    for path, params in asked:
        url = f"{product.url}/hooks/twilio/{path}"
        assert requests.post(url, params, headers=signed(product, url, params), timeout=10).status_code == 404, path
    assert network.referral(referral["id"]) == before
    assert rows(product) == counted


@pytest.mark.usefixtures("network")
def test_while_the_token_is_changed_the_old_one_verifies_as_well(product: Product) -> None:
    env = product.env | {"TWILIO_AUTH_TOKEN": "the-new-token,the-old-token"}
    app = create_app(load_settings(env))
    client, url = app.test_client(), f"{product.url}/hooks/twilio/voice"
    form = {"CallSid": "CA" + "5" * 32, "From": "+15125559030"}
    for token, status in (("the-new-token", 200), ("the-old-token", 200), ("another-token", 403)):
        answer = client.post("/hooks/twilio/voice", data=form, headers=signed(product, url, form, token))
        assert answer.status_code == status, token
    assert load_settings(env).twilio_auth_token == "the-new-token"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
