"""The push service takes what a real one takes, refuses what it refuses, and reads messages as a browser does."""

import json
import time
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from pywebpush import WebPushException

from sandbox.push.browsers import Browser, Undecipherable, decode
from tests.sandbox.sender import Sender, sealed
from tests.support.carrier.carrier import Carrier

OFFER = {
    "kind": "offer", "title": "Seller in Austin, 78704", "body": "About $600k. Señora Muñoz.", "url": "/o/TOKEN",
    "tag": "offer-1", "badge": 2,
    "actions": [{"action": "call", "title": "Call me"}, {"action": "decline", "title": "Decline"}],
}  # fmt: skip
RFC_BROWSER = Browser("rfc-8291", "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BTBZMqHH6r4Tts7J_aSIgg")
RFC_BODY = decode(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
    "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_rfc_8291_is_read() -> None:
    assert RFC_BROWSER.p256dh == (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    assert RFC_BROWSER.decrypt(RFC_BODY) == "When I grow up, I want to be a watermelon"


@pytest.mark.parametrize(
    "body", [b"", RFC_BODY[:20], RFC_BODY[:60], RFC_BODY[:-1], RFC_BODY[:-1] + b"x", b"\0" * 200, RFC_BODY[:16] * 9]
)
def test_anything_else_is_not(body: bytes) -> None:
    with pytest.raises(Undecipherable):
        RFC_BROWSER.decrypt(body)


def test_what_the_library_sends_arrives_in_clear(carrier: Carrier) -> None:
    sender = Sender()
    phone = carrier.subscriber("Sam Ortiz", server_key=sender.key)
    answer = sender.webpush(phone.subscription, json.dumps(OFFER), Urgency="high", Topic="offer-1")
    assert answer.status_code == 201
    assert answer.headers["Location"].startswith(carrier.url)
    got = phone.gets_push("Seller in Austin")
    assert (got.payload, got.ttl, got.urgency, got.topic) == (OFFER, 60, "high", "offer-1")
    assert carrier.state()["errors"] == []
    assert carrier.state()["requests"] == [], "which are Twilio's"


def test_a_browser_without_a_key_of_its_choice_takes_anybodys(carrier: Carrier) -> None:
    phone = carrier.subscriber()
    assert Sender().webpush(phone.subscription, "{}").status_code == 201
    assert phone.gets_push().urgency == "normal"


def test_the_largest_message_is_taken_and_a_larger_one_is_not(carrier: Carrier) -> None:
    phone, room = carrier.subscriber(), 4096 - 86 - 17
    sender = Sender()
    body = sealed(phone, b'"' + b"x" * (room - 2) + b'"')
    assert len(body) == 4096
    assert sender.posts(phone, body=sealed(phone, b'"' + b"x" * (room - 3) + b'"')).status_code == 201
    assert sender.posts(phone, body=body + b"x").status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": None}, 401),
        ({"Authorization": "WebPush eyJ0.eyJ9.abc"}, 401),
        ({"Authorization": "vapid t=eyJ0.eyJ9.abc"}, 401),
        ({"Authorization": "vapid t=eyJ0.eyJ9.abc, k=BBBB"}, 403),
        ({"TTL": None}, 400),
        ({"TTL": "soon"}, 400),
        ({"TTL": "-1"}, 400),
        ({"Urgency": "urgent"}, 400),
        ({"Topic": "x" * 33}, 400),
        ({"Topic": "offer 1"}, 400),
        ({"Content-Encoding": None}, 400),
        ({"Content-Encoding": "aesgcm"}, 400),
        ({"Content-Type": None}, 400),
        ({"Content-Type": "application/json"}, 400),
    ],
    ids=str,
)
def test_a_header_that_is_wrong_is_refused(carrier: Carrier, headers: dict[str, str | None], status: int) -> None:
    phone = carrier.subscriber()
    answer = Sender().posts(phone, headers=headers)
    assert (answer.status_code, bool(answer.json()["reason"])) == (status, True)
    assert phone.pushes() == []


