"""Which browsers take push messages: told by their pages, kept for one agent, and ended."""

import base64
import re
from typing import Any

import psycopg
import pytest
import requests
from flask import render_template
from playwright.sync_api import Locator, expect

from app import create_app
from app.config import load_settings
from app.core.vapid import new_private_key
from tests.app.conftest import HandOut
from tests.conftest import flask
from tests.support.browser import Visitor
from tests.support.device import Device, encoded, new_keys, sign_in_link
from tests.support.network import AgentInTest, Network
from tests.support.product import Product

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36"
)
Rows = psycopg.Connection[Any]


@pytest.fixture
def sam(network: Network) -> AgentInTest:
    return network.add_agent()


@pytest.fixture
def visitor(product: Product, sam: AgentInTest) -> Visitor:
    """Sam, signed in on a browser without scripts."""
    return Visitor(product.url).signs_in(sign_in_link(product, sam))


def endpoint(product: Product, name: str = "sams-phone") -> str:
    return f"http://127.0.0.1:{product.sandbox_port}/push/{name}"


def subscribes(visitor: Visitor, address: str, **changed: Any) -> requests.Response:
    body = {"endpoint": address, "expirationTime": None, "keys": new_keys(), **changed}
    return visitor.send("POST", "/push/subscriptions", body, ANDROID)


def rows(connection: Rows) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT endpoint, device, end_reason FROM push_subscription ORDER BY id").fetchall()


def switched_off(connection: Rows, sam: AgentInTest) -> None:
    connection.execute(
        "INSERT INTO agent_channel (agent_id, channel, off_at, off_reason) VALUES (%s, 'push', now(), 'gone')", [sam.id]
    )


def test_a_browser_is_kept_under_a_name_its_owner_knows(visitor: Visitor, product: Product, connection: Rows) -> None:
    assert subscribes(visitor, endpoint(product)).json() == {"device": "Chrome on Android"}
    assert rows(connection) == [(endpoint(product), "Chrome on Android", None)]


def test_subscribing_again_switches_the_channel_on(
    visitor: Visitor, sam: AgentInTest, product: Product, connection: Rows
) -> None:
    switched_off(connection, sam)
    assert subscribes(visitor, endpoint(product)).ok
    assert connection.execute("SELECT off_at FROM agent_channel").fetchall() == [(None,)]


def test_turning_it_off_ends_that_browser_alone(visitor: Visitor, product: Product, connection: Rows) -> None:
    for name in ("phone", "desk"):
        subscribes(visitor, endpoint(product, name))
    for ended in (True, False):
        answer = visitor.send("DELETE", "/push/subscriptions", {"endpoint": endpoint(product, "phone")})
        assert answer.json() == {"ended": ended}
    assert [reason for _, _, reason in rows(connection)] == ["turned_off", None]


def test_nobody_ends_anothers(network: Network, visitor: Visitor, product: Product, connection: Rows) -> None:
    subscribes(visitor, endpoint(product))
    priya = Visitor(product.url).signs_in(sign_in_link(product, network.add_agent("Priya Raman")))
    answer = priya.send("DELETE", "/push/subscriptions", {"endpoint": endpoint(product)})
    assert answer.json() == {"ended": False}
    assert [reason for _, _, reason in rows(connection)] == [None]


def test_a_browser_has_the_account_that_signed_in_last(
    network: Network, visitor: Visitor, product: Product, connection: Rows
) -> None:
    subscribes(visitor, endpoint(product))
    priya = Visitor(product.url).signs_in(sign_in_link(product, network.add_agent("Priya Raman")))
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
        ({"p256dh": "A" * 100000, "auth": "A" * 22}, "keys.p256dh"),
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
        for part in ("web/push_notice.html", "web/push_part.html"):
            assert render_template(part) == ""
        assert 'data-push-key=""' in render_template("web/device_scripts.html")


# What the page does by itself


def test_one_tap_turns_notifications_on(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    assert rows(connection) == []
    phone.turns_push_on()
    assert [(address, reason) for address, _, reason in rows(connection)] == [(f"{phone.endpoint}-1", None)]
    assert phone.complaints == []


def push_at_the_channels(phone: Device) -> Locator:
    """What the page about channels says of this device."""
    phone.page.goto(f"{phone.product.url}/channels")
    return phone.page.locator("[data-push-state]")


def test_it_is_turned_off_and_on_where_the_channels_are(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    part = push_at_the_channels(phone)
    part.get_by_role("button", name="Turn on here").click()
    expect(part).to_have_text(re.compile(r"On for this device\."), use_inner_text=True)
    assert [reason for _, _, reason in rows(connection)] == [None]
    expect(phone.page.get_by_role("button", name="Remove")).to_have_count(1)
    part.get_by_role("button", name="Turn off here").click()
    expect(part).to_have_text(re.compile(r"Off for this device\."), use_inner_text=True)
    assert [reason for _, _, reason in rows(connection)] == ["turned_off"]
    with phone.page.expect_event("load"):
        phone.page.reload()
    assert phone.page.evaluate("localStorage.getItem('push-wanted')") is None, "it stays off"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })", "are blocked on this device"),
        ("delete window.PushManager", "This browser takes no notifications."),
    ],
)
def test_a_browser_that_cannot_is_told_why(sam: AgentInTest, device: HandOut, script: str, words: str) -> None:
    part = push_at_the_channels(device(sam, scripts=[script]))
    expect(part).to_have_text(re.compile(words), use_inner_text=True)
    expect(part.get_by_role("button")).to_have_count(0)


