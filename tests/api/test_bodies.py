"""Requests to the API that are no requests: no JSON, too much of it, no key. Nothing is written."""

import pytest
import requests

from tests.support.world.network import Network, wrong_fields
from tests.support.world.product import Product
from tests.support.world.rows import rows

JSON = "application/json"


def send(network: Network, body: bytes, content_type: str = JSON) -> requests.Response:
    headers = {"Authorization": f"Bearer {network.key}", "Content-Type": content_type}
    return requests.post(f"{network.url}/api/v1/referrals", body, headers=headers, timeout=10)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b'"x"', b"null", b"7", b"{'kind': 'seller'}", b'{"kind": "\xff"}', b"[" * 200_000],
    ids=["empty", "cut", "list", "text", "null", "number", "quotes", "bytes", "brackets"],
)
def test_a_body_that_is_no_json_object(network: Network, product: Product, body: bytes) -> None:
    answer = send(network, body)
    assert (answer.status_code, wrong_fields(answer)) == (400, ["body"])
    assert rows(product) == {}


def test_two_megabytes_of_json(network: Network, product: Product) -> None:
    answer = send(network, b'{"notes": "' + b"y" * 2_000_000 + b'"}')
    assert (answer.status_code, wrong_fields(answer)) == (413, ["body"])
    assert rows(product) == {}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_sent_as_json(network: Network, product: Product, content_type: str) -> None:
    answer = send(network, b'{"kind": "seller"}', content_type)
    assert (answer.status_code, wrong_fields(answer)) == (415, ["body"])
    assert rows(product) == {}


@pytest.mark.parametrize("key", ["", "Bearer", "Bearer wrong", "Basic abc"])
def test_without_a_key_nothing(network: Network, product: Product, key: str) -> None:
    answer = requests.post(
        f"{network.url}/api/v1/teams", json={"name": "A"}, headers={"Authorization": key}, timeout=10
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert rows(product) == {}
    assert answer.headers["Content-Type"] == "application/problem+json"
