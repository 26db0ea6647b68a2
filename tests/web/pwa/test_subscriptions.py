"""Which browsers take push messages: told by their pages, checked, and kept for one agent."""

import base64
from typing import Any

import pytest
from flask import render_template

from app import create_app
from app.config import load_settings
from tests.support.browser.browser import Visitor
from tests.support.browser.device import encoded, new_keys
from tests.support.browser.sign_in import signed_in
from tests.support.browser.subscriptions import Rows, endpoint, rows, subscribes, switched_off
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product


def test_a_browser_is_kept_under_a_name_its_owner_knows(visitor: Visitor, product: Product, connection: Rows) -> None:
    assert subscribes(visitor, endpoint(product)).json() == {"device": "Chrome on Android"}
    assert rows(connection) == [(endpoint(product), "Chrome on Android", None)]


def test_subscribing_again_switches_the_channel_on(
    visitor: Visitor, sam: AgentInTest, product: Product, connection: Rows
) -> None:
    switched_off(connection, sam)
    assert subscribes(visitor, endpoint(product)).ok
    assert connection.execute("SELECT off_at FROM agent_channel").fetchall() == [(None,)]


def test_a_browser_has_the_account_that_signed_in_last(
    network: Network, visitor: Visitor, product: Product, connection: Rows
) -> None:
    subscribes(visitor, endpoint(product))
    priya = signed_in(product.url, network.add_agent("Priya Raman"))
    subscribes(priya, endpoint(product))
    assert [reason for _, _, reason in rows(connection)] == ["moved", None]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/push", "http://fcm.googleapis.com/x", "https://127.0.0.1:8001/push/x", "http://localhost/x",
        "http://127.0.0.1:1/push/x", "ftp://127.0.0.1/", "", 5, None, "https://fcm.googleapis.com/x",
    ],
)  # fmt: skip
def test_endpoints_elsewhere_are_refused(visitor: Visitor, connection: Rows, elsewhere: Any) -> None:
    answer = subscribes(visitor, elsewhere)
    assert (answer.status_code, answer.json()) == (422, {"field": "endpoint"})
    assert rows(connection) == []


OFF_THE_CURVE = encoded(b"\x04" + b"\x01" * 64)
POINT = new_keys()["p256dh"]


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        (None, "keys"), ({}, "keys.p256dh"), ({"p256dh": POINT}, "keys.auth"),
        ({"p256dh": OFF_THE_CURVE, "auth": "A" * 22}, "keys.p256dh"),
        ({"p256dh": POINT[:-4], "auth": "A" * 22}, "keys.p256dh"),
        ({"p256dh": "é" * 87, "auth": "A" * 22}, "keys.p256dh"),
        ({"p256dh": "A" * 60000, "auth": "A" * 22}, "keys.p256dh"),
        ({"p256dh": POINT, "auth": "A" * 21}, "keys.auth"), ({"p256dh": POINT, "auth": [1]}, "keys.auth"),
    ],
)  # fmt: skip
def test_keys_that_are_none_are_refused(
    visitor: Visitor, product: Product, connection: Rows, keys: Any, field: str
) -> None:
    answer = subscribes(visitor, endpoint(product), keys=keys)
    assert (answer.status_code, answer.json()) == (422, {"field": field})
    assert rows(connection) == []


@pytest.mark.parametrize("body", ["", "[]", "null", '"x"', "{", "5"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_is_no_subscription_is_refused(visitor: Visitor, connection: Rows, body: str, method: str) -> None:
    assert visitor.send(method, "/push/subscriptions", body).status_code == 422
    assert rows(connection) == []


def test_padded_keys_are_the_same_keys(visitor: Visitor, product: Product, connection: Rows) -> None:
    keys = new_keys()
    padded = {
        name: base64.urlsafe_b64encode(base64.urlsafe_b64decode(key + "==")).decode() for name, key in keys.items()
    }
    for each in (keys, padded):
        assert subscribes(visitor, endpoint(product), keys=each).ok
    assert len(rows(connection)) == 1


def test_the_eleventh_browser_takes_the_place_of_the_one_not_seen_for_longest(
    visitor: Visitor, product: Product, connection: Rows
) -> None:
    for number in range(10):
        subscribes(visitor, endpoint(product, f"browser-{number}"))
    connection.execute("UPDATE push_subscription SET seen_at = now() - interval '1 year' WHERE endpoint LIKE '%-4'")
    subscribes(visitor, endpoint(product, "browser-10"))
    assert [reason for _, _, reason in rows(connection)] == [None] * 4 + ["turned_off"] + [None] * 6


def test_another_site_cannot_subscribe_anybody(visitor: Visitor, product: Product, connection: Rows) -> None:
    body = {"endpoint": endpoint(product), "keys": new_keys()}
    assert visitor.send("POST", "/push/subscriptions", body, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert rows(connection) == []


def test_admins_have_nothing_to_be_told(network: Network, product: Product) -> None:
    boss = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    assert subscribes(boss, endpoint(product)).status_code == 404


def test_without_a_key_there_is_no_push(network: Network, product: Product) -> None:
    real = {"DIBS_ENV": "production", "SECRET_KEY": "a key of a real network", "MAIL_FROM": "a@dibs.example"}
    app = create_app(load_settings({**product.env, **real}))
    with app.test_request_context("/"):
        for part in ("web/portal/notices/push.html", "web/portal/push_part.html"):
            assert render_template(part) == ""
        assert 'data-push-key=""' in render_template("web/device_scripts.html")