def test_a_page_tells_the_server_of_its_subscription_with_each_load(
    sam: AgentInTest, device: HandOut, connection: Rows
) -> None:
    phone = device(sam)
    phone.turns_push_on()
    connection.execute("TRUNCATE push_subscription CASCADE")  # a backup was played back
    switched_off(connection, sam)
    with phone.page.expect_response("**/push/subscriptions") as told:
        phone.page.reload()
    assert told.value.ok
    assert [address for address, _, _ in rows(connection)] == [f"{phone.endpoint}-1"]
    assert connection.execute("SELECT off_at FROM agent_channel").fetchall() == [(None,)]


def test_a_subscription_that_the_browser_lost_is_made_again(
    sam: AgentInTest, device: HandOut, connection: Rows
) -> None:
    phone = device(sam)
    phone.turns_push_on()
    phone.page.evaluate("localStorage.removeItem('test-push-service')")
    with phone.page.expect_response("**/push/subscriptions"):
        phone.page.reload()
    assert rows(connection)[-1][0] == f"{phone.endpoint}-2"


def test_a_dead_subscription_is_not_kept_but_made_anew(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    phone.turns_push_on()
    connection.execute("UPDATE push_subscription SET ended_at = now(), end_reason = 'gone'")
    with phone.page.expect_response(lambda r: r.url.endswith("/push/subscriptions") and r.status == 200):
        phone.page.reload()
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (f"{phone.endpoint}-1", "gone"), (f"{phone.endpoint}-2", None),
    ]  # fmt: skip


def test_a_new_key_of_ours_makes_browsers_subscribe_anew(
    sam: AgentInTest, device: HandOut, connection: Rows, product: Product
) -> None:
    phone = device(sam)
    phone.turns_push_on()
    with (
        product.web_with(VAPID_PRIVATE_KEY=new_private_key()),
        phone.page.expect_response(
            lambda r: r.url.endswith("/push/subscriptions") and r.request.method == "POST"
        ) as told,
    ):
        phone.page.reload()
    assert told.value.ok
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (f"{phone.endpoint}-1", "turned_off"), (f"{phone.endpoint}-2", None),
    ]  # fmt: skip


def test_a_browser_that_never_said_yes_is_not_subscribed(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    phone.page.reload()
    expect(phone.page.locator("[data-push-notice]")).to_be_visible()
    assert rows(connection) == []


def test_signing_out_ends_this_browsers_subscription_alone(
    sam: AgentInTest, visitor: Visitor, device: HandOut, product: Product, connection: Rows
) -> None:
    subscribes(visitor, endpoint(product, "at-her-desk"))
    phone = device(sam)
    phone.turns_push_on()
    phone.page.get_by_role("button", name="Sign out").click()
    phone.page.wait_for_url("**/sign-in")
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (endpoint(product, "at-her-desk"), None), (f"{phone.endpoint}-1", "signed_out"),
    ]  # fmt: skip
    assert phone.page.evaluate("localStorage.getItem('test-push-service')") is None
    phone.signs_in(sam)
    expect(phone.page.locator("[data-push-notice]")).to_be_visible()


def test_signing_out_without_scripts_ends_it_as_well(visitor: Visitor, product: Product, connection: Rows) -> None:
    subscribes(visitor, endpoint(product))
    visitor.post("/sign-out")
    assert [reason for _, _, reason in rows(connection)] == ["signed_out"]


def test_a_subscription_that_the_service_replaced_is_told_by_the_worker(
    sam: AgentInTest, device: HandOut, connection: Rows
) -> None:
    phone: Device = device(sam)
    phone.turns_push_on()
    new = {"endpoint": f"{phone.endpoint}-new", "expirationTime": None, "keys": new_keys()}
    phone.is_in_charge().evaluate(
        """async ([old, made]) => {
          const event = new Event("pushsubscriptionchange");
          event.oldSubscription = { endpoint: old, options: {} };
          let done;
          event.waitUntil = (promise) => { done = promise; };
          self.registration.pushManager.constructor.prototype.subscribe = async () => made;
          self.dispatchEvent(event);
          await done;
        }""",
        [f"{phone.endpoint}-1", new],
    )
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (f"{phone.endpoint}-1", "turned_off"), (f"{phone.endpoint}-new", None),
    ]  # fmt: skip
