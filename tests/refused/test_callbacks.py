"""A callback that is not the carrier's, or for a call that is not ours: refused, and nothing is changed."""

from typing import Any

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.support.carrier import Carrier
from tests.support.network import Network
from tests.support.product import Product
from tests.support.rows import rows
from tests.support.waiting import eventually

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


@pytest.mark.parametrize("step", ["menu", "key", "status", "fallback"])
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