@pytest.mark.parametrize(
    "claims",
    [{"aud": "https://push.example"}, {"aud": None}, {"exp": -1}, {"exp": None}, {"exp": 24 * 3600 + 60},
     {"sub": None}, {"sub": "operator@dibs.example"}],
    ids=str,
)  # fmt: skip
def test_a_claim_that_does_not_hold_is_refused(carrier: Carrier, claims: dict[str, Any]) -> None:
    phone = carrier.subscriber()
    assert Sender().posts(phone, claims=claims).status_code == 403
    assert phone.pushes() == []


def test_a_claim_of_a_whole_day_holds(carrier: Carrier) -> None:
    assert Sender().posts(carrier.subscriber(), claims={"exp": 24 * 3600}).status_code == 201


def test_somebody_elses_signature_and_somebody_elses_browser_are_refused(carrier: Carrier) -> None:
    ours, theirs = Sender(), Sender()
    phone = carrier.subscriber(server_key=ours.key)
    assert theirs.posts(phone).status_code == 403
    assert theirs.posts(phone, key=ours.key).status_code == 403
    assert ours.posts(phone).status_code == 201


def test_nobody_who_subscribed_is_404_and_one_who_left_is_410(carrier: Carrier) -> None:
    sender, stays, left, lost = Sender(), *(carrier.subscriber(name) for name in ("stays", "left", "lost"))
    left.is_gone()
    lost.is_gone(404)
    assert [sender.posts(phone).status_code for phone in (stays, left, lost)] == [201, 410, 404]
    carrier.reset()
    assert sender.posts(stays).status_code == 404
    with pytest.raises(WebPushException):
        sender.webpush(stays.subscription, "{}")


def test_a_newer_push_replaces_the_one_with_the_same_topic(carrier: Carrier) -> None:
    sender, phone, other = Sender(), carrier.subscriber("one"), carrier.subscriber("other")
    for subscriber, text, topic in [(phone, "1", "a"), (phone, "2", "b"), (other, "3", "a"), (phone, "4", "a")]:
        sender.posts(subscriber, body=sealed(subscriber, text.encode()), headers={"Topic": topic})
    for _ in range(2):
        sender.posts(phone, body=sealed(phone, b"5"))
    pushes = {p["data"]: p["replaced"] for p in carrier.state()["pushes"]}
    assert pushes == {"1": True, "2": False, "3": False, "4": False, "5": False}
    assert [push.payload for push in phone.pushes()] == [1, 2, 4, 5, 5]


@pytest.mark.parametrize("fault", ["another browser's", "two records", "no message at all"])
def test_what_a_browser_would_drop_is_taken_and_shown_as_an_error(carrier: Carrier, fault: str) -> None:
    phone, other = carrier.subscriber("Sam Ortiz"), carrier.subscriber()
    keys = phone.subscription["keys"]
    small = http_ece.encrypt(
        b"x" * 40, private_key=generate_private_key(SECP256R1()), dh=decode(keys["p256dh"]),
        auth_secret=decode(keys["auth"]), rs=48,
    )  # fmt: skip
    body = {"another browser's": sealed(other, b"{}"), "two records": small, "no message at all": b"hello"}[fault]
    assert Sender().posts(phone, body=body).status_code == 201
    assert phone.pushes() == []
    (error,) = carrier.state()["errors"]
    assert error.startswith("push to Sam Ortiz: the browser drops it")


def test_a_push_that_only_a_phone_awake_would_get_is_an_error_one_can_see(carrier: Carrier) -> None:
    phone = carrier.subscriber("Sam Ortiz")
    assert Sender().posts(phone, headers={"TTL": "0"}).status_code == 201
    assert phone.gets_push().ttl == 0
    assert "TTL 0" in carrier.state()["errors"][0]


def test_it_can_be_told_to_misbehave(carrier: Carrier) -> None:
    sender, phone = Sender(), carrier.subscriber()
    carrier.behaves(push_errors=[429, 500])
    answers = [sender.posts(phone) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 500, 201]
    assert [answer.headers.get("Retry-After") for answer in answers] == ["1", None, None]
    carrier.behaves(push_slow=0.3)
    began = time.monotonic()
    sender.posts(phone)
    assert time.monotonic() - began >= 0.3
    assert len(phone.pushes()) == 2
